"""Issued reports over the API: the same as the pages', and no more than the caller may see."""

import pytest

from reporting.engine.questions import Month
from reporting.services.issue import issue_report
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.reporting.lives import MONDAY_TEN
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
ASKED = {"kind": "supplier", "month": "2026-11", "provider": "network-co"}


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_report_is_issued_listed_read_and_downloaded(world: World) -> None:
    call = caller(world, role="administrator")
    made = call("POST", "reports/", ASKED)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["provider"], row["month"], len(row["check_code"])) == ("network-co", "2026-11", 23)
    assert [each["id"] for each in call("GET", "reports/").json()["results"]] == [row["id"]]
    whole = call("GET", made["Location"].removeprefix("/api/v1/")).json()
    assert whole["figures"]["title"] == row["title"] == "Supplier report: Network Co, November 2026"
    for ending, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = call("GET", f"reports/{row['id']}/{ending}/")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
    again = call("GET", f"reports/{row['id']}/pdf/")
    assert again.content == call("GET", f"reports/{row['id']}/pdf/").content


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"month": "soon"}, 400, "month"),
        ({"month": "2099-01"}, 422, "month"),
        ({"provider": "nope"}, 400, "provider"),
        ({"provider": ""}, 400, "provider"),
        ({"kind": "sla"}, 422, "provider"),
    ],
)
def test_nonsense_is_refused_by_field(world: World, changes: dict[str, str], status: int, field: str) -> None:
    answer = caller(world, role="administrator")("POST", "reports/", ASKED | changes)
    assert answer.status_code == status, answer.content
    assert field in str(answer.json())


def test_a_suppliers_client_reads_its_own_and_issues_none(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        own, other = (
            issue_report(
                kind="supplier",
                month=Month(2026, 11),
                provider_id=provider.pk,
                actor=world.actor(world.administrator),
                at=MONDAY_TEN,
            )
            for provider in (world.supplier, world.desk_provider)
        )
    call = caller(world, provider="supplier", role="supplier-system")
    assert [each["id"] for each in call("GET", "reports/").json()["results"]] == [str(own.pk)]
    assert call("GET", f"reports/{own.pk}/pdf/").status_code == 200
    for ending in ("", "pdf/", "xlsx/"):
        assert call("GET", f"reports/{other.pk}/{ending}").status_code == 404
    assert call("POST", "reports/", ASKED).status_code == 403
    twin = caller(build_world("rivers"), role="administrator")
    assert twin("GET", f"reports/{own.pk}/").status_code == 404
