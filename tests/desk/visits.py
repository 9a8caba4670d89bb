"""Members in their browsers, and incidents for them to work on."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from incidents.public import Report, raise_incident
from people.models import Membership, Person
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.support.world import World


def log_in(member: Membership) -> Client:
    """Give a member a browser in which they are logged in."""
    client = Client()
    client.force_login(Person.objects.get(pk=member.person_id))
    return client


def raise_some(world: World, count: int = 1, **report: str) -> list[Record]:
    """Raise incidents for the world's user, one a minute up to now; keywords are fields of the report."""
    now = timezone.now()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        given = {"title": "Mail is slow", "service": "email", "requester": world.user.email} | report
        return [
            raise_incident(
                report=Report(**given),  # type: ignore[arg-type]  # texts only
                actor=agent,
                at=now - timedelta(minutes=count - index),
            )
            for index in range(count)
        ]
