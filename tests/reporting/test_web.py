"""The dashboards' pages: who is let in, that numbers open what they count, and how many reads they take."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reporting.engine.boards import BOARDS
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
MONTHS = "from=2026-11&to=2026-11"
_NUMBER = re.compile(r'href="(/reports/numbers/[^"]+)"\s+aria-label="([^"]*): ([^"]*)"')


@pytest.fixture
def world() -> World:
    """A tenant with two kept promises, one broken one, and one incident still open."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        for hours in (1, 2, 30):
            resolved_after(built, hours=hours)
        passed_on(built)
        for keys in record_keys(page=100):
            refresh_records(keys=keys, now=MONDAY_TEN + timedelta(days=4))
    return built


def _body(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("code", BOARDS)
def test_every_number_opens_as_many_records_as_it_says(world: World, code: str) -> None:
    """Every link of every cell of a board, in every breakdown: the sum of the listed amounts is the number."""
    client = log_in(world.administrator)
    opened = 0
    for by in BOARDS[code].by:
        body = _body(client, f"/reports/{code}/?{MONTHS}&by={by}")
        for url, label, text in _NUMBER.findall(body):
            if not re.fullmatch(r"[\d,]+", text):
                continue
            detail = _body(client, unescape(url))
            amounts = re.findall(r'app-figures__number">\s*([\d,]+)\s*</td>', detail)
            assert sum(int(each) for each in amounts) == int(text), (url, label)
            assert f"<strong>{text}</strong>" in detail
            opened += 1
    assert opened or code == "ola"


def test_a_ratio_opens_both_of_its_sums_with_formula_exclusions_and_definitions(world: World) -> None:
    body = _body(log_in(world.administrator), f"/reports/numbers/sla.resolution.rate/?{MONTHS}")
    assert "<strong>50.0 %</strong>" in body  # two kept; two broken, one of them still open
    for text in (
        "How “SLA resolution met” is counted",
        "Left out: Clocks superseded",
        "resolution-rest (from 2015-01-01)",
    ):
        assert text in body


def test_no_data_is_no_per_cent(world: World) -> None:
    body = _body(log_in(world.administrator), "/reports/sla/?from=2020-01&to=2020-02")
    assert "No data" in body
    assert " %" not in body


def test_nonsense_in_the_address_is_named_and_the_rest_answered(world: World) -> None:
    body = _body(log_in(world.administrator), "/reports/sla/?from=tomorrow&to=2026-11&service=nope&by=magic")
    assert "is not a month: write it like 2026-03" in unescape(body)
    assert "“nope” is not known here" in body
    assert "SLA: resolution" in body


@pytest.mark.parametrize("path", ["/reports/", "/reports/sla/", "/reports/numbers/records.opened/"])
def test_end_users_are_told_the_role(world: World, path: str) -> None:
    page = log_in(world.user).get(path)
    assert page.status_code == 403
    assert "E-mail" not in page.content.decode()


@pytest.mark.parametrize("path", ["/reports/nope/", "/reports/numbers/nope/"])
def test_what_does_not_exist_is_not_found(world: World, path: str) -> None:
    assert log_in(world.administrator).get(path).status_code == 404


def test_a_supplier_sees_its_own_figures_and_records_only(world: World) -> None:
    engineer = log_in(world.engineer)
    body = _body(engineer, f"/reports/suppliers/?{MONTHS}&by=provider")
    assert "Network Co" in body
    assert "Desk Partner" not in body
    assert "Desk Partner" not in _body(engineer, f"/reports/suppliers/?{MONTHS}&provider=desk-partner")
    # Asked for another's, they get their own: there are no others for them.
    asked, own = (
        re.findall(r"INC\d{7}</a>", _body(engineer, f"/reports/numbers/held/?{MONTHS}&provider={code}"))
        for code in ("desk-partner", "network-co")
    )
    assert asked == own
    assert len(own) == 3


def test_another_tenant_sees_none_of_it(world: World) -> None:
    twin = build_world("rivers")
    body = _body(log_in(twin.administrator), f"/reports/workload/?{MONTHS}")
    assert "No data" in body
    assert "INC" not in _body(log_in(twin.administrator), f"/reports/numbers/records.opened/?{MONTHS}")
    assert "INC" in _body(log_in(world.administrator), f"/reports/numbers/records.opened/?{MONTHS}")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("reporting:index", "/reports/"),
        ("reporting:board", f"/reports/sla/?{MONTHS}&by=service&provider=network-co"),
        ("reporting:number", f"/reports/numbers/sla.resolution.rate/?{MONTHS}"),
    ],
)
def test_pages_keep_their_budget(world: World, name: str, path: str) -> None:
    client = log_in(world.administrator)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    assert len(seen) == BUDGET[name], [query["sql"][:120] for query in seen]
