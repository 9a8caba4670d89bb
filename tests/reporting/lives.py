"""Incidents with a past, for figures to count."""

from datetime import UTC, datetime, timedelta

from incidents.public import Report, assign, raise_incident, resolve
from records.models import Record
from tests.support.world import World

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def resolved_after(
    world: World, *, hours: float, at: datetime = MONDAY_TEN, requester: str = "", hold_minutes: int = 10
) -> Record:
    """An incident that the desk passed to the network group after some minutes, resolved after so many hours."""
    record = passed_on(world, at=at, requester=requester, hold_minutes=hold_minutes)
    resolve(
        record=record,
        resolution_code="fixed",
        resolution="Restarted.",
        actor=world.actor(world.engineer),
        at=at + timedelta(hours=hours),
    )
    return record


def passed_on(
    world: World, *, at: datetime = MONDAY_TEN, requester: str = "", hold_minutes: int = 10
) -> Record:
    """An incident in the hands of an engineer of the network group, who took it so many minutes after it was raised."""
    agent = world.actor(world.agent)
    report = Report(
        title="No network",
        service="email",
        requester=requester or world.user.email,
        support_group="service-desk",
    )
    record = raise_incident(report=report, actor=agent, at=at)
    assign(
        record=record,
        support_group="network",
        assignee=world.engineer.email,
        actor=agent,
        at=at + timedelta(minutes=hold_minutes),
    )
    return record
