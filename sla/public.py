"""The door of `sla` for other apps."""

from sla.policy import visible_clocks
from sla.queries.analysis import BreachView, CustodyReport, PartyTotal, WaitView, analysis_of, custody_report
from sla.queries.budget import budget_of, budget_on_hand_over
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
from sla.queries.forecast import ForecastView, forecast_of
from sla.queries.user_clocks import user_clocks_of_many
from sla.queries.verdicts import VerdictFilter, VerdictView, verdict_of, verdict_rows, verdicts_with
from sla.services.define import TargetTerms, define_target
from sla.services.project_histories import project_histories
from sla.services.sweep import sweep_once

__all__ = [
    "NEVER_DUE",
    "BreachView",
    "ClockView",
    "CustodyReport",
    "CustodyView",
    "ForecastView",
    "PartyTotal",
    "TargetTerms",
    "VerdictFilter",
    "VerdictView",
    "WaitView",
    "analysis_of",
    "budget_of",
    "budget_on_hand_over",
    "clocks_of",
    "clocks_of_many",
    "custody_of",
    "custody_report",
    "define_target",
    "due_before",
    "forecast_of",
    "next_breach",
    "project_histories",
    "soonest_due",
    "sweep_lag_seconds",
    "sweep_once",
    "user_clock_of",
    "user_clocks_of_many",
    "verdict_of",
    "verdict_rows",
    "verdicts_with",
    "visible_clocks",
    "with_next_due",
]
