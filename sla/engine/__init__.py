"""Clocks and custody, pure: no database, no framework, no clock of its own."""

from sla.engine.analysis import CustodyAnalysis, analyse, resolving_group
from sla.engine.backtest import BackTest, Decile, Score, back_test
from sla.engine.blame import Breach, Share, Stretch, breach_of, breaches, stretches
from sla.engine.book import TargetBook
from sla.engine.budget import Allowance, Budget, budget
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
from sla.engine.durations import DurationError, duration_text, parse_duration
from sla.engine.errors import EmptyHistoryError, TargetDefinitionError, UnknownCalendarError
from sla.engine.escalations import EscalationTerms
from sla.engine.forecast import (
    LIKENESSES,
    POINTS,
    Case,
    Forecast,
    Sight,
    Tally,
    TallyBook,
    case_of,
    forecast,
    group_of,
    keys_of,
    point_of,
)
from sla.engine.pauses import HOLDERS, NAMED_HOLDERS
from sla.engine.preview import ClockChange, Standing, clock_changes, standing, with_version
from sla.engine.rulings import (
    Reattribution,
    Ruling,
    VerdictRuling,
    ruled_custody,
    ruled_timeline,
    ruled_verdicts,
)
from sla.engine.targets import MARKS, METRICS, SCOPE_ATTRIBUTES, TargetDefinition, best_match
from sla.engine.timeline import Attributes, Change, Segment, Timeline, timeline
from sla.engine.user_clock import UserClock, user_clock
from sla.engine.waits import NEAR_BREACH_PERCENT, Hand, Wait, used_seconds, waits

__all__ = [
    "HOLDERS",
    "LIKENESSES",
    "MARKS",
    "METRICS",
    "NAMED_HOLDERS",
    "NEAR_BREACH_PERCENT",
    "POINTS",
    "SCOPE_ATTRIBUTES",
    "Allowance",
    "Attributes",
    "BackTest",
    "Breach",
    "Budget",
    "CalendarInForce",
    "Case",
    "Change",
    "Clock",
    "ClockChange",
    "CustodyAnalysis",
    "Decile",
    "DurationError",
    "EmptyHistoryError",
    "EscalationTerms",
    "Forecast",
    "Hand",
    "Hold",
    "Reattribution",
    "Ruling",
    "Score",
    "Segment",
    "Share",
    "Sight",
    "Standing",
    "Stretch",
    "Tally",
    "TallyBook",
    "TargetBook",
    "TargetDefinition",
    "TargetDefinitionError",
    "Timeline",
    "UnassignedTime",
    "UnknownCalendarError",
    "UserClock",
    "VerdictRuling",
    "Wait",
    "analyse",
    "back_test",
    "best_match",
    "breach_of",
    "breaches",
    "budget",
    "case_of",
    "clock_changes",
    "compute_clocks",
    "custody",
    "custody_totals",
    "duration_text",
    "forecast",
    "group_of",
    "group_sequence",
    "holder",
    "hops",
    "keys_of",
    "parse_duration",
    "ping_pong",
    "point_of",
    "resolving_group",
    "ruled_custody",
    "ruled_timeline",
    "ruled_verdicts",
    "standing",
    "stretches",
    "time_unassigned",
    "timeline",
    "used_seconds",
    "user_clock",
    "waits",
    "with_version",
]
