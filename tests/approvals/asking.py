"""Requests that wait for approval in tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from people.models import Membership
from people.public import add_member, system_actor
from records.models import Record
from requests_app.public import Wanted, place_order
from requests_app.services.advance import advance
from tests.support.offers import offer
from tests.support.world import World

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def level(code: str, *by: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A level of a plan."""
    return {"code": code, "name": {"en": code.capitalize(), "cy": code}, "by": list(by)} | rest


def person(member: Membership) -> dict[str, Any]:
    """An approver by name."""
    return {"person": member.email}


def colleague(name: str, **rest: Any) -> Membership:
    """Somebody who may decide."""
    return add_member(email=f"{name}@defra.example", name=name.title(), roles=["end-user"], **rest)


def requested(world: World, *levels: dict[str, Any], code: str = "thing", **parts: Any) -> Record:
    """A request of the user's for an offering with these levels, as far as the platform takes it by itself."""
    quantity = parts.pop("quantity", 1)
    by, whom = parts.pop("by", world.user), parts.pop("requested_for", "")
    offer(
        code,
        service=world.service,
        actor=world.actor(world.administrator),
        at=MONDAY_TEN - timedelta(days=1),
        approval={"levels": list(levels)},
        for_others=True,
        max_quantity=100,
        **parts,
    )
    wanted = Wanted(offering=code, quantity=quantity, requested_for=whom)
    (record,) = place_order(wanted=[wanted], actor=world.actor(by, "portal"), at=MONDAY_TEN).records
    advance(record_id=record.pk, actor=system_actor(world.tenant.pk, name="Fulfilment"), at=MONDAY_TEN)
    return Record.objects.get(pk=record.pk)
