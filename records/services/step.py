"""One step on one record: the only way a record changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import NotFoundError, StaleVersionError
from outbox.public import publish
from people.models import Provider
from people.public import Actor
from records.engine.added_facts import added_facts
from records.engine.followers import tell_followers
from records.engine.kinds import kind_of
from records.engine.moments import fact
from records.models import AuditEntry, Comment, Record, WorkNote
from records.services.entries import build_entry
from records.services.open_record import add_words, admit_provider, index_words
from tenancy.public import Batch, definitions_of, write_if

_COLUMN_OF = {
    "service": "service_id",
    "requester": "requester_id",
    "affected_user": "affected_user_id",
    "organisation": "organisation_id",
    "support_group": "support_group_id",
    "provider": "provider_id",
    "assignee": "assignee_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step does: header attributes by name, words, and facts of the process's own table."""

    verb: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    work_note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    message: str = "changed"
    payload: Mapping[str, Any] = field(default_factory=dict)


def take_step(
    *, record: Record, step: Step, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Apply a step to a record the actor was allowed to load, in one transaction; returns the record as it is now.

    Header, audit entry, words, clocks and message are written together or not at all. `seen_version` is the version
    the actor's decision rests on; None means the version as loaded.
    Raises StaleVersionError when the record has another version, with what changed since.
    """
    seen = record.version if seen_version is None else seen_version
    old = {name: getattr(record, _COLUMN_OF.get(name, name)) for name in step.changes}
    changed = {name: value for name, value in step.changes.items() if old[name] != value}
    columns = {_COLUMN_OF.get(name, name): value for name, value in changed.items()}
    if "state" in changed:
        columns |= _times_of(record, changed["state"], at)
    facts = {name: fact(old[name], value) for name, value in changed.items()} | dict(step.facts)
    with transaction.atomic():
        written = columns | {"version": seen + 1, "updated_at": at}
        as_seen = {"id": record.pk, "version": seen, "state": record.state}
        version = write_if(Record, written, still=as_seen)
        if version is None:
            raise stale(record, seen)
        for name, value in written.items():
            setattr(record, name, value)
        batch = Batch()
        facts |= _write_words(record, step, actor, at, batch)
        before = {name: (old[name], value) for name, value in changed.items()}
        facts |= added_facts(record=record, changed=before, verb=step.verb, actor=actor, at=at, batch=batch)
        entry = build_entry(
            record=record, version=record.version, actor=actor, at=at, verb=step.verb, facts=facts
        )
        batch.insert([entry])
        if changed.get("provider"):
            admit_provider(record=record, provider=Provider(pk=changed["provider"]), at=at)
        if "title" in changed or "description" in changed:
            index_words(record=record, batch=batch)
        with definitions_of(version):
            tell_followers(record=record, entries=[entry], is_new=False, batch=batch)
        publish(
            kind=f"{record.kind}.{step.message}",
            record_id=record.pk,
            at=at,
            payload={"verb": step.verb, "entry": str(entry.pk)} | dict(step.payload),
            batch=batch,
        )
        batch.send()
    return record


def _times_of(record: Record, state: str, at: datetime) -> dict[str, Any]:
    """The header's phase and its times for a new state. A reopened record is neither resolved nor closed."""
    phase = kind_of(record.kind).lifecycle.phase(state)
    columns: dict[str, Any] = {"phase": phase}
    if phase == "resolved":
        columns |= {"resolved_at": at, "closed_at": None}
    elif phase == "closed":
        columns |= {"closed_at": at}
    else:
        columns |= {"resolved_at": None, "closed_at": None}
    return columns


def _write_words(record: Record, step: Step, actor: Actor, at: datetime, batch: Batch) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for model, name, body in ((Comment, "comment", step.comment), (WorkNote, "work_note", step.work_note)):
        if not body.strip():
            continue
        written = model(
            record_id=record.pk,
            author_id=actor.membership_id,
            author_name=actor.name,
            door=actor.door,
            body=body.strip(),
            written_at=at,
        )
        batch.insert([written])
        facts[name] = str(written.pk)
    if "comment" in facts:
        add_words(record=record, text=step.comment, batch=batch)
    return facts


def require_seen(*, record: Record, seen_version: int | None) -> None:
    """Raises StaleVersionError when the actor saw another version than this: for a step that changes nothing."""
    if seen_version not in (None, record.version):
        raise stale(record, seen_version or 0)


def stale(record: Record, seen: int) -> StaleVersionError | NotFoundError:
    """The error for a record that is no longer as it was seen, with the steps taken since."""
    current = Record.objects.filter(pk=record.pk).values_list("version", flat=True).first()
    if current is None:
        return NotFoundError(gettext("There is no such record."))
    since = AuditEntry.objects.filter(record_id=record.pk, version__gt=seen).order_by("version")[:20]
    changes = [
        {"at": entry.at.isoformat(), "by": entry.actor_name, "verb": entry.verb, "facts": sorted(entry.facts)}
        for entry in since
    ]
    return StaleVersionError(
        gettext("The record changed after you read it. Nothing was saved."),
        seen=seen,
        current=current,
        changes=changes,
    )
