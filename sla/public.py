"""The door of `sla` for other apps."""

from sla.engine import EscalationTerms
from sla.engine.rule_actions import Cause, RuleActions, register_rule_actions
from sla.policy import visible_clocks
from sla.queries.analysis import (
    BreachView,
    CustodyReport,
    HeldView,
    PartyTotal,
    WaitView,
    analysis_of,
    custody_report,
)
from sla.queries.budget import budget_of, budget_on_hand_over
from sla.queries.clocks import ClockView, clocks_of, clocks_of_many
from sla.queries.custody import CustodyView, custody_of, user_clock_of
from sla.queries.disputes import Contestable, DisputeView, contestable_of, disputes_about
from sla.queries.due import (
    NEVER_DUE,
    PROMISED,
    due_before,
    next_breach,
    soonest_due,
    sweep_lag_seconds,
    with_next_due,
)
from sla.queries.forecast import ForecastView, forecast_of
from sla.queries.targets import target_names
from sla.queries.user_clocks import user_clocks_of_many
from sla.queries.verdicts import VerdictFilter, VerdictView, verdict_of, verdict_rows, verdicts_with
from sla.services.composition import composition_at
from sla.services.define import TargetTerms, define_target, retire_target
from sla.services.measure import Measured, measure_records, record_keys
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
    "PROMISED",
    "BreachView",
    "Cause",
    "ClockView",
    "Contestable",
    "CustodyReport",
    "CustodyView",
    "DisputeView",
    "EscalationTerms",
    "ForecastView",
    "HeldView",
    "Measured",
    "PartyTotal",
    "PromiseCannotBeKeptError",
    "RuleActions",
    "TargetTerms",
    "VerdictFilter",
    "VerdictView",
    "WaitView",
    "analysis_of",
    "budget_of",
    "budget_on_hand_over",
    "check_promise",
    "clocks_of",
    "clocks_of_many",
    "composition_at",
    "contestable_of",
    "custody_of",
    "custody_report",
    "define_promise",
    "define_target",
    "disputes_about",
    "due_before",
    "forecast_of",
    "hold_promises",
    "measure_records",
    "next_breach",
    "project_histories",
    "promise_availability",
    "record_keys",
    "register_rule_actions",
    "retire_target",
    "soonest_due",
    "sweep_lag_seconds",
    "sweep_once",
    "target_names",
    "user_clock_of",
    "user_clocks_of_many",
    "verdict_of",
    "verdict_rows",
    "verdicts_with",
    "visible_clocks",
    "with_next_due",
]
