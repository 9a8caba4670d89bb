"""Approvals over the API: the same services, the same refusals, versions by ETag."""

import pytest
from django.test import Client

from approvals.models import Approval
from people.models import Membership, Person
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.approvals.asking import colleague, level, requested
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def world() -> World:
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        boss = colleague("boss")
        Membership.objects.filter(pk=made.user.pk).update(manager=boss)
        requested(made, level("manager", {"manager": True}), level("desk", {"group": "service-desk"}))
    return made


def caller(world: World, email: str) -> Client:
    client = Client(headers={"host": world.tenant.host})
    client.force_login(Person.objects.get(email=f"{email}@defra.example"))
    return client


def test_levels_are_listed_decided_and_told(world: World) -> None:
    boss, agent, user = (caller(world, name) for name in ("boss", "agent", "user"))
    (mine,) = boss.get("/api/v1/approvals/").json()["results"]
    assert (mine["record"], mine["name"], mine["state"]) == ("REQ0000001", "Manager", "asked")
    assert agent.get("/api/v1/approvals/").json()["results"] == []
    assert len(agent.get("/api/v1/approvals/?view=asked").json()["results"]) == 1
    whole = user.get("/api/v1/approvals/?record=REQ0000001").json()["results"]
    assert [each["state"] for each in whole] == ["asked", "waiting"]
    address = f"/api/v1/approvals/{mine['id']}/"
    read = boss.get(address)
    assert read["ETag"] == f'"v{mine["version"]}"'
    stale = boss.post(f"{address}approve/", {}, JSON, headers={"If-Match": '"v99"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    silent = boss.post(f"{address}reject/", {}, JSON)
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (400, "reason")
    done = boss.post(f"{address}approve/", {"reason": "Yes"}, JSON, headers={"If-Match": read["ETag"]})
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    again = boss.post(f"{address}approve/", {}, JSON)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_step")
    (next_one,) = agent.get("/api/v1/approvals/").json()["results"]
    assert (
        agent.post(f"/api/v1/approvals/{next_one['id']}/reject/", {"reason": "No"}, JSON).status_code == 200
    )
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.get(number="REQ0000001").state == "rejected"
    assert [each["state"] for each in boss.get("/api/v1/approvals/?view=decided").json()["results"]] == [
        "approved"
    ]


def test_who_is_not_concerned_finds_nothing_and_suppliers_are_turned_away(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        key = Approval.objects.get(position=1).pk
    assert caller(world, "other").get(f"/api/v1/approvals/{key}/").status_code == 404
    assert caller(world, "other").get("/api/v1/approvals/?record=REQ0000001").status_code == 404
    assert caller(world, "other").post(f"/api/v1/approvals/{key}/approve/", {}, JSON).status_code == 404
    for address in ("approvals/", f"approvals/{key}/", "delegations/"):
        assert caller(world, "engineer").get(f"/api/v1/{address}").status_code == 403
    # Who oversees reads it, and decides nothing for that.
    agent = caller(world, "agent")
    assert agent.get(f"/api/v1/approvals/{key}/").status_code == 200
    assert agent.post(f"/api/v1/approvals/{key}/approve/", {}, JSON).status_code == 403
    assigned = {"email": "administrator@defra.example", "reason": "The manager is away"}
    assert agent.post(f"/api/v1/approvals/{key}/assign/", assigned, JSON).status_code == 200
    assert caller(world, "boss").post(f"/api/v1/approvals/{key}/assign/", assigned, JSON).status_code == 403
    assert (
        caller(world, "administrator").post(f"/api/v1/approvals/{key}/approve/", {}, JSON).status_code == 200
    )


def test_delegations(world: World) -> None:
    boss = caller(world, "boss")
    days = {"first_day": "2999-01-01", "last_day": "2999-01-02"}
    wrong = boss.post("/api/v1/delegations/", {"delegate": "no@defra.example"} | days, JSON)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "delegate")
    made = boss.post("/api/v1/delegations/", {"delegate": "other@defra.example"} | days, JSON)
    assert made.status_code == 201
    assert [row["delegate"] for row in caller(world, "other").get("/api/v1/delegations/").json()] == ["Other"]
    end = f"/api/v1/delegations/{made.json()['id']}/end/"
    assert caller(world, "other").post(end).status_code == 404
    assert boss.post(end).json()["ended_at"] is not None
    assert boss.post(end).status_code == 200
