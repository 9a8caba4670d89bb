"""From audit entries to the engine's history."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from records.models import AuditEntry
from records.public import kind_of
from sla.engine import Change, Timeline, timeline
from tenancy.public import compiled

_ATTRIBUTES = frozenset(
    {
        "state",
        "priority",
        "service",
        "offering",
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
def _person(key: int) -> str:
    """A person's key in the engine's spelling. By number, which is found at a fraction of what finding a key costs."""
    return str(UUID(int=key))


@compiled
def steps_with(*, keys: Collection[UUID]) -> QuerySet[AuditEntry, Any]:
    """What histories are made of, of the steps of several records, oldest first: rows of plain columns."""
    columns = ("record_id", "version", "at", "verb", "actor_kind", "actor_id", "actor_name", "facts")
    entries = AuditEntry.objects.filter(record_id__among=keys).order_by("version")
    return entries.values_list(*columns, named=True)


class Subject(Protocol):
    """Whose history it is: a record, or these columns of one."""

    @property
    def kind(self) -> str:
        """The code of its kind."""

    @property
    def requester_id(self) -> UUID | None:
        """Who asked, where somebody did."""


def timeline_of(record: Subject, entries: Iterable[Any], parents: Mapping[str, Any]) -> Timeline:
    """A record's history from all its audit entries."""
    return timeline(changes_of(record, entries, parents))


def changes_of(record: Subject, entries: Iterable[Any], parents: Mapping[str, Any]) -> list[Change]:
    """A record's audit entries, or rows of `steps_with`, as the engine reads them.

    `parents` gives each organisation's parent, for targets on a parent.
    """
    # One pass over plain values: a replay reads every entry of a tenant.
    kind, phase_of = record.kind, kind_of(record.kind).lifecycle.phase
    requester = str(record.requester_id) if record.requester_id else None
    commented = f"{kind}:comment"
    changes = []
    for entry in entries:
        told = entry.facts
        facts: dict[str, Any] = {}
        for name, pair in told.items():
            if name in _ATTRIBUTES:
                facts[name] = pair[1]
        if facts:
            _complete(facts, phase_of, parents)
        if "assignee_name" in told and not facts.get("assignee"):
            # Somebody without a login here, known by name from another system's history, is a person all the same.
            facts["assignee"] = told["assignee_name"][1]
        if entry.version == 1:
            facts["kind"] = kind
        # A step that carried a comment (say, pending with a question) answered the requester as well.
        verb = commented if "comment" in told else entry.verb
        # Somebody without a login here is told apart by name.
        actor = entry.actor_name if entry.actor_id is None else _person(entry.actor_id.int)
        works_it = entry.actor_kind == "member" and (requester is None or actor != requester)
        changes.append(Change(seconds(entry.at), entry.version, facts, verb, works_it, actor or None))
    return changes


def _complete(facts: dict[str, Any], phase_of: Callable[[str], str], parents: Mapping[str, Any]) -> None:
    """Add to the attributes that an entry told those that follow from them."""
    if "state" in facts:
        # To screens what was cancelled is closed like the rest; no promise was kept or broken by it.
        is_cancelled = facts["state"] == _CANCELLED
        facts["phase"] = _CANCELLED if is_cancelled else phase_of(facts["state"])
        # What was promised was promised for the waiting that the record now leaves, or begins.
        facts.setdefault("pending_until", None)
    if facts.get("pending_until"):
        facts["pending_until"] = seconds(datetime.fromisoformat(facts["pending_until"]))
    if "organisation" in facts:
        facts["organisation_path"] = _path(facts["organisation"], parents)


def _path(organisation: str | None, parents: Mapping[str, Any]) -> tuple[str, ...]:
    path: list[str] = []
    while organisation and organisation not in path:
        path.append(organisation)
        organisation = parents.get(organisation)
    return tuple(reversed(path))
