"""The desk's pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from incidents.public import Report, assign, get_incident, raise_incident
from people.models import Membership
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def log_in() -> Callable[[Membership], Client]:
    def enter(member: Membership) -> Client:
        client = Client()
        client.force_login(member.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter


def raise_some(world: World, count: int = 1, **report: str) -> list[Record]:
    now = datetime.now(UTC)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        return [
            raise_incident(
                report=Report(**{"title": f"Mail is slow {index}", "service": "email", "requester": world.user.email} | report),
                actor=agent,
                at=now - timedelta(minutes=count - index),
            )
            for index in range(count)
        ]


@pytest.mark.parametrize("path", ["/desk/", "/desk/incidents/", "/desk/incidents/INC0000001/", "/desk/incidents/?sel=INC0000001", "/desk/incidents/new/", "/desk/search/?q=mail"])
def test_agents_see_pages_and_end_users_are_told_the_role(world: World, log_in: Callable[[Membership], Client], path: str) -> None:
    raise_some(world, 2)
    page = log_in(world.agent).get(path)
    assert page.status_code == 200
    refused = log_in(world.user).get(path)
    assert refused.status_code == 403
    assert "Service desk agent" in refused.content.decode()
