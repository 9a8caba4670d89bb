"""The mapping as data: what a mapping file says once it has been read and found right. See MAPPING.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sla.engine.notation import entries

STATES = (
    "new",
    "assigned",
    "in_progress",
    "pending_requester",
    "pending_provider",
    "pending_change",
    "resolved",
    "closed",
    "cancelled",
)
PENDING_STATES = ("pending_requester", "pending_provider", "pending_change")
FINAL_STATES = ("closed", "cancelled")
NUMBER_RANGES: Mapping[str, tuple[int, int]] = {"priority": (1, 5), "impact": (1, 4), "urgency": (1, 4)}
TEXT_ATTRIBUTES = ("service", "support_group", "assignee", "organisation", "category")
ATTRIBUTES = ("state", *NUMBER_RANGES, *TEXT_ATTRIBUTES)
"""The attributes of a record that change in its life and of which an entry notes the new value."""
NOTES = ("comment", "work_note")
RECORD_TEXTS = ("title", "description", "requester")
"""Texts that belong to the record once, not to its entries."""

Choice: TypeAlias = entries.Choice
# What a mapping promises is written as any other definition is.
Calendar: TypeAlias = entries.CalendarEntry
Target: TypeAlias = entries.TargetEntry
RowKind = Literal["events", "cases"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the mapping file something is written, from 1."""

    line: int
    column: int
    path: str


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How the text of the history file is cut into rows and cells."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    header: bool = True
    column_names: tuple[str, ...] = ()
    skip_lines: int = 0
    missing: frozenset[str] = frozenset({""})
    trim: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """A table of their values to ours: exact ones (case-folded) first, then patterns with ``*``."""

    exact: Mapping[str, Choice | None]
    patterns: tuple[tuple[str, Choice | None], ...] = ()
    ignored: tuple[str, ...] = ()
    """Values that say nothing about the attribute; they change nothing."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What to do with a value that is unknown or missing."""

    action: Literal["reject", "ignore", "keep", "clear", "value"]
    value: Choice | None = None


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where the value of one of our attributes comes from, and what is done to it on the way."""

    attribute: str
    columns: tuple[str, ...] = ()
    join: str | None = None
    constant: Choice | None = None
    template: str | None = None
    pattern: str | None = None
    choices: Choices | None = None
    unknown: Otherwise = Otherwise("reject")
    missing: Otherwise = Otherwise("ignore")
    write: str | None = None
    before: str | None = None
    """The column with the value before the event (change logs): it held from the opening on."""


@dataclass(frozen=True, slots=True)
class TimeSource:
    """Where an instant comes from. No columns: the first event (only for the opening)."""

    columns: tuple[str, ...]
    join: str
    formats: tuple[str, ...]
    zone: str
    zone_column: str | None = None
    missing: Literal["reject", "ignore", "first_event"] = "ignore"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on one cell: it (case-folded) fits one of the patterns; ``negate`` turns it round."""

    column: str
    patterns: tuple[str, ...]
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What rows of an event log that meet all conditions mean."""

    when: tuple[Condition, ...]
    settings: tuple[ValueSource, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A further time column of a case table, and what happened then."""

    at: TimeSource
    settings: tuple[ValueSource, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause told by columns of a case table: from and until, or either with a length, or a length alone."""

    state: str
    start: TimeSource | None
    end: TimeSource | None
    length_column: str | None = None
    length_unit_s: float = 1.0
    measured_in: str | None = None
    """Calendar in whose open time the length counts; None is wall time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a row is and how the rows of one record hang together."""

    kind: RowKind
    key: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    order: str = "time"
    """``time``, ``file`` or the name of a column with a rising number."""
    backwards: Literal["reject", "clamp"] = "reject"
    on_fault: Literal["row", "record"] = "row"
    unmatched: Literal["reject", "ignore"] = "reject"


@dataclass(frozen=True, slots=True)
class Times:
    """Where the instants of a record come from.

    None for resolved and closed: from the states of the events.
    """

    opened: TimeSource
    event: TimeSource | None = None
    responded: TimeSource | None = None
    assigned: TimeSource | None = None
    resolved: TimeSource | None = None
    closed: TimeSource | None = None
    updated: TimeSource | None = None
    ambiguous: Literal["first", "last"] = "first"
    nonexistent: Literal["forward", "reject"] = "forward"


@dataclass(frozen=True, slots=True)
class Actors:
    """Who acted, and which of them are machines or requesters (patterns, case-folded)."""

    source: ValueSource | None = None
    opened_by: ValueSource | None = None
    system: tuple[str, ...] = ()
    requester: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A verdict of the other system: which column, and which words mean met and missed."""

    target: str
    column: str
    met: frozenset[str]
    missed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claims:
    """What the other system says of itself, kept to compare: counters and verdicts."""

    reassignments: str | None = None
    reopenings: str | None = None
    verdicts: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """A whole mapping.

    ``columns`` says where each column of the file is first named, for a precise complaint.
    """

    name: str
    about: str
    file: FileFormat
    rows: Rows
    times: Times
    opening: tuple[ValueSource, ...]
    fields: tuple[ValueSource, ...]
    texts: tuple[ValueSource, ...]
    actors: Actors
    events: tuple[Rule, ...]
    moments: tuple[Moment, ...]
    holds: tuple[Hold, ...]
    claims: Claims
    providers: tuple[tuple[str, str], ...]
    calendars: Mapping[str, Calendar]
    targets: tuple[Target, ...]
    columns: Mapping[str, Position] = field(default_factory=dict)
    path: str = ""
