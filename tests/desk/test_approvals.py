"""Approvals on the desk: what waits, for whom, and asking somebody else where it stalls."""

import pytest
from django.test import Client

from approvals.models import Approval
from people.models import Membership
from tenancy.engine.scope import tenant_scope
from tests.approvals.asking import colleague, level, requested
from tests.desk.visits import log_in
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        boss = colleague("boss")
        Membership.objects.filter(pk=made.user.pk).update(manager=boss)
        requested(made, level("manager", {"manager": True}))
    return made


def the(world: World) -> Approval:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Approval.objects.get()


def test_who_oversees_sees_what_waits_and_asks_somebody_else(world: World) -> None:
    agent: Client = log_in(world.agent)
    page = agent.get("/desk/approvals/").content.decode()
    assert "REQ0000001" in page
    assert "Boss" in page
    whole = agent.get("/desk/requests/REQ0000001/").content.decode()
    assert "Who approves it" in whole
    address = f"/desk/approvals/{the(world).pk}/assign/"
    assert address in whole
    typed = {"version": the(world).version, "email": "nobody@defra.example", "reason": "Away"}
    wrong = agent.post(address, typed)
    assert (wrong.status_code, "nobody@defra.example" in wrong.content.decode()) == (422, True)
    stale = agent.post(address, typed | {"version": 99})
    assert (stale.status_code, "Away" in stale.content.decode()) == (409, True)
    asked = agent.post(address, typed | {"email": world.administrator.email})
    assert asked.status_code == 302
    assert "Administrator" in agent.get("/desk/approvals/").content.decode()
    assert "Another approver asked" in agent.get("/desk/requests/REQ0000001/").content.decode()


def test_others_are_told_what_they_lack(world: World) -> None:
    address = f"/desk/approvals/{the(world).pk}/assign/"
    for member in (world.engineer, world.user):
        assert log_in(member).get("/desk/approvals/").status_code == 403
        assert log_in(member).get(address).status_code == 403
    assert Client().get("/desk/approvals/").status_code == 302
