"""Who met what: clocks with their verdicts, over all records that the actor may see."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from people.public import Actor
from records.models import Record
from records.public import visible_to
from sla.models import Clock
from sla.policy import visible_clock_rows
from sla.queries.clocks import CLOCK_ROW, ClockView, views_of

VERDICTS = ("met", "missed", "open")
_REPLACED = ("superseded", "cancelled")


class VerdictView(NamedTuple):
    """A clock, its record's number, and what it comes to: met, missed, or open while neither is certain."""

    id: UUID
    number: str
    record_kind: str
    verdict: str
    clock: ClockView


class VerdictFilter(NamedTuple):
    """Which verdicts: of clocks started in [start, end) (UTC), of a kind, a metric, an outcome; empty asks nothing."""

    start: datetime | None = None
    end: datetime | None = None
    kind: str = ""
    metric: str = ""
    verdict: str = ""


def verdict_rows(actor: Actor, wanted: VerdictFilter, now: datetime) -> QuerySet[Clock]:
    """The clocks that the actor may see, but those that were replaced, which have no verdict; as of `now` (UTC)."""
    seen = visible_to(actor, Record.objects.filter(pk=OuterRef("record_id"))).order_by().values("pk")[:1]
    rows = (
        Clock.objects.exclude(state__in=_REPLACED)
        .filter(visible_clock_rows(actor))
        .alias(seen=Subquery(seen))
        .filter(seen__isnull=False)
    )
    if wanted.start is not None:
        rows = rows.filter(started_at__gte=wanted.start)
    if wanted.end is not None:
        rows = rows.filter(started_at__lt=wanted.end)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.metric:
        rows = rows.filter(metric=wanted.metric)
    # Breach is derived, so that it is right whatever the sweep does.
    missed = (
        Q(met=False)
        | Q(breached_at__isnull=False)
        | Q(due_at__isnull=False, stopped_at__isnull=True, due_at__lte=now)
    )
    if wanted.verdict == "met":
        rows = rows.filter(met=True)
    elif wanted.verdict == "missed":
        rows = rows.filter(missed)
    elif wanted.verdict == "open":
        rows = rows.filter(met__isnull=True).exclude(missed)
    return rows


def verdicts_with(*, keys: Collection[UUID], now: datetime) -> list[VerdictView]:
    """The verdicts of clocks that a list was found to show, in any order, as of `now` (UTC)."""
    rows: list[Any] = list(
        Clock.objects.filter(pk__in=keys).values_list(
            "id", "record__number", "record__kind", *CLOCK_ROW, named=True
        )
    )
    return [
        VerdictView(row.id, row.record__number, row.record__kind, verdict_of(view), view)
        for row, view in zip(rows, views_of(rows, now), strict=True)
    ]


def verdict_of(view: ClockView) -> str:
    """What a clock comes to so far: met, missed or open."""
    if view.is_breached:
        return "missed"
    return "met" if view.met else "open"
