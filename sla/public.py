"""The door of `sla` for other apps."""

from sla.queries.clocks import ClockView, clocks_of, clocks_of_many
from sla.queries.custody import CustodyView, custody_of, user_clock_of
from sla.queries.due import (
    NEVER_DUE,
    due_before,
    next_breach,
    soonest_due,
    sweep_lag_seconds,
    with_next_due,
)
from sla.services.composition import composition_at
from sla.services.define import TargetTerms, define_target
from sla.services.project_histories import project_histories
from sla.services.promises import (
    PromiseCannotBeKeptError,
    check_promise,
    define_promise,
    hold_promises,
    promise_availability,
)
from sla.services.sweep import sweep_once

__all__ = [
    "NEVER_DUE",
    "ClockView",
    "CustodyView",
    "PromiseCannotBeKeptError",
    "TargetTerms",
    "check_promise",
    "clocks_of",
    "clocks_of_many",
    "composition_at",
    "custody_of",
    "define_promise",
    "define_target",
    "due_before",
    "hold_promises",
    "next_breach",
    "project_histories",
    "promise_availability",
    "soonest_due",
    "sweep_lag_seconds",
    "sweep_once",
    "user_clock_of",
    "with_next_due",
]
