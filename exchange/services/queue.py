"""Putting a change in line for every supplier's system that has to hear of it."""

from uuid import UUID

from django.db import transaction

from calling.public import encode
from exchange.engine.envelope import Happened, Told, envelope
from exchange.models import Counterpart, Endpoint, Outgoing
from exchange.services.speak import what_it_says
from outbox.public import Delivered
from records.models import AuditEntry, Comment, Record, WorkNote
from suppliers.public import Said, UnmappedError, agreement_in_force, outgoing

EXCHANGED_KINDS = frozenset(
    {
        "incident.opened",
        "incident.assigned",
        "incident.pended",
        "incident.resumed",
        "incident.commented",
        "incident.noted",
        "incident.classified",
        "incident.resolved",
        "incident.reopened",
        "incident.closed",
        "incident.cancelled",
        "incident.changed",
    }
)


def queue(message: Delivered) -> None:
    """Outbox handler: word a change for each system that has the record, once. Harmless to run twice.

    What came from a system is not told to it again, nor what the exchange itself noted.
    """
    if message.record_id is None:
        return
    entry = AuditEntry.objects.filter(pk=UUID(str(message.payload["entry"]))).first()
    if entry is None or entry.verb.startswith("exchange:"):
        return
    with transaction.atomic():
        rows = Counterpart.objects.select_for_update(no_key=True).filter(record_id=message.record_id)
        for counterpart in rows.order_by("id"):
            is_theirs = entry.actor_kind == "client" and entry.provider_id == counterpart.provider_id
            if not is_theirs:
                _queue_for(counterpart, entry, message)


def _queue_for(counterpart: Counterpart, entry: AuditEntry, message: Delivered) -> None:
    record = Record.objects.get(pk=counterpart.record_id)
    mine = str(counterpart.provider_id)
    old, new = (str(each or "") for each in entry.facts.get("provider", (None, None)))
    is_handed_on = old == mine and new != mine
    # Nothing from before it was theirs or while it was elsewhere, however late the message is; only that it left.
    if not is_handed_on and _holder_after(entry) != mine:
        return
    working = agreement_in_force(counterpart.provider_id, record.kind)
    endpoint = Endpoint.objects.filter(provider=counterpart.provider_id).first()
    if working.level != "integrate" or working.mapping is None or endpoint is None:
        return
    if Outgoing.objects.filter(endpoint=endpoint, message_id=message.message_id).exists():
        return
    kept = counterpart.known
    known = Said(kept.get("state", ""), kept.get("priority", ""), {}) if kept else None
    row = Outgoing(
        endpoint=endpoint,
        provider_id=counterpart.provider_id,
        record=record,
        message_id=message.message_id,
        kind=message.kind,
        made_at=message.at,
        next_at=message.at,
    )
    try:
        said = outgoing(working.mapping, what_it_says(record), known=known)
    except UnmappedError as missing:
        row.status, row.error = Outgoing.Status.DEAD, f"{missing.path}: {missing.value}"
        row.save()
        return
    happened = Happened(
        kind=message.kind,
        at=message.at,
        by=entry.actor_name,
        comment=_words(Comment, entry, "comment"),
        work_note=_words(WorkNote, entry, "work_note"),
        is_handed_over=new == mine or entry.facts.get("on_wire", (None, None))[1] is True,
        is_handed_on=is_handed_on,
    )
    told = Told(
        process=record.kind,
        number=record.number,
        version=entry.version,
        reference=counterpart.their_reference,
        said=said,
        mapping_version=working.number,
    )
    row.body = encode(envelope(happened, told)).decode()
    row.save()
    counterpart.known = {"state": said.state, "priority": said.priority, "fields": dict(said.fields)}
    counterpart.save(update_fields=["known"])


def _holder_after(entry: AuditEntry) -> str:
    """Whose the record was after a step, by the audit: the provider's key."""
    earlier = AuditEntry.objects.filter(record_id=entry.record_id, version__lte=entry.version)
    last = earlier.filter(facts__has_key="provider").order_by("-version").first()
    return str(last.facts["provider"][1] or "") if last else ""


def _words(model: type[Comment] | type[WorkNote], entry: AuditEntry, name: str) -> str:
    key = entry.facts.get(name)
    written = model.objects.filter(pk=UUID(str(key))).first() if key else None
    return written.body if written else ""
