"""Somebody at a browser, in the portal of a little world."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incidents.public import Report, get_incident, raise_incident
from people.models import Membership, Person
from records.models import Record
from tenancy.engine.scope import tenant_scope
from tests.support.world import World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
WHAT = {"title": "Outlook will not open", "description": "It closes <at once>"}
SERVICE = {"service": "email", "reach": "team", "ability": "partly"}
DETAILS = {"contact_by": "phone", "phone": "0113 496 0000"}


def visitor(member: Membership) -> Client:
    """A browser in which the member is logged in."""
    client = Client()
    client.force_login(Person.objects.get(pk=member.person_id))
    return client


def text_of(response: Any) -> str:
    """What is on the page, without markup and with single spaces."""
    html = response.content.decode()
    html = re.sub(r"(?s)<(script|style|template|head).*?</\1>", " ", html)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def screenshot(name: str = "screen.png", body: bytes = PNG) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, body)


def fill(client: Client, *, upto: str = "details", **changed: Mapping[str, Any]) -> str:
    """Answer the pages of a report up to one of them; returns the address that the last one leads to."""
    pages: dict[str, Mapping[str, Any]] = {
        "what": WHAT,
        "who": {"who": "me"},
        "service": SERVICE,
        "details": DETAILS,
    }
    address = "/report/"
    for step, answers in pages.items():
        response = client.post(address, changed.get(step, answers))
        assert response.status_code == 302, (step, text_of(response))
        address = response["Location"]
        if step == upto:
            break
    return address


def raised(
    world: World, *, title: str = "Mail is slow", by: Membership | None = None, at: datetime | None = None
) -> Record:
    """An incident that a member reported in the portal."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(by or world.user, "portal")
        return raise_incident(
            report=Report(title=title, description="Since Friday", service="email"),
            actor=actor,
            at=at or timezone.now(),
        )


def now_of(world: World, number: str) -> Record:
    """The record as it is now, whoever looks."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return get_incident(world.actor(world.agent), number)
