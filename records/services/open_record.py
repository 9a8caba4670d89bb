"""Opening a record of any kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext

from catalogue.models import Service
from lifecycle.public import RuleError
from outbox.public import publish
from people.models import Membership, Provider, SupportGroup
from people.public import Actor
from records.engine.added_facts import added_facts
from records.engine.followers import tell_followers
from records.engine.kinds import kind_of
from records.engine.moments import fact
from records.models import Record, RecordParty, RecordPerson
from records.services.entries import build_entry
from records.services.numbering import insert_numbered, take_numbers
from tenancy.engine.identity import uuid7
from tenancy.public import Batch, definitions_of, definitions_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a record is opened with, checked by the process that opens it. `key` is its own, made here if None."""

    kind: str
    state: str
    title: str
    description: str
    requester: Membership | None
    affected_user: Membership | None
    support_group: SupportGroup
    service: Service | None
    priority: int | None
    is_restricted: bool = False
    external_reference: str = ""
    key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record to be opened with others: see `open_record` for what each part means."""

    opening: Opening
    facts: Mapping[str, Any]
    details: Sequence[models.Model] = ()


def open_record(
    *,
    opening: Opening,
    actor: Actor,
    at: datetime,
    verb: str,
    facts: Mapping[str, Any],
    details: Sequence[models.Model] = (),
) -> Record:
    """Write a new record with all that belongs to it, in one transaction.

    `details` are the process's own rows, whose `record_id` is filled here. The number is taken, and the header
    written, by the last statement; foreign keys are checked at commit.
    """
    record = _build(opening, at)
    known = definitions_version()
    with transaction.atomic(), definitions_of(known):
        batch = Batch()
        batch.hold_definitions()
        opened = Opened(opening=opening, facts=facts, details=details)
        _write_all_but_header(record, opened, verb, actor, at, batch)
        insert_numbered(record=record, batch=batch)
        record.number, version = batch.send()
        if version != known:
            _measure_anew([record], version)
    return record


def open_records(*, opened: Sequence[Opened], actor: Actor, at: datetime, verb: str) -> list[Record]:
    """Write several new records of one kind, numbered in the order given, all or none, in three messages."""
    if not opened:
        return []
    records = [_build(each.opening, at) for each in opened]
    known = definitions_version()
    with transaction.atomic(), definitions_of(known):
        batch = Batch()
        batch.hold_definitions()
        for record, each in zip(records, opened, strict=True):
            _write_all_but_header(record, each, verb, actor, at, batch)
        batch.send()
        numbers = take_numbers(records[0].kind, len(records))
        for record, number in zip(records, numbers, strict=True):
            record.number = number
            batch.insert([record])
        batch.ask_version()
        (version,) = batch.send()
        if version != known:
            _measure_anew(records, version)
    return records


def _write_all_but_header(
    record: Record, opened: Opened, verb: str, actor: Actor, at: datetime, batch: Batch
) -> None:
    facts = {name: fact(None, value) for name, value in _opening_facts(record).items() if value is not None}
    facts |= opened.facts
    changed = {"provider": (None, record.provider_id)} if record.provider_id else {}
    facts |= added_facts(record=record, changed=changed, verb=verb, actor=actor, at=at, batch=batch)
    entry = build_entry(record=record, version=1, actor=actor, at=at, verb=verb, facts=facts)
    for detail in opened.details:
        detail.record_id = record.pk  # type: ignore[attr-defined]
        batch.insert([detail])
    batch.insert(_persons(record))
    batch.insert(_parties(record, actor, at))
    batch.insert([entry])
    index_words(record=record, batch=batch)
    tell_followers(record=record, entries=[entry], is_new=True, batch=batch)
    publish(
        kind=f"{record.kind}.opened",
        record_id=record.pk,
        at=at,
        payload={"verb": verb, "entry": str(entry.pk)},
        batch=batch,
    )


def _measure_anew(records: Sequence[Record], version: int) -> None:
    """Bring what followers wrote up to definitions that changed after the request had begun."""
    batch = Batch()
    with definitions_of(version):
        for record in records:
            tell_followers(record=record, entries=[], is_new=False, batch=batch)
    batch.send()


def _build(opening: Opening, at: datetime) -> Record:
    if not opening.title.strip():
        raise RuleError(gettext("A record needs a title."), fields={"title": gettext("Enter a title.")})
    group, affected = opening.support_group, opening.affected_user or opening.requester
    return Record(
        id=opening.key or uuid7(),
        kind=opening.kind,
        title=opening.title.strip()[:200],
        description=opening.description,
        state=opening.state,
        phase=kind_of(opening.kind).lifecycle.phase(opening.state),
        priority=opening.priority,
        service=opening.service,
        requester=opening.requester,
        affected_user=affected,
        organisation=affected.organisation if affected else None,
        support_group=group,
        provider_id=group.provider_id,
        is_restricted=opening.is_restricted,
        external_reference=opening.external_reference,
        opened_at=at,
        updated_at=at,
    )


def _opening_facts(record: Record) -> dict[str, Any]:
    return {
        "state": record.state,
        "priority": record.priority,
        "service": record.service_id,
        "support_group": record.support_group_id,
        "provider": record.provider_id,
        "requester": record.requester_id,
        "affected_user": record.affected_user_id,
        "organisation": record.organisation_id,
        "title": record.title,
    }


def _persons(record: Record) -> list[RecordPerson]:
    pairs = [(record.requester_id, RecordPerson.Reason.REQUESTER)]
    if record.affected_user_id != record.requester_id:
        pairs.append((record.affected_user_id, RecordPerson.Reason.AFFECTED))
    return [
        RecordPerson(record_id=record.pk, membership_id=person, reason=reason.value)
        for person, reason in pairs
        if person
    ]


def _parties(record: Record, actor: Actor, at: datetime) -> list[RecordParty]:
    providers = {record.provider_id, actor.provider_id if actor.reach == "provider" else None}
    return [
        RecordParty(record_id=record.pk, provider_id=provider, since=at) for provider in providers if provider
    ]


def admit_provider(*, record: Record, provider: Provider, at: datetime) -> None:
    """Let a provider see a record from now on: it holds it, or was asked to help."""
    RecordParty.objects.bulk_create(
        [RecordParty(record_id=record.pk, provider_id=provider.pk, since=at)], ignore_conflicts=True
    )


def index_words(*, record: Record, batch: Batch) -> None:
    """Write the record's search document: what the requester may read, never a work note."""
    batch.add(
        "SELECT records_index(%s, %s, %s, %s)",
        [record.pk, record.opened_at, record.title, record.description],
    )


def add_words(*, record: Record, text: str, batch: Batch) -> None:
    """Let a comment's words find the record too."""
    batch.add("SELECT records_add_words(%s, %s)", [record.pk, text])
