"""A message from a supplier's system: read in its words, done once, answered the same however often it comes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from calling.public import encode
from exchange.models import Counterpart, Incoming
from exchange.policy import WORK, require
from exchange.services.apply import apply
from exchange.services.speak import what_it_says
from exchange.services.wire import ACKNOWLEDGED, OFF, is_of_another
from lifecycle.public import ForbiddenError, NotFoundError, RuleError, StaleVersionError
from people.public import Actor
from records.models import Record
from records.public import Step, fact, take_step
from suppliers.public import MappingTable, Said, UnmappedError, agreement_in_force, incoming, outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message: their key for it, the record by our number or their reference, and what they say of it.

    `sequence` counts their messages about the record, where they count: what is older than the newest changes nothing.
    `reject` hands the record back, with a reason.
    """

    key: str
    number: str = ""
    reference: str = ""
    sequence: int | None = None
    state: str = ""
    priority: str = ""
    fields: Mapping[str, str]
    comment: str = ""
    work_note: str = ""
    reject: str = ""


class KeyReusedError(StaleVersionError):
    """The key was used for another message."""

    code = "key_reused"


def receive(*, process: str, heard: Heard, actor: Actor, at: datetime) -> dict[str, Any]:
    """Do what a provider's system says of a record, all of it or nothing; returns what it led to.

    result: "done", "same" (nothing was to be changed) or "superseded" (a newer message had come). Raises NotFoundError,
    RuleError naming field and reason, KeyReusedError, and what the steps raise.
    """
    require(actor, WORK)
    provider_id = _provider_of(actor)
    digest = hashlib.sha256(encode(_plain(heard))).hexdigest()
    told = _told_before(actor, heard.key, digest)
    if told is not None:
        return told
    try:
        with transaction.atomic():
            record, outcome = _take_in(process, heard, actor, at)
            Incoming.objects.create(
                provider_id=provider_id,
                key=heard.key,
                body_hash=digest,
                record=record,
                received_at=at,
                outcome=outcome,
            )
    except IntegrityError:
        # The same key came twice at once: whoever was first has done it.
        told = _told_before(actor, heard.key, digest)
        if told is None:
            raise
        return told
    return outcome


def _take_in(process: str, heard: Heard, actor: Actor, at: datetime) -> tuple[Record, dict[str, Any]]:
    counterpart = _counterpart(process, heard, actor)
    record = counterpart.record
    working = agreement_in_force(counterpart.provider_id, process)
    if working.level != "integrate" or working.mapping is None:
        raise RuleError(
            gettext("Your system is not joined for this process: its level is %(level)s.")
            % {"level": working.level}
        )
    if heard.reference and is_of_another(counterpart, heard.reference):
        words = gettext("Your reference names another record already.")
        raise RuleError(words, fields={"reference": words})
    if not _note(record, heard):
        return record, {
            "number": record.number,
            "result": "superseded",
            "version": record.version,
            "ignored": [],
        }
    before = record.version
    if counterpart.acknowledged_at is None and record.provider_id == actor.provider_id:
        facts: dict[str, Any] = {"on_wire": OFF}
        if heard.reference:
            facts["their_reference"] = fact(counterpart.their_reference or None, heard.reference)
        with connection.cursor() as cursor:
            cursor.execute("SELECT exchange_acknowledge(%s, %s, %s)", [record.pk, actor.provider_id, at])
        record = take_step(record=record, step=Step(verb=ACKNOWLEDGED, facts=facts), actor=actor, at=at)
    ours = what_it_says(record)
    said, ignored = _in_our_words(working.mapping, heard, ours)
    record = apply(record=record, said=said, heard=heard, actor=actor, at=at)
    _remember(record, working.mapping, heard)
    return record, {
        "number": record.number,
        "result": "done" if record.version != before else "same",
        "version": record.version,
        "ignored": ignored,
    }


def _in_our_words(table: MappingTable, heard: Heard, ours: Said) -> tuple[Said, list[str]]:
    """What they say in our words, and the fields of theirs that change nothing here: ours, or of no pair."""
    theirs = Said(heard.state, heard.priority, heard.fields)
    try:
        said = incoming(table, theirs, ours=ours)
    except UnmappedError as missing:
        field = "state" if missing.path.startswith("states") else "priority"
        known = table.states.back if field == "state" else table.priorities.back
        words = gettext("%(value)s is not mapped. Use one of %(known)s.") % {
            "value": missing.value,
            "known": ", ".join(sorted(known)),
        }
        raise RuleError(
            gettext("The message says what the mapping does not know."), fields={field: words}
        ) from missing
    takes = {pair.ours: pair.theirs for pair in table.fields if pair.owner != "ours"}
    fields = {name: text for name, text in said.fields.items() if name in takes}
    taken = {takes[name] for name in fields}
    # Who decides the priority is us: its matrix does.
    return Said(said.state, ours.priority, fields), sorted(set(heard.fields) - taken)


def _counterpart(process: str, heard: Heard, actor: Actor) -> Counterpart:
    rows = Counterpart.objects.select_related("record").filter(
        provider=_provider_of(actor), record__kind=process
    )
    if heard.number:
        found = rows.filter(record__number=heard.number).first()
    else:
        found = rows.filter(their_reference=heard.reference).first() if heard.reference else None
    if found is None:
        raise NotFoundError(gettext("There is no such record."))
    return found


def _note(record: Record, heard: Heard) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchange_heard(%s, %s, %s, NULL)", [record.pk, heard.reference, heard.sequence]
        )
        return bool(cursor.fetchone()[0])


def _remember(record: Record, table: MappingTable, heard: Heard) -> None:
    """What their system says now is what it knows: it is not told that again."""
    said = outgoing(
        table, what_it_says(record), known=Said(heard.state, heard.priority) if heard.state else None
    )
    known = {"state": said.state, "priority": said.priority, "fields": dict(said.fields)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_heard(%s, '', NULL, %s)", [record.pk, json.dumps(known)])


def _told_before(actor: Actor, key: str, digest: str) -> dict[str, Any] | None:
    row = Incoming.objects.filter(provider=_provider_of(actor), key=key).first()
    if row is None:
        return None
    if row.body_hash != digest:
        raise KeyReusedError(
            gettext("This id was used for another message. Use a new one."), seen=0, current=0, changes=[]
        )
    return dict(row.outcome)


def _provider_of(actor: Actor) -> UUID:
    """Whose system it is. Raises ForbiddenError for whoever is no supplier's system."""
    if actor.kind != "client" or actor.reach != "provider" or actor.provider_id is None:
        raise ForbiddenError(gettext("This is for a supplier's system."), permission=WORK)
    return actor.provider_id


def _plain(heard: Heard) -> dict[str, Any]:
    return {name: getattr(heard, name) for name in Heard.__slots__ if name != "fields"} | {
        "fields": dict(heard.fields)
    }
