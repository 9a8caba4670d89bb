"""Requests with their tasks for the desk to work on, and steps on them as a browser takes them."""

from typing import Any

from django.test import Client
from django.utils import timezone

from records.models import Record
from requests_app.services.fulfil import begin_tasks
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import begun, find
from tests.support.offers import words
from tests.support.world import World

FORM = {
    "pages": [
        {
            "code": "device",
            "title": words("Device"),
            "fields": [
                {"code": "serial", "type": "text", "label": words("Serial number"), "mask": "AA-99"},
                {"code": "is_new", "type": "yes_no", "label": words("Is it new?")},
                {
                    "code": "wiped",
                    "type": "date",
                    "label": words("When was it wiped?"),
                    "when": {"field": "is_new", "is": False},
                },
            ],
        }
    ]
}
ASKED = {
    "pages": [
        {
            "code": "why",
            "title": words("Why?"),
            "fields": [{"code": "why", "type": "text", "label": words("Why do you need it?")}],
        }
    ]
}


def make(world: World, *tasks: dict[str, Any], code: str = "thing", **parts: Any) -> Record:
    """A request whose tasks are planned."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, *tasks, code=code, **parts)
        begin_tasks(request_id=request.pk, at=timezone.now())
        return Record.objects.get(pk=request.pk)


def now_of(world: World, record: Record) -> Record:
    """The record as it is."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Record.objects.get(pk=record.pk)


def task_of(world: World, request: Record, code: str) -> Record:
    """A task of a request."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return find(request, code)


def step(client: Client, record: Record, action: str, **given: Any) -> Any:
    """Take a step on the desk, with the version that was seen."""
    feed = {"request": "requests", "task": "tasks"}[record.kind]
    path = f"/desk/{feed}/{record.number}/{action}/"
    return client.post(path, {"version": record.version} | given)
