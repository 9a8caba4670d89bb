"""The rows a record refers to are what the database holds, whichever way they were read."""

from datetime import UTC, datetime

import pytest

from incidents.public import Report, raise_incident
from records.public import get_record, visible_records
from tenancy.engine.scope import tenant_scope
from tests.support.world import build_world

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_one_read_gives_what_joins_give() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        report = Report(title="x", service="email", requester=world.user.email, support_group="network")
        number = raise_incident(report=report, actor=agent, at=NOW).number
        looked_up = get_record(agent, number)
        joined = visible_records(agent).get(number=number)
        for path in (
            "service.code",
            "service.name",
            "service.hours_id",
            "requester.email",
            "requester.name",
            "requester.phone",
            "affected_user.email",
            "organisation.code",
            "support_group.name",
            "support_group.provider.code",
            "assignee",
        ):
            one, other = looked_up, joined
            for name in path.split("."):
                one, other = getattr(one, name), getattr(other, name)
            assert one == other, path
