"""Requests to fulfil in tests: an offering with a plan, ordered and begun."""

from datetime import UTC, datetime, timedelta
from typing import Any

from outbox.public import dispatch_batch
from people.public import system_actor
from records.models import Record
from records.public import Step, take_step
from requests_app.models import Task
from requests_app.services.order import Wanted, place_order
from tests.support.offers import offer
from tests.support.world import World

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def task(code: str, *after: str, **rest: Any) -> dict[str, Any]:
    """A task of a plan, done by the service desk unless said."""
    words = {"en": code, "cy": code}
    return {"code": code, "name": words, "group": "service-desk", "after": list(after)} | rest


def begun(world: World, *tasks: dict[str, Any], code: str = "thing", **parts: Any) -> Record:
    """A request for an offering with this plan, begun. Call inside the tenant."""
    chief, user = world.actor(world.administrator), world.actor(world.user, "portal")
    plan = {"tasks": list(tasks)} if tasks else None
    answers = parts.pop("answers", {})
    offer(code, service=world.service, actor=chief, at=MONDAY_TEN - timedelta(days=1), plan=plan, **parts)
    (record,) = place_order(
        wanted=[Wanted(offering=code, answers=answers)], actor=user, at=MONDAY_TEN
    ).records
    begin(world, record)
    return Record.objects.get(pk=record.pk)


def begin(world: World, record: Record) -> None:
    """Approved, or nobody to ask: fulfilment begins."""
    step = Step(verb="request:begin", changes={"state": "fulfilling"}, message="begun")
    take_step(record=record, step=step, actor=system_actor(world.tenant.pk), at=MONDAY_TEN)


def deliver() -> None:
    """Let the outbox say all it has to say."""
    while dispatch_batch():
        pass


def states(request: Record) -> dict[str, str]:
    """The state of each task, by code."""
    rows = Task.objects.filter(request_id=request.pk).order_by("position", "code")
    return dict(rows.values_list("code", "record__state"))


def find(request: Record, code: str) -> Record:
    """The record of a task."""
    return Record.objects.get(pk=Task.objects.get(request_id=request.pk, code=code).pk)
