"""The wire: from the step that hands a record to a supplier's system until that system acknowledges it.

It begins in the very step, by its audit entry, so that no second in between is on anybody's score.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from exchange.models import Counterpart
from lifecycle.public import StaleVersionError
from people.public import Actor
from records.models import Record
from records.public import Step, fact, kind_of, take_step
from tenancy.public import kept

ACKNOWLEDGED = "exchange:acknowledged"
_TRIES = 5
OFF = [True, False]


@kept
def integrated() -> frozenset[tuple[UUID, str]]:
    """Which providers' systems take records of which process: those that records cross a wire to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT provider, process FROM exchange_integrated()")
        return frozenset((UUID(str(provider)), process) for provider, process in cursor.fetchall())


def wire_facts(
    *, record: Record, changed: Mapping[str, Any], verb: str, actor: Actor, at: datetime, batch: Any
) -> dict[str, Any]:
    """What a step means for the wire, as a fact of its audit entry: `on_wire` from or to true.

    Handing over and reopening put a record on the wire to a provider whose system takes it; handing on, and whatever
    that system does with it, take it off.
    """
    known = integrated()
    if not known or verb == ACKNOWLEDGED:
        return {}
    gone, came = changed.get("provider", (None, None))
    own = actor.provider_id if actor.reach == "provider" else None
    was = gone is not None and (gone, record.kind) in known and _is_on_wire(record, gone)
    holder = record.provider_id
    if holder is not None and (holder, record.kind) in known and own != holder:
        if came or _is_reopened(record, changed):
            batch.add("SELECT exchange_hand_over(%s, %s, %s)", [record.pk, holder, at])
            return {"on_wire": [was, True]}
    elif own is not None and own == holder and actor.kind == "client" and _is_on_wire(record, own):
        batch.add("SELECT exchange_acknowledge(%s, %s, %s)", [record.pk, own, at])
        return {"on_wire": OFF}
    return {"on_wire": OFF} if was else {}


def acknowledge(*, counterpart: Counterpart, reference: str, actor: Actor, at: datetime) -> bool:
    """Their system has the record: the wire ends at `at` (UTC), and their reference is kept.

    False when it was acknowledged before. Raises StaleVersionError when others kept changing the record meanwhile.
    """
    # A reference that already names another record of theirs is of no use to either side.
    if reference and is_of_another(counterpart, reference):
        reference = ""
    if reference and reference != counterpart.their_reference:
        counterpart.their_reference = reference
        counterpart.save(update_fields=["their_reference"])
    if counterpart.acknowledged_at is not None:
        return False
    record = Record.objects.get(pk=counterpart.record_id)
    counterpart.acknowledged_at = at
    counterpart.save(update_fields=["acknowledged_at"])
    if record.provider_id != counterpart.provider_id:
        # Handed on meanwhile: that step ended the wire.
        return False
    facts: dict[str, Any] = {"on_wire": OFF}
    if reference:
        facts["their_reference"] = fact(None, reference)
    for left in reversed(range(_TRIES)):
        try:
            take_step(record=record, step=Step(verb=ACKNOWLEDGED, facts=facts), actor=actor, at=at)
        except StaleVersionError:
            if not left:
                raise
            record = Record.objects.get(pk=record.pk)
        else:
            break
    return True


def is_of_another(counterpart: Counterpart, reference: str) -> bool:
    """Whether their reference names another record."""
    others = Counterpart.objects.filter(provider_id=counterpart.provider_id, their_reference=reference)
    return others.exclude(pk=counterpart.pk).exists()


def _is_on_wire(record: Record, provider_id: UUID) -> bool:
    rows = Counterpart.objects.filter(record_id=record.pk, provider=provider_id, acknowledged_at__isnull=True)
    return rows.exists()


def _is_reopened(record: Record, changed: Mapping[str, Any]) -> bool:
    old, new = changed.get("state", ("", ""))
    if not old:
        return False
    phase = kind_of(record.kind).lifecycle.phase
    return phase(old) == "resolved" and phase(new) == "open"
