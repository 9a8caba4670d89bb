"""Reports as issued: frozen, opened by their check code, and seen by whom they concern."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.public import ForbiddenError, NotFoundError
from reporting.engine.check_codes import ALPHABET, CheckCodeError, grouped, new_code, parse_code
from reporting.engine.documents import digest_of
from reporting.engine.questions import Month
from reporting.models import Report
from reporting.queries.reports import get_report, issued_reports
from reporting.services.issue import ReportError, issue_report
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.desk.visits import log_in
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.superuser import as_superuser
from tests.support.world import World, build_world

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
NOVEMBER = Month(2026, 11)
NOW = MONDAY_TEN + timedelta(days=4)


@pytest.fixture
def world(db: None) -> World:
    """A tenant with two kept promises, one broken one, and one incident still open."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        for hours in (1, 2, 30):
            resolved_after(built, hours=hours)
        passed_on(built)
        _count()
    return built


def _count() -> None:
    for keys in record_keys(page=100):
        refresh_records(keys=keys, now=NOW)


@pytest.fixture
def inside(world: World) -> Iterator[World]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield world


def _issue(world: World, kind: str = "sla", *, provider: str = "supplier") -> Report:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return issue_report(
            kind=kind,
            month=NOVEMBER,
            provider_id=getattr(world, provider).pk if kind == "supplier" else None,
            actor=world.actor(world.administrator),
            at=NOW,
        )


@time_machine.travel(NOW, tick=False)
def test_a_code_opens_the_figures_as_issued_with_todays_beside_them(world: World) -> None:
    report = _issue(world)
    client = log_in(world.administrator)
    address = f"/reports/check/{grouped(report.check_code)}/"
    body = client.get(address).content.decode()
    assert "Nothing: the same question gives the same figures today." in body
    assert report.sha256 in body
    assert "50.0 %" in body
    with tenant_scope(world.tenant.pk, actor="system:test"):
        resolved_after(world, hours=3)
        _count()
    body = unescape(client.get(address).content.decode())
    row = re.search(r"SLA: resolution: E-mail, Met</th>\s*<td[^>]*>2</td>\s*<td[^>]*>3</td>", body)
    assert row
    assert re.search(r"50\.0 %", body)  # still as issued


def test_what_was_typed_from_paper_is_understood(world: World) -> None:
    report, client = _issue(world), log_in(world.administrator)
    typed = f" {grouped(report.check_code).lower().replace('0', 'o').replace('1', 'l')} "
    answer = client.post("/reports/check/", {"code": typed})
    assert answer.status_code == 302
    assert answer["Location"] == f"/reports/check/{grouped(report.check_code)}/"
    wrong = ALPHABET[(ALPHABET.index(report.check_code[3]) + 1) % 32]
    mistyped = report.check_code[:3] + wrong + report.check_code[4:]
    body = client.post("/reports/check/", {"code": mistyped}).content.decode()
    assert "One of the characters is wrong" in body
    assert f'value="{mistyped}"' in body
    assert (
        "No report that you may see" in client.post("/reports/check/", {"code": new_code()}).content.decode()
    )
    assert client.get(f"/reports/check/{grouped(new_code())}/").status_code == 404
    assert client.get("/reports/check/nonsense/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_tampering_is_named_and_nothing_is_shown() -> None:
    world = build_world()
    report = _issue(world)
    as_superuser(
        "UPDATE reporting_report SET figures = replace(figures, 'SLA', 'XLA') WHERE id = %s", [str(report.pk)]
    )
    client = log_in(world.administrator)
    page = client.get(f"/reports/check/{grouped(report.check_code)}/")
    assert page.status_code == 409
    assert "These are not the figures that were issued" in page.content.decode()
    assert "XLA" not in page.content.decode()
    assert client.get(f"/reports/issued/{report.pk}/report.pdf").status_code == 404


def test_nobody_changes_an_issued_report(inside: World) -> None:
    report = _issue(inside)
    for statement in ("UPDATE reporting_report SET sha256 = ''", "DELETE FROM reporting_report"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert digest_of(Report.objects.get(pk=report.pk).figures) == report.sha256


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "nope"}, "kind"),
        ({"kind": "supplier"}, "provider"),
        ({"month": Month(2027, 1)}, "month"),
        ({"language": "xx"}, "language"),
    ],
)
def test_nonsense_is_refused_by_field(inside: World, asked: dict[str, object], field: str) -> None:
    given_ = {"kind": "sla", "month": NOVEMBER} | asked
    with pytest.raises(ReportError) as error:
        issue_report(**given_, actor=inside.actor(inside.administrator), at=NOW)  # type: ignore[arg-type]
    assert list(error.value.fields) == [field]


