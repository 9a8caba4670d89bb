"""An incident reported in a world whose groups have mailboxes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from incidents.public import Report, raise_incident
from people.models import SupportGroup
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
USER, OTHER = "user@defra.example", "other@defra.example"
AGENT, ENGINEER = "agent@defra.example", "engineer@defra.example"
DESK_BOX, NETWORK_BOX = "desk-box@defra.example", "network-box@defra.example"


@contextmanager
def world_with_mailboxes() -> Iterator[World]:
    """A world whose groups have mailboxes, in scope for the block."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        SupportGroup.objects.filter(pk=built.desk_group.pk).update(email=DESK_BOX)
        SupportGroup.objects.filter(pk=built.network_group.pk).update(email=NETWORK_BOX)
        yield built


def reported(world: World) -> Record:
    """An incident that the user reported at ten."""
    report = Report(title="Mail is slow", description="Since Friday", service="email")
    return raise_incident(report=report, actor=world.actor(world.user, "portal"), at=MONDAY_TEN)


def after(minutes: int) -> datetime:
    """So many minutes after the report."""
    return MONDAY_TEN + timedelta(minutes=minutes)
