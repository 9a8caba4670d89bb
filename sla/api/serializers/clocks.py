"""Clocks, budget, forecast and verdicts over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from sla.engine import Allowance, Budget, UserClock
from sla.queries.clocks import ClockView
from sla.queries.forecast import ForecastView
from sla.queries.verdicts import VerdictView

KINDS = ["sla", "ola", "uc"]
METRICS = ["response", "update", "resolution", "fulfilment", "approval"]


class UsersTimeOut(serializers.Serializer[Any]):
    """The user's clock: opened to resolved in the service's hours, no pauses."""

    state = serializers.ChoiceField(choices=["running", "stopped"])
    elapsed_seconds = serializers.IntegerField()


class MeasuredOut(serializers.Serializer[Any]):
    """A clock as it stands, durations in open seconds of its calendar; `party` is an OLA's group, a UC's provider.

    `target_version` is the definition that it is measured by.
    """

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    metric = serializers.CharField()
    state = serializers.ChoiceField(choices=["running", "paused", "stopped", "superseded", "cancelled"])
    is_breached = serializers.BooleanField()
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.IntegerField()
    elapsed_seconds = serializers.IntegerField()
    remaining_seconds = serializers.IntegerField()
    met = serializers.BooleanField(allow_null=True)
    party = serializers.UUIDField(allow_null=True)
    target_version = serializers.UUIDField()


class AllowanceOut(serializers.Serializer[Any]):
    """What is left of one promise, in open seconds of its own hours."""

    kind = serializers.ChoiceField(choices=KINDS)
    remaining_seconds = serializers.IntegerField()
    duration_seconds = serializers.IntegerField()


class BudgetOut(serializers.Serializer[Any]):
    """The time that the holding group has: the least of its own target's and the customer's."""

    seconds = serializers.IntegerField(help_text="below zero once it is used up")
    limited_by = serializers.ChoiceField(choices=["customer", "own"])
    customer = AllowanceOut(allow_null=True)
    own = AllowanceOut(allow_null=True)


class ForecastOut(serializers.Serializer[Any]):
    """Of `of` like records still open at `percent` of their promise, `breached` breached. Null if history is thin."""

    breached = serializers.IntegerField()
    of = serializers.IntegerField()
    percent = serializers.IntegerField()
    probability = serializers.FloatField()
    alike = serializers.ListField(child=serializers.CharField())
    known_until = serializers.DateTimeField()


class ClocksOut(serializers.Serializer[Any]):
    """All clocks of a record beside the user's, with the holding group's budget and the forecast."""

    number = serializers.CharField()
    as_of = serializers.DateTimeField()
    clocks = MeasuredOut(many=True)
    user_clock = UsersTimeOut(allow_null=True)
    budget = BudgetOut(allow_null=True)
    forecast = ForecastOut(allow_null=True)


@extend_schema_serializer(component_name="ClockVerdict")
class VerdictOut(MeasuredOut):
    """What a clock comes to: met, missed, or open while neither is certain."""

    number = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["met", "missed", "open"])


class VerdictPage(serializers.Serializer[Any]):
    """A page of verdicts; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VerdictOut(many=True)


class VerdictList(serializers.Serializer[Any]):
    """The verdicts of one record."""

    number = serializers.CharField()
    as_of = serializers.DateTimeField()
    results = VerdictOut(many=True)


def measured_of(clock: ClockView) -> dict[str, Any]:
    """A clock as MeasuredOut describes it."""
    return {
        "code": clock.code,
        "kind": clock.kind,
        "metric": clock.metric,
        "state": clock.state,
        "is_breached": clock.is_breached,
        "started_at": clock.started_at,
        "stopped_at": clock.stopped_at,
        "due_at": clock.due_at,
        "breached_at": clock.breached_at,
        "duration_seconds": clock.duration,
        "elapsed_seconds": clock.elapsed,
        "remaining_seconds": clock.remaining,
        "met": clock.met,
        "party": clock.party,
        "target_version": clock.target_version,
    }


def users_of(clock: UserClock | None) -> dict[str, Any] | None:
    """The user's clock as UsersTimeOut describes it."""
    return {"state": clock.state, "elapsed_seconds": clock.elapsed} if clock else None


def budget_out(budget: Budget | None) -> dict[str, Any] | None:
    """A budget as BudgetOut describes it."""
    if budget is None:
        return None
    return {
        "seconds": budget.seconds,
        "limited_by": budget.limited_by,
        "customer": _allowance(budget.customer),
        "own": _allowance(budget.own),
    }


def forecast_out(forecast: ForecastView | None) -> dict[str, Any] | None:
    """A forecast as ForecastOut describes it."""
    if forecast is None:
        return None
    return {
        "breached": forecast.breached,
        "of": forecast.of,
        "percent": forecast.percent,
        "probability": round(forecast.probability, 4),
        "alike": list(forecast.alike),
        "known_until": forecast.known_until,
    }


def verdict_out(number: str, verdict: str, clock: ClockView) -> dict[str, Any]:
    """A verdict as VerdictOut describes it."""
    return {"number": number, "verdict": verdict} | measured_of(clock)


def line_of(view: VerdictView) -> dict[str, Any]:
    """A verdict of a list as VerdictOut describes it."""
    return verdict_out(view.number, view.verdict, view.clock)


def _allowance(allowance: Allowance | None) -> dict[str, Any] | None:
    if allowance is None:
        return None
    return {
        "kind": allowance.kind,
        "remaining_seconds": allowance.remaining,
        "duration_seconds": allowance.duration,
    }
