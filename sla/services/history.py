"""From audit entries to the engine's history."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from records.models import AuditEntry, Record
from records.public import kind_of
from sla.engine import Change, Timeline, timeline
from tenancy.public import compiled

_ATTRIBUTES = frozenset(
    {
        "state",
        "priority",
        "service",
        "category",
        "organisation",
        "support_group",
        "provider",
        "assignee",
        "requester",
        "origin",
        "approver",
        "on_wire",
        "pending_until",
    }
)

_CANCELLED = "cancelled"


def seconds(at: datetime) -> int:
    """An instant as the engine counts: whole seconds of Unix time, fractions dropped."""
    return int(at.timestamp())


@lru_cache(maxsize=4096)
def key_of(text: str) -> UUID:
    """A key as the database has it, from the engine's spelling. The same few groups and targets come all the time."""
    return UUID(text)


@lru_cache(maxsize=4096)
def text_of(key: UUID) -> str:
    """A key of the database in the engine's spelling."""
    return str(key)


@compiled
def steps_with(*, keys: Collection[UUID]) -> QuerySet[AuditEntry, Any]:
    """What histories are made of, of the steps of several records, oldest first: rows of plain columns."""
    columns = ("record_id", "version", "at", "verb", "actor_kind", "actor_id", "actor_name", "facts")
    entries = AuditEntry.objects.filter(record_id__among=keys).order_by("version")
    return entries.values_list(*columns, named=True)


def change_of(*, kind: str, entry: AuditEntry, requester: str | None, parents: Mapping[str, Any]) -> Change:
    """One audit entry as the engine reads it. `parents` gives each organisation's parent, for targets on a parent."""
    facts: dict[str, Any] = {name: pair[1] for name, pair in entry.facts.items() if name in _ATTRIBUTES}
    if "state" in facts:
        # To screens what was cancelled is closed like the rest; no promise was kept or broken by it.
        is_cancelled = facts["state"] == _CANCELLED
        facts["phase"] = _CANCELLED if is_cancelled else kind_of(kind).lifecycle.phase(facts["state"])
        # What was promised was promised for the waiting that the record now leaves, or begins.
        facts.setdefault("pending_until", None)
    if facts.get("pending_until"):
        facts["pending_until"] = seconds(datetime.fromisoformat(facts["pending_until"]))
    if "assignee_name" in entry.facts and not facts.get("assignee"):
        # Somebody without a login here, known by name from another system's history, is a person all the same.
        facts["assignee"] = entry.facts["assignee_name"][1]
    if "organisation" in facts:
        facts["organisation_path"] = _path(facts["organisation"], parents)
    verb = entry.verb
    if "comment" in entry.facts:
        # A step that carried a comment (say, pending with a question) answered the requester as well.
        verb = f"{kind}:comment"
    # Somebody without a login here is told apart by name.
    actor = entry.actor_name if entry.actor_id is None else text_of(entry.actor_id)
    works_it = entry.actor_kind == "member" and (requester is None or actor != requester)
    if entry.version == 1:
        facts["kind"] = kind
    return Change(seconds(entry.at), entry.version, facts, verb, works_it, actor or None)


def timeline_of(record: Record, entries: Iterable[AuditEntry], parents: Mapping[str, Any]) -> Timeline:
    """A record's history from all its audit entries."""
    return timeline(changes_of(record, entries, parents))


def changes_of(record: Record, entries: Iterable[AuditEntry], parents: Mapping[str, Any]) -> list[Change]:
    """A record's audit entries as the engine reads them."""
    requester = str(record.requester_id) if record.requester_id else None
    return [
        change_of(kind=record.kind, entry=entry, requester=requester, parents=parents) for entry in entries
    ]


def _path(organisation: str | None, parents: Mapping[str, Any]) -> tuple[str, ...]:
    path: list[str] = []
    while organisation and organisation not in path:
        path.append(organisation)
        organisation = parents.get(organisation)
    return tuple(reversed(path))
