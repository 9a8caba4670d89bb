"""What another system knew of one record, in our words: the result of reading its rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from transition.engine.faults import RowFault
from transition.engine.mapping import Choice

ActorKind = Literal["agent", "requester", "system"]
Facts = Mapping[str, Choice | None]


@dataclass(frozen=True, slots=True)
class HistoricEntry:
    """One thing that happened.

    ``at`` is UTC epoch seconds. ``facts`` are the new values of what changed, None for 'nobody' or 'nothing',
    and the text of a ``comment`` or ``work_note``. ``verb`` is one of raise, assign, start, pend, resume,
    resolve, reopen, close, cancel, comment, work_note, update: what the facts amount to. ``actor`` is a name
    of theirs or empty.
    """

    at: int
    actor: str
    verb: str
    facts: Facts
    actor_kind: ActorKind = "agent"


@dataclass(frozen=True, slots=True)
class HistoricRecord:
    """The life of one record. The first entry is its opening; entries are in order of time.

    ``counters_claimed`` (reassignments, reopenings) and ``verdicts_claimed`` (target code, or ``*``, to met)
    are what the other system says of itself; they are compared, never believed.
    """

    external_reference: str
    title: str
    description: str
    requester: str
    opened_at: int
    entries: tuple[HistoricEntry, ...]
    counters_claimed: Mapping[str, int] = field(default_factory=dict)
    verdicts_claimed: Mapping[str, bool] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that is told of the record: the same history gives the same text on every run."""
        told = (
            self.external_reference,
            self.title,
            self.description,
            self.requester,
            self.opened_at,
            [
                (entry.at, entry.actor, entry.verb, sorted(entry.facts.items()), entry.actor_kind)
                for entry in self.entries
            ],
            sorted(self.counters_claimed.items()),
            sorted(self.verdicts_claimed.items()),
        )
        return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Folded:
    """The rows of one record, read: the record, unless none of its rows is any good, and the rows kept aside.

    ``rows_used`` and the number of faults add up to the rows there were. ``ordinal`` counts from 1.
    """

    ordinal: int
    external_reference: str
    record: HistoricRecord | None
    faults: tuple[RowFault, ...]
    rows_used: int
