"""The figures at a glance are those of the dashboards that they stand for."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from reporting.engine.boards import BOARDS
from reporting.engine.questions import Month, Question
from reporting.policy import narrowed
from reporting.queries.boards import fill
from reporting.queries.headlines import headlines
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import tenant_scope
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY_TEN + timedelta(days=4)
OCTOBER, NOVEMBER, DECEMBER = (Question(Month(2026, number), Month(2026, number)) for number in (10, 11, 12))


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        for hours in (1, 2, 30):
            resolved_after(built, hours=hours)
        passed_on(built)
        for keys in record_keys(page=100):
            refresh_records(keys=keys, now=FRIDAY)
        yield built


@pytest.mark.usefixtures("world")
def test_each_is_the_total_of_its_dashboard_this_month_and_last() -> None:
    told = headlines(DECEMBER, now=FRIDAY)
    compared = 0
    for code, lines in told.items():
        tables = [
            {
                value.column.code: value
                for table in fill(BOARDS[code], question, by="service", now=FRIDAY).tables
                for value in table.total.values
            }
            for question in (DECEMBER, NOVEMBER)
        ]
        for line in lines:
            this, last = (table.get(line.now.column.code) for table in tables)
            # A table of which nothing was counted is left out of its dashboard.
            assert line.now == this if this else not line.now.ruled
            if line.before is not None:
                assert line.before == last
                compared += 1
    assert compared > 8


@pytest.mark.usefixtures("world")
def test_what_was_counted_in_neither_month_is_left_out() -> None:
    told = headlines(OCTOBER, now=FRIDAY)
    assert told["sla"] == []
    # What is open is open in any month.
    assert {line.now.column.code: line.now.ruled for line in told["workload"]} == {"live.open": 1}
    assert [line.before for line in told["breaches"]] == [None, None, None]


def test_a_supplier_is_told_its_own(world: World) -> None:
    everybody = {line.now.column.code: line.now for line in headlines(NOVEMBER, now=FRIDAY)["suppliers"]}
    question = narrowed(world.actor(world.engineer), NOVEMBER)
    own = {line.now.column.code: line.now for line in headlines(question, now=FRIDAY)["suppliers"]}
    assert 0 < own["held"].over.ruled < everybody["held"].over.ruled


@pytest.mark.parametrize("code", BOARDS)
def test_charts_and_headlines_name_columns(code: str) -> None:
    board = BOARDS[code]
    assert board.headlines
    assert {*(name for name, _ in board.headlines), *(section.chart for section in board.sections)} <= set(
        board.columns
    )
