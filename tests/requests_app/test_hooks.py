"""Hooks as data: written down, changed, tried out and looked at, in pages and over the API."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lifecycle.public import ForbiddenError
from requests_app.models import AllowedHost, Hook, HookDelivery
from requests_app.services.hook_calls import forget_deliveries
from requests_app.services.hooks import secret_of
from requests_app.services.manage_hooks import HookTerms, create_hook
from requests_app.tasks import test_hook as hook_test_task
from tenancy.engine.scope import tenant_scope
from tests.portal.visitor import text_of, visitor
from tests.requests_app.fulfilment import deliver
from tests.requests_app.simulated import Called
from tests.requests_app.test_api import caller
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

HOST = {"host": "hooks.example.org"}
NEW = {
    "name": "Directory",
    "code": "directory",
    "url": "https://hooks.example.org/do",
    "timeout_seconds": "5",
    "is_active": "on",
}


@pytest.fixture
def world() -> World:
    """One tenant."""
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    """Its administrator at a browser."""
    return visitor(world.administrator)


@pytest.fixture
def called(settings: Any) -> Iterator[Called]:
    """A system on this machine, which hooks of the tenant may call."""
    made = Called("whsec_" + base64.b64encode(b"k" * 32).decode(), "done")
    settings.AUTOMATION_LOCAL = [f"defra/127.0.0.1:{made.port}"]
    yield made
    made.close()


def the_hook(world: World) -> Hook:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Hook.objects.get()


def test_a_hook_is_written_down_changed_and_given_another_secret(world: World, chief: Client) -> None:
    refused = chief.post("/admin/hooks/new/", NEW)
    assert (refused.status_code, "not on the list" in text_of(refused)) == (422, True)
    assert 'value="Directory"' in refused.content.decode()
    assert chief.post("/admin/hooks/hosts/allow/", {"host": "no host"}).status_code == 422
    assert chief.post("/admin/hooks/hosts/allow/", HOST).status_code == 302

    made = chief.post("/admin/hooks/new/", NEW)
    (first,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", text_of(made))
    assert "no-store" in made.headers["Cache-Control"]
    hook = the_hook(world)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert secret_of(hook) == first
    assert first not in hook.secret
    assert (hook.timeout_seconds, hook.answers_later, hook.is_active) == (5, False, True)
    assert chief.post("/admin/hooks/new/", NEW).status_code == 422

    page = text_of(chief.get("/admin/hooks/directory/"))
    assert first not in page
    assert "webhook-signature" in page
    assert "directory" in text_of(chief.get("/admin/hooks/"))

    change = {**NEW, "name": "Directory 2", "seen": "1"}
    assert chief.post("/admin/hooks/directory/edit/", change).status_code == 302
    late = chief.post("/admin/hooks/directory/edit/", {**NEW, "name": "Directory 3", "seen": "1"})
    assert late.status_code == 409
    assert 'value="Directory 3"' in late.content.decode()
    assert 'name="seen" value="2"' in late.content.decode()
    assert chief.post("/admin/hooks/directory/secret/", {"seen": "1"}).status_code == 409
    (second,) = re.findall(
        r"whsec_[A-Za-z0-9+/=]+", text_of(chief.post("/admin/hooks/directory/secret/", {"seen": "2"}))
    )
    assert second != first
    assert (the_hook(world).name, the_hook(world).version) == ("Directory 2", 3)

    assert chief.post("/admin/hooks/hosts/forbid/", HOST).status_code == 302
    page = text_of(chief.get("/admin/hooks/directory/"))
    assert "not on the list of those that may be called" in page


def test_a_test_is_sent_in_the_background_and_its_answer_shown(
    world: World, chief: Client, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AllowedHost.objects.create(host="127.0.0.1")
        terms = HookTerms(name="Directory", url=called.url, answers_later=False)
        hook, called.secret = create_hook(
            code="directory", terms=terms, actor=world.actor(world.administrator)
        )
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(hook_test_task, "delay", lambda *given: asked.append(given))
    assert chief.post("/admin/hooks/directory/test/").status_code == 302
    deliver()
    assert called.heard == []
    assert asked == [(str(hook.pk), world.administrator.email)]
    results = []
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for behaviour in ("done", "running", "500"):
            called.behaviours = [behaviour]
            results.append(hook_test_task(*asked[0]))
    assert results == ["done", "failed", "again"]
    assert all(heard["signed"] and heard["body"]["test"] for heard in called.heard)
    page = text_of(chief.get("/admin/hooks/directory/"))
    assert "It says that it answers later, which this hook does not." in page
    assert "It answered 500." in page
    api = caller(world, "administrator")
    deliveries = api.get("/api/v1/hooks/directory/").json()["deliveries"]
    assert [each["status"] for each in deliveries] == [500, 202, 200]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        HookDelivery.objects.filter(status=500).update(sent_at=timezone.now() - timedelta(days=31))
        assert forget_deliveries(at=timezone.now()) == 1
        Hook.objects.update(is_active=False)
    assert "The hook is switched off." in text_of(chief.post("/admin/hooks/directory/test/", follow=True))


def test_the_api_does_the_same(world: World) -> None:
    api = caller(world, "administrator")
    sort: dict[str, Any] = {"content_type": "application/json"}
    new = {"code": "directory", "name": "Directory", "url": "https://hooks.example.org/do"}
    refused = api.post("/api/v1/hooks/", new, **sort)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "url")
    assert api.post("/api/v1/hook-hosts/", HOST, **sort).json()["results"] == ["hooks.example.org"]
    made = api.post("/api/v1/hooks/", new, **sort)
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    read = api.get("/api/v1/hooks/directory/")
    assert "secret" not in read.json()
    assert [row["code"] for row in api.get("/api/v1/hooks/").json()["results"]] == ["directory"]
    call = api.get("/api/v1/hooks/directory/dry-run/").json()
    assert {"webhook-id", "webhook-signature"} <= set(call["headers"])
    changed = api.patch(
        "/api/v1/hooks/directory/", {"is_active": False}, headers={"If-Match": read["ETag"]}, **sort
    )
    assert changed.json()["is_active"] is False
    stale = api.patch("/api/v1/hooks/directory/", {"name": "X"}, headers={"If-Match": read["ETag"]}, **sort)
    assert stale.status_code == 409
    assert api.post("/api/v1/hooks/directory/test/", {}, **sort).status_code == 422
    rotated = api.post("/api/v1/hooks/directory/secret/", {}, **sort).json()
    assert rotated["secret"] != made.json()["secret"]
    assert api.delete("/api/v1/hook-hosts/hooks.example.org/").json()["results"] == []
    assert api.get("/api/v1/hooks/nothing/").status_code == 404


@pytest.mark.parametrize("who", ["user", "agent", "engineer"])
def test_nobody_but_an_administrator_gets_near_them(world: World, who: str) -> None:
    assert visitor(getattr(world, who)).get("/admin/hooks/").status_code == 403
    assert caller(world, who).get("/api/v1/hooks/").status_code == 403
    terms = HookTerms(name="X", url="https://hooks.example.org/do")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(getattr(world, who))
        with pytest.raises(ForbiddenError):
            create_hook(code="x", terms=terms, actor=actor)
