"""Reads of clocks. The record was seen through `records.visible_to` before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from calendars.engine import CalendarVersions
from records.models import Record
from sla.models import Clock
from sla.services.book import definitions_with
from sla.services.history import seconds
from tenancy.public import compiled


class ClockView(NamedTuple):
    """A clock as it stands at an instant. Times in UTC, durations in open seconds.

    state: running, paused, stopped, superseded or cancelled; `remaining` goes below zero. One that is paused until a
    promised date has a `due_at`. Each cycle of an update target is a clock; `matched_at` tells them apart. `party` is
    the group of an OLA or the provider of a UC, `target_version` the definition that it was measured by.
    """

    code: str
    kind: str
    metric: str
    state: str
    is_breached: bool
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    duration: int
    elapsed: int
    remaining: int
    met: bool | None
    matched_at: datetime
    party: UUID | None = None
    target_version: UUID | None = None


def clocks_of(record: Record, now: datetime) -> list[ClockView]:
    """A record's clocks at `now` (UTC), the live ones first."""
    if record.projection is not None:
        return _views(record.projection.clocks, now).get(record.pk, [])
    return clocks_of_many([record.pk], now).get(record.pk, [])


def clocks_of_many(record_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[ClockView]]:
    """The clocks of several records at `now` (UTC), in one read."""
    return _views(_clocks(record_ids=list(record_ids)), now)


def _views(clocks: Sequence[Any], now: datetime) -> dict[UUID, list[ClockView]]:
    """Rows of clocks, stored or just projected, by record."""
    if not clocks:
        return {}
    rows = sorted(clocks, key=lambda row: (row.state in _ENDED, row.kind, row.metric, row.matched_at))
    views: dict[UUID, list[ClockView]] = defaultdict(list)
    for row, view in zip(rows, views_of(rows, now), strict=True):
        views[row.record_id].append(view)
    return views


def views_of(rows: Sequence[Any], now: datetime) -> list[ClockView]:
    """Rows of clocks (with the columns of CLOCK_ROW) as they stand at `now` (UTC), in their order."""
    in_force = _calendars_of(rows)
    views, at = [], seconds(now)
    for row in rows:
        elapsed = row.consumed
        if row.running_since is not None:
            since = seconds(row.running_since)
            elapsed += in_force[row.target_version_id](seconds(row.matched_at)).open_seconds(
                since, max(at, since)
            )
        views.append(_view(row, elapsed, now))
    return views


_ENDED = ("superseded", "cancelled")


class _Row(NamedTuple):
    """What a list reads of a clock."""

    record_id: UUID
    target_version_id: UUID
    code: str
    kind: str
    metric: str
    state: str
    started_at: datetime
    matched_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    running_since: datetime | None
    duration: int
    consumed: int
    met: bool | None
    party: UUID | None


CLOCK_ROW = _Row._fields


@compiled
def _clocks(*, record_ids: Collection[UUID]) -> QuerySet[Clock, Any]:
    return Clock.objects.filter(record_id__among=record_ids).values_list(*_Row._fields, named=True)


def _calendars_of(rows: Sequence[Any]) -> dict[UUID, CalendarVersions]:
    """The calendar of each running clock's target."""
    running = {row.target_version_id for row in rows if row.running_since is not None}
    if not running:
        return {}
    held = definitions_with(targets=running)
    return {key: held.calendars[held.calendar_of[str(key)]] for key in running}


def _view(row: _Row, elapsed: int, now: datetime) -> ClockView:
    # Breach is derived, so that it is right whatever the sweep does.
    is_breached = row.state not in _ENDED and (
        row.met is False
        or row.breached_at is not None
        or (row.due_at is not None and row.stopped_at is None and row.due_at <= now)
    )
    # It runs again by itself at the promised date, which is when its present run begins.
    is_waiting = row.state == "running" and row.running_since is not None and row.running_since > now
    return ClockView(
        code=row.code,
        kind=row.kind,
        metric=row.metric,
        state="paused" if is_waiting else row.state,
        is_breached=is_breached,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        due_at=row.due_at,
        breached_at=row.breached_at or (row.due_at if is_breached else None),
        duration=row.duration,
        elapsed=elapsed,
        remaining=row.duration - elapsed,
        met=row.met,
        matched_at=row.matched_at,
        party=row.party,
        target_version=row.target_version_id,
    )
