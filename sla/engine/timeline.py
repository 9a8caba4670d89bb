"""A record's life as a piecewise constant function of time, folded from its changes.

All instants are integer UTC epoch seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sla.engine.errors import EmptyHistoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Identifier = str | int

TERMINAL_PHASES = frozenset({"closed", "cancelled"})
REQUESTER_STATE = "pending_requester"


class Attributes(NamedTuple):
    """What a record was during a stretch of time, as far as targets, clocks and custody ask.

    `organisation_path` runs from the root to the record's own organisation, so that a target on a parent
    covers its children. `approver` is whoever is asked to approve, None when nobody is; `on_wire` is true
    from handing over to a supplier's system until that system acknowledges. `origin` names the history that the
    record was imported with, None for a record that was opened here. `pending_until` is the instant for which what
    the record waits for was promised, None when nothing was, or nothing is waited for.
    """

    kind: str = ""
    state: str = ""
    phase: str = "open"
    priority: int | None = None
    service: Identifier | None = None
    offering: Identifier | None = None
    category: Identifier | None = None
    ci_class: Identifier | None = None
    organisation: Identifier | None = None
    organisation_path: tuple[Identifier, ...] = ()
    support_group: Identifier | None = None
    provider: Identifier | None = None
    assignee: Identifier | None = None
    requester: Identifier | None = None
    approver: Identifier | None = None
    on_wire: bool = False
    origin: Identifier | None = None
    pending_until: int | None = None


class Change(NamedTuple):
    """One audit entry: at an instant, the `seq`-th of the record, some attributes took new values.

    `facts` may hold more than the attributes; the rest is ignored. `verb` ends in `comment` for a comment
    (alone or after a colon, `incident:comment`). `human` says that a person who works the record did it:
    neither a rule nor the requester, whose words are no response. `actor` is who did it, by key or by name.
    """

    at: int
    seq: int
    facts: Mapping[str, Any]
    verb: str = ""
    human: bool = True
    actor: Identifier | None = None


class Segment(NamedTuple):
    """The record was `attributes` in [start, end); the last segment has no end."""

    start: int
    end: int | None
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Timeline:
    """A record's history.

    `segments` holds every stretch, also those of no length where several changes share an instant; `spans`
    only those that last, which is what time is counted on. `comments` and `assignments` are the instants of
    human comments and of assignments to a person, ascending.
    """

    opened_at: int
    segments: tuple[Segment, ...]
    spans: tuple[Segment, ...]
    comments: tuple[int, ...]
    assignments: tuple[int, ...]

    @property
    def first_comment_at(self) -> int | None:
        """Return when somebody who works the record first wrote to the requester."""
        return self.comments[0] if self.comments else None

    @property
    def first_assignment_at(self) -> int | None:
        """Return when the record was first assigned to a person."""
        return self.assignments[0] if self.assignments else None

    @property
    def closed_at(self) -> int | None:
        """Return when the record was closed or cancelled for good, None while it lives."""
        closed_at = None
        for span in reversed(self.spans):
            if span.attributes.phase not in TERMINAL_PHASES:
                break
            closed_at = span.start
        return closed_at


_PLACES = {name: place for place, name in enumerate(Attributes._fields)}
_PATH, _ASSIGNEE = _PLACES["organisation_path"], _PLACES["assignee"]
_moment = attrgetter("at", "seq")
# Named tuples of values already in their order, at a third of what a call by position costs.
_tuple: Any = tuple.__new__


def timeline(changes: Iterable[Change]) -> Timeline:
    """Fold a record's changes, in any order, into its timeline; the first one opens it.

    Raises EmptyHistoryError when there is no change.
    """
    ordered = sorted(changes, key=_moment)
    if not ordered:
        message = "a record's history holds at least the change that opened it"
        raise EmptyHistoryError(message)
    segments: list[Segment] = []
    comments: list[int] = []
    assignments: list[int] = []
    # One pass over plain values: a replay folds every record of a tenant.
    current: list[Any] = list(Attributes())
    opened_at = start = ordered[0].at
    attributes: Attributes | None = None
    for at, _, facts, verb, human, _ in ordered:
        differs = attributes is None
        for name, fact in facts.items():
            place = _PLACES.get(name)
            if place is None:
                continue
            value = tuple(fact) if place == _PATH else fact
            if current[place] != value:
                if place == _ASSIGNEE and value is not None:
                    assignments.append(at)
                current[place] = value
                differs = True
        if human and is_comment(verb):
            comments.append(at)
        if differs:
            if attributes is not None:
                segments.append(_tuple(Segment, (start, at, attributes)))
            attributes = _tuple(Attributes, current)
            start = at
    # The loop ran at least once, so there are attributes; the fallback only satisfies the type.
    segments.append(Segment(start, None, attributes or Attributes()))
    return Timeline(
        opened_at=opened_at,
        segments=tuple(segments),
        spans=tuple(segment for segment in segments if segment.start != segment.end),
        comments=tuple(comments),
        assignments=tuple(assignments),
    )


def is_comment(verb: str) -> bool:
    """Tell whether a step of this name was a comment, alone or of a kind of record."""
    return verb.endswith("comment") and verb.rpartition(":")[2] == "comment"
