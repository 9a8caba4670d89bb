"""Figures over the API: the same as the pages', and no more than the caller may see."""

from datetime import timedelta

import pytest

from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONTHS = "from=2026-11&to=2026-11"


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


def test_a_board_says_what_its_page_says(world: World) -> None:
    call = caller(world)
    assert [row["code"] for row in call("GET", "figures/").json()["results"]][:2] == ["sla", "ola"]
    answer = call("GET", f"figures/sla/?{MONTHS}&by=service")
    assert answer.status_code == 200
    table = next(each for each in answer.json()["tables"] if each["code"] == "sla-resolution")
    assert [row["name"] for row in table["rows"]] == ["E-mail"]
    assert [value["measured"] for value in table["total"]["values"]] == [2, 2, 50.0]
    assert table["columns"][2]["formulas"]


def test_the_records_behind_a_figure_come_page_by_page(world: World) -> None:
    call = caller(world)
    first = call("GET", f"figures/evidence/sla.resolution.rate/?{MONTHS}&limit=3").json()
    assert first["sums"] == {"sla.resolution.met": [2, 2], "sla.resolution.breached": [2, 2]}
    second = call("GET", first["next"].partition("/api/v1/")[2]).json()
    numbers = [row["record"] for row in (*first["results"], *second["results"])]
    assert len(numbers) == len(set(numbers)) == 4
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("from=2026-11&to=2026-01", "to"),
        ("service=nope", "service"),
        ("by=magic", "by"),
    ],
)
def test_nonsense_is_refused_by_field(world: World, query: str, field: str) -> None:
    answer = caller(world)("GET", f"figures/sla/?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_suppliers_client_gets_its_own_figures_whatever_it_asks_for(world: World) -> None:
    call = caller(world, provider="supplier", role="supplier-system")
    for query in ("", "&provider=desk-partner", "&provider=none"):
        tables = call("GET", f"figures/suppliers/?{MONTHS}&by=provider{query}").json()["tables"]
        assert [[row["name"] for row in table["rows"]] for table in tables] == [["Network Co"]] * len(tables)
    seen = call("GET", f"figures/evidence/held/?{MONTHS}").json()["results"]
    assert {row["provider"] for row in seen} == {"Network Co"}


def test_unknown_boards_and_figures_are_not_found(world: World) -> None:
    call = caller(world)
    assert call("GET", "figures/nope/").status_code == 404
    assert call("GET", "figures/evidence/nope/").status_code == 404
