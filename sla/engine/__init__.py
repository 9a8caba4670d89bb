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
from sla.engine.errors import EmptyHistoryError, TargetDefinitionError, UnknownCalendarError
from sla.engine.pauses import HOLDERS, NAMED_HOLDERS
from sla.engine.targets import MARKS, METRICS, SCOPE_ATTRIBUTES, TargetDefinition, best_match
from sla.engine.timeline import Attributes, Change, Segment, Timeline, timeline
from sla.engine.user_clock import UserClock, user_clock

__all__ = [
    "HOLDERS",
    "MARKS",
    "METRICS",
    "NAMED_HOLDERS",
    "SCOPE_ATTRIBUTES",
    "Attributes",
    "CalendarInForce",
    "Change",
    "Clock",
    "EmptyHistoryError",
    "Hold",
    "Segment",
    "TargetBook",
    "TargetDefinition",
    "TargetDefinitionError",
    "Timeline",
    "UnassignedTime",
    "UnknownCalendarError",
    "UserClock",
    "best_match",
    "compute_clocks",
    "custody",
    "custody_totals",
    "group_sequence",
    "holder",
    "hops",
    "ping_pong",
    "time_unassigned",
    "timeline",
    "user_clock",
]
