"""Active seats at level Use: who took a step in the desk, by provider and month."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from incidents.public import Report, assign, note, raise_incident, start
from reporting.engine.questions import Month
from reporting.queries.seats import seats_of
from tenancy.engine.scope import tenant_scope
from tests.api.visitors import Browser
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
# In London this is already October, in UTC still September.
MIDNIGHT = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
OCTOBER = Month(2026, 10)


@pytest.fixture
def world() -> World:
    return build_world()


def work(world: World) -> None:
    """The desk hands one over in October; the supplier's engineer works on it in October and November."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
        engineer = world.actor(world.engineer)
        record = raise_incident(report=Report(title="No network"), actor=user, at=MIDNIGHT)
        record = assign(record=record, support_group="network", actor=agent, at=MIDNIGHT)
        for day in (5, 9):
            at = datetime(2026, 10, day, 9, tzinfo=UTC)
            record = note(record=record, body="Looking", actor=engineer, at=at)
        start(record=record, actor=engineer, at=datetime(2026, 11, 2, 9, tzinfo=UTC))


def counted(world: World, who: Any, month: Month) -> dict[str, list[tuple[str, int]]]:
    """Names and steps by provider, as somebody sees them."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return {
            line.provider.code: [(seat.name, seat.steps) for seat in line.seats]
            for line in seats_of(world.actor(who), month)
        }


def test_a_seat_is_active_in_the_months_of_its_steps(world: World) -> None:
    work(world)
    chief = world.administrator
    assert counted(world, chief, OCTOBER) == {
        "desk-partner": [("Agent", 1)],
        "network-co": [("Engineer", 2)],
    }
    assert counted(world, chief, Month(2026, 9)) == {"desk-partner": [], "network-co": []}
    assert counted(world, chief, Month(2026, 11)) == {"desk-partner": [], "network-co": [("Engineer", 1)]}


def test_the_count_is_that_of_the_audit(world: World) -> None:
    work(world)
    with tenant_scope(world.tenant.pk, actor="system:test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.code, count(DISTINCT a.actor_id) FROM records_auditentry a"
            " JOIN people_provider p ON p.id = a.provider_id"
            " WHERE a.door = 'desk' AND a.actor_kind = 'member'"
            " AND to_char(a.at AT TIME ZONE 'Europe/London', 'YYYY-MM') = '2026-10' GROUP BY p.code"
        )
        by_hand = dict(cursor.fetchall())
    seen = counted(world, world.administrator, OCTOBER)
    assert {code: len(seats) for code, seats in seen.items()} == by_hand


def test_a_supplier_sees_its_own_seats_and_another_tenant_none(world: World) -> None:
    work(world)
    assert counted(world, world.engineer, OCTOBER) == {"network-co": [("Engineer", 2)]}
    other = build_world("other")
    assert counted(other, other.administrator, OCTOBER) == {"desk-partner": [], "network-co": []}


def test_the_page_and_the_file_say_the_same(world: World) -> None:
    work(world)
    chief = Browser(world.administrator)
    page = chief.get("/reports/seats/?month=2026-10").content.decode()
    assert "Engineer: 2 steps" in page
    file = chief.get("/reports/seats/2026-10/seats.csv")
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[2].startswith("Network Co,Engineer,2026-10-05T09:00:00+00:00")
    wrong = chief.get("/reports/seats/?month=soon")
    assert (wrong.status_code, b"soon" in wrong.content) == (422, True)
    assert chief.get("/reports/seats/soon/seats.csv").status_code == 404
    assert b"Agent" not in Browser(world.engineer).get("/reports/seats/?month=2026-10").content
    assert Browser(world.user).get("/reports/seats/").status_code == 403
