"""Resolved incidents close by themselves when their reopen window ends, in every tenant that has any."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from time_machine import TimeMachineFixture

from incidents.public import Report, get_incident, raise_incident, reopen, resolve
from incidents.tasks import close_resolved_incidents
from records.public import steps_of
from records.queries.resolved import tenants_with_resolved
from records.services.close_resolved import window_end
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def resolved_incident(world: World, at: datetime) -> str:
    """Raise an incident of the world's user, resolve it an hour later, and give its number."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(
            report=Report(title="Mail is slow", service="email"),
            actor=world.actor(world.user, "portal"),
            at=at,
        )
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="Restarted",
            actor=agent,
            at=at + timedelta(hours=1),
        )
        return record.number


def state_of(world: World, number: str) -> str:
    """The state in which an agent finds an incident now."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return get_incident(world.actor(world.agent), number).state


def test_each_tenant_s_own_close_when_their_window_ends(time_machine: TimeMachineFixture) -> None:
    worlds = [build_world(), build_world("rivers")]
    numbers = [resolved_incident(world, MONDAY_TEN) for world in worlds]
    # Five working days after Monday eleven o'clock is the next Monday at eleven.
    time_machine.move_to(MONDAY_TEN + timedelta(days=7, minutes=59), tick=False)
    assert close_resolved_incidents() == 0
    time_machine.move_to(MONDAY_TEN + timedelta(days=7, minutes=61), tick=False)
    assert tenants_with_resolved(kind="incident", at=datetime.now(UTC)) == [
        world.tenant.pk for world in worlds
    ]
    assert close_resolved_incidents() == 2
    for world, number in zip(worlds, numbers, strict=True):
        assert state_of(world, number) == "closed"
        with tenant_scope(world.tenant.pk, actor="system:test"):
            record = get_incident(world.actor(world.agent), number)
            assert [entry.actor_name for entry in steps_of(record.pk)][-1] == "Automatic closure"
    assert close_resolved_incidents() == 0
    assert tenants_with_resolved(kind="incident", at=datetime.now(UTC)) == []


def test_what_was_reopened_in_time_stays_open(time_machine: TimeMachineFixture) -> None:
    world = build_world()
    number = resolved_incident(world, MONDAY_TEN)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user = world.actor(world.user, "portal")
        reopen(record=get_incident(user, number), comment="No", actor=user, at=MONDAY_TEN + timedelta(days=2))
    time_machine.move_to(MONDAY_TEN + timedelta(days=30), tick=False)
    assert close_resolved_incidents() == 0
    assert state_of(world, number) == "assigned"


@pytest.mark.parametrize(
    ("resolved", "days", "ends"),
    [
        ("2026-11-16T11:00", 1, "2026-11-17T11:00"),
        ("2026-11-20T11:00", 1, "2026-11-23T11:00"),
        ("2026-11-21T11:00", 1, "2026-11-23T11:00"),
        # The clocks go back on 25 October: the same wall time, an hour later.
        ("2026-10-23T10:00", 2, "2026-10-27T11:00"),
        ("2026-11-16T11:00", 0, "2026-11-16T11:00"),
    ],
)
def test_the_window_is_counted_in_working_days_of_the_tenant_s_zone(
    resolved: str, days: int, ends: str
) -> None:
    end = window_end(
        resolved_at=datetime.fromisoformat(resolved).replace(tzinfo=UTC),
        days=days,
        zone=ZoneInfo("Europe/London"),
        calendar=None,
    )
    assert end.astimezone(UTC) == datetime.fromisoformat(ends).replace(tzinfo=UTC)
