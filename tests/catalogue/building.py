"""A catalogue manager at the builders: the draft of a laptop, and the forms that change it."""

from typing import Any

from django.test import Client

from catalogue.models import Offering
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.support.world import World

HOME = "/admin/offerings/laptop/"


def begin(world: World) -> Client:
    """A catalogue manager who began the draft."""
    client = log_in(world.administrator)
    given = {"code": "laptop", "name": "Laptop", "service": world.service.code}
    assert client.post("/admin/offerings/new/", given)["Location"] == HOME
    return client


def draft(world: World) -> Any:
    """The offering as it is now."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Offering.objects.get(code="laptop")


def send(
    client: Client, world: World, path: str, given: Any = None, *, status: int = 302, **more: Any
) -> str:
    """Send a form about the draft as it is now; what the page says."""
    response = client.post(f"{HOME}{path}", {"seen": draft(world).draft_version} | (given or {}) | more)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def ask(client: Client, world: World) -> None:
    """A form of two pages: which model, and, for the heavy one, why."""
    first = {"title_en": "What", "title_cy": "Beth", "label_en": "Which model?", "label_cy": "Pa fodel?"}
    options = "Light | Ysgafn\nHeavy | Trwm | heavy"
    send(client, world, "form/add/?type=choice", first, code="model", required="on", options=options)
    second = {"title_en": "Why", "title_cy": "Pam", "label_en": "Why heavy?", "label_cy": "Pam trwm?"}
    when = '{"field":"model","is":"heavy"}'
    send(client, world, "form/add/?type=long_text", second, required="on", max_length="200", when=when)


def publish(client: Client, world: World) -> None:
    """Say what every offering must, and publish it."""
    words = {
        f"{name}_{language}": f"{name} {language}"
        for name in ("name", "summary", "description")
        for language in ("en", "cy")
    }
    send(client, world, "words/", words)
    send(client, world, "steps/publish/", note="First")
