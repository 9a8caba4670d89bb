"""Definitions as a document holds them, once it has been read and found right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sla.engine.escalations import EscalationTerms

Choice = str | int


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A calendar in the JSON form of `calendars.engine.parse_calendar`."""

    code: str
    definition: Mapping[str, Any]
    name: str = ""


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """One promise, in the words of `sla.engine.TargetDefinition`.

    Duration in seconds of the calendar's open time; the calendar, rows in `applies_to`, and groups and providers in
    `pause`, by code. `escalations` None: as they are today, for they change nothing of what is promised.
    """

    code: str
    name: str
    kind: Literal["sla", "ola", "uc"]
    metric: str
    applies_to: Mapping[str, frozenset[Choice]]
    duration_s: int
    calendar: str
    start: str
    stop: frozenset[str]
    pause: frozenset[str]
    warn_at: tuple[int, ...]
    cumulative: bool = True
    pause_until: bool = False
    escalations: tuple[EscalationTerms, ...] | None = None


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """Priorities for impact (row, 1-4) and urgency (column, 1-4), row by row: 16 numbers.

    `is_default` and `services` (codes) say where it is used; None: as it is used today.
    """

    name: str
    cells: tuple[int, ...]
    is_default: bool | None = None
    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Definitions to be laid over those in force.

    `retired` are codes of targets that apply to nothing any more. `since` is the instant (UTC epoch seconds) from
    which a what-if takes them to have held, None for always.
    """

    calendars: Mapping[str, CalendarEntry] = field(default_factory=dict)
    targets: tuple[TargetEntry, ...] = ()
    retired: tuple[str, ...] = ()
    matrices: tuple[MatrixEntry, ...] = ()
    since: int | None = None