def test_only_who_may_schedule_issues(world: World) -> None:
    for member in (world.user, world.agent, world.engineer):
        client = log_in(member)
        assert client.get("/reports/issued/new/").status_code == 403
        assert client.post("/reports/issued/new/", {"kind": "sla", "month": "2026-11"}).status_code == 403
    with tenant_scope(world.tenant.pk, actor="system:test"), pytest.raises(ForbiddenError):
        issue_report(kind="sla", month=NOVEMBER, actor=world.actor(world.agent), at=NOW)


def test_the_form_issues_and_keeps_what_was_typed_on_errors(world: World) -> None:
    client = log_in(world.administrator)
    typed = {"kind": "supplier", "month": "2026-11", "provider": "", "language": "en-gb"}
    page = client.post("/reports/issued/new/", typed)
    assert page.status_code == 422
    assert "Choose the supplier that the report is about." in page.content.decode()
    assert 'value="2026-11"' in page.content.decode()
    page = client.post("/reports/issued/new/", typed | {"provider": str(world.supplier.pk)}, follow=True)
    assert page.status_code == 200
    assert "Supplier report: Network Co, November 2026" in page.content.decode()
    listed = client.get("/reports/issued/").content.decode()
    urls = re.findall(r'href="(/reports/issued/[^"]+report\.(?:pdf|xlsx))"', listed)
    assert len(urls) == 2
    starts = [client.get(url).content[:4] for url in urls]
    assert starts == [b"%PDF", b"PK\x03\x04"]


def test_a_suppliers_people_see_the_reports_about_their_provider_only(world: World) -> None:
    own = _issue(world, "supplier")
    others = [_issue(world), _issue(world, "supplier", provider="desk_provider")]
    client = log_in(world.engineer)
    body = client.get("/reports/issued/").content.decode()
    assert grouped(own.check_code) in body
    assert client.get(f"/reports/check/{grouped(own.check_code)}/").status_code == 200
    assert client.get(f"/reports/issued/{own.pk}/report.pdf").status_code == 200
    for other in others:
        assert grouped(other.check_code) not in body
        assert client.get(f"/reports/check/{grouped(other.check_code)}/").status_code == 404
        assert client.get(f"/reports/issued/{other.pk}/report.pdf").status_code == 404
        assert client.get(f"/reports/issued/{other.pk}/report.xlsx").status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        engineer = world.actor(world.engineer)
    with enter_scope(engineer.scope()):
        # By the database alone, whatever the application asks for.
        assert list(Report.objects.values_list("pk", flat=True)) == [own.pk]


def test_another_tenant_sees_none_of_it(world: World) -> None:
    report, twin = _issue(world), build_world("rivers")
    client = log_in(twin.administrator)
    assert grouped(report.check_code) not in client.get("/reports/issued/").content.decode()
    assert client.get(f"/reports/check/{grouped(report.check_code)}/").status_code == 404
    assert client.get(f"/reports/issued/{report.pk}/report.pdf").status_code == 404
    with tenant_scope(twin.tenant.pk, actor="system:test"), pytest.raises(NotFoundError):
        get_report(twin.actor(twin.administrator), report.pk)


def test_reports_need_a_log_in_and_the_permission(world: World, client: object) -> None:
    report = _issue(world)
    for path in ("issued/", "check/", f"check/{grouped(report.check_code)}/"):
        assert client.get(f"/reports/{path}").status_code == 302  # type: ignore[attr-defined]
        assert log_in(world.user).get(f"/reports/{path}").status_code == 403
    with tenant_scope(world.tenant.pk, actor="system:test"), pytest.raises(ForbiddenError):
        issued_reports(world.actor(world.user))


@pytest.mark.parametrize(
    ("name", "path"),
    [("reporting:issued", "/reports/issued/"), ("reporting:schedules", "/reports/schedules/")],
)
def test_lists_keep_their_budget(world: World, name: str, path: str) -> None:
    for _ in range(3):
        _issue(world)
    client = log_in(world.administrator)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    assert len(seen) == BUDGET[name], [query["sql"][:120] for query in seen]


@given(place=st.integers(0, 19), other=st.integers(1, 31))
def test_one_wrong_character_is_always_noticed(place: int, other: int) -> None:
    code = new_code()
    wrong = ALPHABET[(ALPHABET.index(code[place]) + other) % 32]
    with pytest.raises(CheckCodeError):
        parse_code(code[:place] + wrong + code[place + 1 :])


def test_codes_are_read_back_and_do_not_repeat() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(parse_code(grouped(code).lower()) == code for code in codes)
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", grouped(c)) for c in codes)
