"""Approving in the portal: opening a page decides nothing, being late loses nothing typed, strangers find nothing."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.models import Approval, Delegation, Question
from notifications.models import Mail
from people.models import Membership
from people.public import today_in_tenant
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.approvals.asking import colleague, level, requested
from tests.portal.visitor import text_of, visitor
from tests.requests_app.fulfilment import deliver
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
HOST = "defra.localhost"
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))


class Scene:
    """A user, their manager, and a request that waits for the manager."""

    def __init__(self, *levels: dict[str, Any]) -> None:
        self.world: World = build_world()
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            self.boss = colleague("boss")
            Membership.objects.filter(pk=self.world.user.pk).update(manager=self.boss)
            self.record = requested(
                self.world, *(levels or [level("manager", {"manager": True})]), price="900.00"
            )
            self.approval = Approval.objects.get(record=self.record, position=1)
        self.address = f"/approvals/{self.approval.pk}/"

    def browser(self, member: Membership) -> Client:
        client = visitor(member)
        client.defaults["HTTP_HOST"] = HOST
        return client

    def state(self) -> str:
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            return Record.objects.get(pk=self.record.pk).state

    def version(self) -> int:
        with tenant_scope(self.world.tenant.pk, actor="system:test"):
            return Approval.objects.get(pk=self.approval.pk).version


def test_a_mail_leads_to_a_page_that_decides_nothing_by_being_opened() -> None:
    scene = Scene()
    with tenant_scope(scene.world.tenant.pk, actor="system:test"):
        deliver()
        mail = Mail.objects.get(letter="approval_asked")
        assert mail.to_address == "boss@defra.example"
        assert scene.address in mail.text
        assert Mail.objects.get(letter="order_received").to_address == scene.world.user.email
    client = scene.browser(scene.boss)
    for method in (client.get, client.head):
        assert method(scene.address).status_code == 200
    assert scene.state() == "awaiting_approval"
    page = text_of(client.get(scene.address))
    assert "£900" in page
    assert "User" in page
    assert "1 request waits for your decision" in text_of(client.get("/"))
    assert "Thing" in text_of(client.get("/approvals/"))


def test_approving_and_rejecting() -> None:
    scene = Scene()
    client = scene.browser(scene.boss)
    nothing = client.post(scene.address, {"version": scene.version(), "reason": "kept"})
    assert (nothing.status_code, scene.state()) == (422, "awaiting_approval")
    assert "kept" in nothing.content.decode()
    silent = client.post(scene.address, {"version": scene.version(), "decision": "rejected"})
    assert silent.status_code == 422
    assert "Say why" in text_of(silent)
    sent = client.post(
        scene.address, {"version": scene.version(), "decision": "rejected", "reason": "Too dear"}
    )
    assert (sent.status_code, scene.state()) == (302, "rejected")
    late = client.post(scene.address, {"version": 1, "decision": "approved", "reason": "Changed my mind"})
    assert late.status_code == 409
    assert "Boss has rejected this already" in text_of(late)
    assert "Changed my mind" in text_of(late)
    decided = text_of(client.get("/approvals/?tab=decided"))
    assert "Not approved" in decided
    seen = text_of(scene.browser(scene.world.user).get(f"/records/{scene.record.number}/"))
    assert "Boss did not approve it" in seen
    assert "Too dear" in seen


def test_strangers_and_whom_it_is_for_decide_nothing() -> None:
    scene = Scene()
    for member in (scene.world.other_user, scene.world.agent, scene.world.engineer):
        client = scene.browser(member)
        assert client.get(scene.address).status_code == 404
        answer = client.post(scene.address, {"version": 1, "decision": "approved"})
        assert answer.status_code == 404
    assert scene.browser(scene.world.user).get(scene.address).status_code == 404
    assert scene.state() == "awaiting_approval"


def test_asking_and_handing_on() -> None:
    scene = Scene()
    client = scene.browser(scene.boss)
    assert client.get(f"{scene.address}ask/").status_code == 200
    assert client.post(f"{scene.address}ask/", {"body": ""}).status_code == 422
    assert client.post(f"{scene.address}ask/", {"body": "What for?"}).status_code == 302
    with tenant_scope(scene.world.tenant.pk, actor="system:test"):
        assert Question.objects.count() == 1
    assert "What for?" in text_of(client.get(scene.address))
    wrong = client.post(f"{scene.address}hand-on/", {"email": "nobody@defra.example"})
    assert wrong.status_code == 422
    assert "nobody@defra.example" in wrong.content.decode()
    assert client.post(f"{scene.address}hand-on/", {"email": "other@defra.example"}).status_code == 302
    other = scene.browser(scene.world.other_user)
    assert "1 request waits for your decision" in text_of(other.get("/"))
    assert other.post(scene.address, {"version": scene.version(), "decision": "approved"}).status_code == 302
    assert scene.state() == "fulfilling"


def test_delegating_for_some_days() -> None:
    scene = Scene()
    client = scene.browser(scene.boss)
    with tenant_scope(scene.world.tenant.pk, actor="system:test"):
        today = today_in_tenant(scene.world.actor(scene.boss), scene.record.opened_at + timedelta(days=99999))
    first = {"first_day_day": today.day, "first_day_month": today.month, "first_day_year": today.year}
    last = {"last_day_day": today.day, "last_day_month": today.month, "last_day_year": today.year}
    asked = client.get("/account/delegations/").content.decode()
    assert 'name="first_day_day"' in asked
    wrong = client.post("/account/delegations/", {"delegate": "boss@defra.example"} | first | last)
    assert wrong.status_code == 422
    assert "Choose somebody other than yourself" in text_of(wrong)
    done = client.post("/account/delegations/", {"delegate": "other@defra.example"} | first | last)
    assert done.status_code == 302, text_of(done)
    with tenant_scope(scene.world.tenant.pk, actor="system:test"):
        (made,) = Delegation.objects.all()
    end = f"/account/delegations/{made.pk}/end/"
    assert scene.browser(scene.world.other_user).post(end).status_code == 404
    assert "To come" in text_of(client.get("/account/delegations/"))
    assert client.post(end).status_code == 302
    assert "Ended" in text_of(client.get("/account/delegations/"))


@pytest.mark.parametrize("name", ["portal:approvals", "portal:approval"])
def test_pages_read_the_same_however_much_waits(name: str) -> None:
    scene = Scene()
    client = scene.browser(scene.boss)
    address = "/approvals/" if name == "portal:approvals" else scene.address
    counts = []
    for more in range(2):
        with tenant_scope(scene.world.tenant.pk, actor="system:test"):
            for place in range(more * 5):
                requested(scene.world, level("manager", {"manager": True}), code=f"more-{place}")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts == [BUDGET[name]] * 2
