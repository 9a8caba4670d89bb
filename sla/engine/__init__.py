"""Clocks and custody, pure: no database, no framework, no clock of its own."""

from sla.engine.book import TargetBook
from sla.engine.clocks import CalendarInForce, Clock, compute_clocks
from sla.engine.custody import (
    Hold,
    UnassignedTime,
    custody,
    custody_totals,
    group_sequence,
    holder,
    hops,
    ping_pong,
    time_unassigned,
)
from sla.engine.durations import duration_text, parse_duration
from sla.engine.errors import EmptyHistoryError, TargetDefinitionError, UnknownCalendarError
from sla.engine.preview import ClockChange, Standing, clock_changes, standing, with_version
from sla.engine.targets import SCOPE_ATTRIBUTES, TargetDefinition, best_match
from sla.engine.timeline import Attributes, Change, Segment, Timeline, timeline
from sla.engine.user_clock import UserClock, user_clock

__all__ = [
    "SCOPE_ATTRIBUTES",
    "Attributes",
    "CalendarInForce",
    "Change",
    "Clock",
    "ClockChange",
    "EmptyHistoryError",
    "Hold",
    "Segment",
    "Standing",
    "TargetBook",
    "TargetDefinition",
    "TargetDefinitionError",
    "Timeline",
    "UnassignedTime",
    "UnknownCalendarError",
    "UserClock",
    "best_match",
    "clock_changes",
    "compute_clocks",
    "custody",
    "custody_totals",
    "duration_text",
    "group_sequence",
    "holder",
    "hops",
    "parse_duration",
    "ping_pong",
    "standing",
    "time_unassigned",
    "timeline",
    "user_clock",
    "with_version",
]
