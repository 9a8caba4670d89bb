"""The door of `sla` for other apps."""

from sla.queries import (
    ClockView,
    CustodyView,
    clocks_of,
    clocks_of_many,
    custody_of,
    next_breach,
    sweep_lag_seconds,
    user_clock_of,
)
from sla.services.define import TargetTerms, define_target

__all__ = [
    "ClockView",
    "CustodyView",
    "TargetTerms",
    "clocks_of",
    "clocks_of_many",
    "custody_of",
    "define_target",
    "next_breach",
    "sweep_lag_seconds",
    "user_clock_of",
]
