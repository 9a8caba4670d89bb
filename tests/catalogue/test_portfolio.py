"""The portfolio: filtered the same at both doors, and all that is filtered as a file."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.public import Description, describe_service, propose_service, set_bands
from doors.web import views
from lifecycle.public import RuleError
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.desk.visits import log_in
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
TABLE = "/admin/services/table.csv"


@pytest.fixture
def world() -> World:
    """A tenant with one service that is live and in a band, and two that are proposed."""
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        chief = made.actor(made.administrator)
        set_bands(lines=["gold | Gold | 99.9"], actor=chief, at=NOW)
        said = Description(name="E-mail", availability_band="gold", owner=made.administrator.email)
        describe_service(service=made.service, said=said, actor=chief, at=NOW)
        propose_service(
            code="maps", said=Description(name="=1+1 Maps", kind="technical"), actor=chief, at=NOW
        )
        propose_service(code="tides", said=Description(name="Tides"), actor=chief, at=NOW)
    return made


def rows(response: Any) -> list[list[str]]:
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert response.streaming
    return list(csv.reader(b"".join(response).decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=proposed", {"maps", "tides"}),
        ("stage=live", {"email"}),
        ("phase=live&stage=proposed", set()),
        ("band=gold", {"email"}),
        ("band=none", {"maps", "tides"}),
        ("band=none&kind=technical", {"maps"}),
        ("owner=none&q=tid", {"tides"}),
    ],
)
def test_page_file_and_api_show_the_same_services(world: World, query: str, found: set[str]) -> None:
    listed = caller(world, role="administrator")("GET", f"portfolio/?{query}").json()["results"]
    assert {row["code"] for row in listed} == found
    chief = log_in(world.administrator)
    query = query if "phase" in query else f"phase=&{query}"
    page = chief.get(f"/admin/services/?{query}").content.decode()
    assert {code for code in ("email", "maps", "tides") if f"/admin/services/{code}/" in page} == found
    assert {row[0] for row in rows(chief.get(f"{TABLE}?{query}"))[1:]} == found


def test_the_file_says_what_the_page_says_and_holds_no_formula(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_BATCH", 1)
    chief = log_in(world.administrator)
    head, maps, email, tides = rows(chief.get(f"{TABLE}?phase="))
    assert head[:4] == ["Code", "Service", "Stage", "Kind"]
    assert maps[:4] == ["maps", "'=1+1 Maps", "Proposed", "Technical"]
    assert email[4:6] + email[7:] == [world.administrator.name, world.administrator.email, "Gold", "99.9"]
    assert tides[4:] == ["", "", "", "", ""]
    page = chief.get("/admin/services/?phase=pipeline&owner=none").content.decode()
    assert "/admin/services/table.csv?phase=pipeline&amp;owner=none" in page


def test_the_file_is_for_whom_the_page_is_and_of_their_tenant(world: World) -> None:
    assert log_in(world.agent).get(TABLE).status_code == 403
    other = build_world("other")
    assert [row[0] for row in rows(log_in(other.administrator).get(f"{TABLE}?phase=&band=gold"))] == ["Code"]


def test_filters_that_are_none_are_refused_by_the_api(world: World) -> None:
    api = caller(world, role="administrator")
    assert api("GET", "portfolio/?stage=dead").status_code == 400


def test_no_band_is_called_none(world: World) -> None:
    with (
        tenant_scope(world.tenant.pk, actor="system:test"),
        pytest.raises(RuleError, match="Use another code"),
    ):
        set_bands(
            lines=["gold | Gold | 99.9", "none | None | 50"], actor=world.actor(world.administrator), at=NOW
        )


def test_the_portfolio_reads_as_much_for_many_as_for_one(world: World) -> None:
    chief, counts = log_in(world.administrator), []
    for more in (0, 20):
        with tenant_scope(world.tenant.pk, actor="system:test"):
            actor = world.actor(world.administrator)
            for number in range(more):
                said = Description(name=f"More {number}", owner=world.agent.email, availability_band="gold")
                propose_service(code=f"more-{number}", said=said, actor=actor, at=NOW)
        chief.get("/admin/services/?phase=")  # the directory is read once
        with CaptureQueriesContext(connection) as asked:
            assert chief.get("/admin/services/?phase=").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= BUDGET["catalogue:portfolio"], counts
