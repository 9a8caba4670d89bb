"""The counts of the standard views agree with the lists they stand for."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.engine.kinds import LISTINGS
from desk.queries.lists import SOON, records_in_view, view_counts
from incidents.public import Report, assign, get_incident, pend, raise_incident, resolve, take
from people.public import Actor
from tenancy.public import enter_scope, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def some_incidents(world: World) -> None:
    """Incidents in every standing, with response and resolution clocks running side by side."""
    agent, user = world.actor(world.agent), world.actor(world.user, "portal")
    records = [
        raise_incident(
            report=Report(title=f"Mail {number}", service="email", impact=1 + number % 3, urgency=1),
            actor=user,
            at=MONDAY_TEN + timedelta(minutes=number),
        )
        for number in range(9)
    ]
    later = MONDAY_TEN + timedelta(minutes=30)
    take(record=records[0], actor=agent, at=later)
    pend(record=records[1], waiting_for="requester", comment="Which?", actor=agent, at=later)
    resolve(record=records[2], resolution_code="fixed", resolution="x", actor=agent, at=later)
    assign(record=records[3], support_group="network", actor=agent, at=later)


@pytest.mark.parametrize("hours", [0, 1, 5, 30, 200])
@pytest.mark.parametrize("who", ["agent", "engineer", "administrator"])
def test_counts_are_those_of_the_lists(hours: int, who: str) -> None:
    world = build_world()
    now = MONDAY_TEN + timedelta(hours=hours)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        some_incidents(world)
        actor: Actor = world.actor(getattr(world, who))
    with enter_scope(actor.scope()):
        counts = view_counts(actor, tuple(LISTINGS), now)
        for kind, listing in LISTINGS.items():
            listed = {
                view: records_in_view(actor, kind, view, due_by=now + SOON).count() for view in listing.views
            }
            assert {view: counts[kind][view] for view in listing.views} == listed
        assert counts["incident"]["all"] > 0
        assert get_incident(actor, "INC0000004").state == "assigned"
