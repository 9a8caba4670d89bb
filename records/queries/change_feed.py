"""Steps on all records, in an order that never loses a late commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from people.public import Actor
from records.models import AuditEntry, Record
from records.policy import may_read_working_side, visible_to
from records.queries.contents import facts_for


@dataclass(frozen=True, slots=True)
class Change:
    """One step, as the change feed tells it."""

    cursor: tuple[int, UUID]
    at: datetime
    number: str
    kind: str
    verb: str
    by: str
    facts: dict[str, Any]
    version: int


def changes_since(actor: Actor, cursor: tuple[int, UUID] | None, *, limit: int) -> Sequence[Change]:
    """Steps on the actor's records committed since `cursor`, in an order that never loses a late commit.

    Read by transaction watermark: only transactions older than every one still running are told, so a feed by id or
    time, which misses writers that commit late, is not needed.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = sql.fetchone()[0]
    entries = AuditEntry.objects.filter(xid__lt=horizon).select_related("record").order_by("xid", "id")
    entries = entries.filter(record__in=visible_to(actor, Record.objects.all()))
    if not may_read_working_side(actor):
        # That a work note was written is no business of the requester's either.
        entries = entries.exclude(verb__endswith=":note")
    if cursor is not None:
        entries = entries.extra(
            where=["(records_auditentry.xid, records_auditentry.id) > (%s, %s::uuid)"], params=cursor
        )
    return [
        Change(
            (entry.xid, entry.pk),
            entry.at,
            entry.record.number,
            entry.record.kind,
            entry.verb,
            entry.actor_name,
            facts_for(actor, entry),
            entry.version,
        )
        for entry in entries[:limit]
    ]
