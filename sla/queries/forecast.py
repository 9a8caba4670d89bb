"""Reads of forecasts. The record was seen through `records.visible_to` before."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from people.public import Actor
from records.models import Record
from sla import engine
from sla.engine import Attributes, Tally, keys_of, point_of
from sla.models import ForecastTally
from sla.queries.clocks import ClockView
from tenancy.public import compiled

METRIC = "resolution"


class ForecastView(NamedTuple):
    """Of `of` like records still open at `percent` of their promise, `breached` breached from there.

    `alike` names what they share with this one (phase, priority, service, support_group); counted up to `known_until`.
    """

    breached: int
    of: int
    percent: int
    alike: tuple[str, ...]
    probability: float
    known_until: datetime


@compiled
def _tallies(*, keys: Collection[str]) -> QuerySet[ForecastTally, Any]:
    columns = ("key", "provider_id", "opened", "breached", "known_until")
    return ForecastTally.objects.filter(key__among=keys).values_list(*columns)


def forecast_of(actor: Actor, record: Record, views: Iterable[ClockView]) -> ForecastView | None:
    """How likely an open record is to miss its promise, from its clocks as they stand; None where history is thin.

    A supplier's people and systems are told of their own groups only.
    """
    view = next((view for view in views if _is_open_promise(view)), None)
    percent = None if view is None else point_of(elapsed=view.elapsed, duration=view.duration)
    if percent is None:
        return None
    keys = keys_of(
        Attributes(
            phase=record.phase,
            priority=record.priority,
            service=str(record.service_id) if record.service_id else None,
            support_group=str(record.support_group_id) if record.support_group_id else None,
        )
    )
    rows = {key: row for key, *row in _tallies(keys=list(keys))}
    if actor.reach == "provider":
        rows = {key: row for key, row in rows.items() if row[0] == actor.provider_id}
    tallies = {key: Tally(tuple(opened), tuple(breached)) for key, (_, opened, breached, _) in rows.items()}
    found = engine.forecast(keys=keys, percent=percent, tallies=tallies)
    if found is None:
        return None
    known_until = max(row[3] for row in rows.values())
    return ForecastView(found.breached, found.of, found.percent, found.alike, found.probability, known_until)


def _is_open_promise(view: ClockView) -> bool:
    return (
        view.kind == "sla"
        and view.metric == METRIC
        and view.state in ("running", "paused")
        and not view.is_breached
    )
