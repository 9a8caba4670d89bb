"""The door of `sla` for other apps."""

from sla.queries import (
    NEVER_DUE,
    ClockView,
    CustodyView,
    clocks_of,
    clocks_of_many,
    custody_of,
    due_before,
    next_breach,
    soonest_due,
    sweep_lag_seconds,
    user_clock_of,
    with_next_due,
)
from sla.services.define import TargetTerms, define_target
from sla.services.project_histories import project_histories
from sla.services.sweep import sweep_once

__all__ = [
    "NEVER_DUE",
    "ClockView",
    "CustodyView",
    "TargetTerms",
    "clocks_of",
    "clocks_of_many",
    "custody_of",
    "define_target",
    "due_before",
    "next_breach",
    "project_histories",
    "soonest_due",
    "sweep_lag_seconds",
    "sweep_once",
    "user_clock_of",
    "with_next_due",
]
