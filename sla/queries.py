"""Reads of clocks and custody. The record was seen through `records.visible_to` before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from calendars.engine import CalendarVersions
from people.public import names_of
from records.models import Record
from records.public import kind_of
from sla import engine
from sla.engine import Attributes, Segment, Timeline, user_clock
from sla.models import Clock, Hold
from sla.services.book import definitions_with
from sla.services.history import seconds
from tenancy.engine.scope import platform_scope
from tenancy.public import compiled

# A list sorted by due time needs a value in every row; keyset pages cannot compare with nothing.
NEVER_DUE = datetime(9999, 1, 1, tzinfo=UTC)


class ClockView(NamedTuple):
    """A clock as it stands at an instant. Times in UTC, durations in open seconds.

    state: running, paused, stopped, superseded or cancelled; `remaining` goes below zero.
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


class CustodyView(NamedTuple):
    """A stretch of custody: who held the record from when to when, and its wall seconds so far."""

    party_kind: str
    party: str
    provider_id: UUID | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int


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
    in_force = _calendars_of(rows)
    views: dict[UUID, list[ClockView]] = defaultdict(list)
    at = seconds(now)
    for row in rows:
        elapsed = row.consumed
        if row.running_since is not None:
            since = seconds(row.running_since)
            elapsed += in_force[row.target_version_id](seconds(row.matched_at)).open_seconds(
                since, max(at, since)
            )
        views[row.record_id].append(_view(row, elapsed, now))
    return views


_ENDED = ("superseded", "cancelled")


class _Hold(NamedTuple):
    """What is read of a stretch of custody, in the order of HOLD_COLUMNS."""

    party_kind: str
    party: UUID | None
    provider_id: UUID | None
    state: str
    started_at: datetime
    ended_at: datetime | None


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


@compiled
def _clocks(*, record_ids: Collection[UUID]) -> QuerySet[Clock, Any]:
    return Clock.objects.filter(record_id__among=record_ids).values_list(*_Row._fields, named=True)


@compiled
def _holds(*, record_id: UUID) -> QuerySet[Hold, Any]:
    return (
        Hold.objects.filter(record_id=record_id).order_by("position").values_list(*_Hold._fields, named=True)
    )


def _calendars_of(rows: list[_Row]) -> dict[UUID, CalendarVersions]:
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
    return ClockView(
        code=row.code,
        kind=row.kind,
        metric=row.metric,
        state=row.state,
        is_breached=is_breached,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        due_at=row.due_at,
        breached_at=row.breached_at or (row.due_at if is_breached else None),
        duration=row.duration,
        elapsed=elapsed,
        remaining=row.duration - elapsed,
        met=row.met,
    )


_WORDS = {"requester": "Requester", "approver": "Approver", "wire": "On the wire", "unassigned": "Nobody"}


def custody_of(record: Record, now: datetime) -> list[CustodyView]:
    """A record's custody ledger at `now` (UTC): its segments add up to wall time exactly."""
    rows = (
        _holds(record_id=record.pk)
        if record.projection is None
        else [_Hold(*values) for values in record.projection.ledger]
    )
    groups = {row.party for row in rows if row.party_kind == "group"}
    group = record.support_group
    # Most records have known one group only, and that is at hand.
    names = {group.pk: group.name} if group and groups <= {group.pk} else names_of(groups)
    return [
        CustodyView(
            party_kind=row.party_kind,
            party=_WORDS.get(row.party_kind) or names.get(row.party, "?"),  # type: ignore[arg-type]  # a group has a key
            provider_id=row.provider_id,
            state=row.state,
            started_at=row.started_at,
            ended_at=row.ended_at,
            seconds=seconds(row.ended_at or max(now, row.started_at)) - seconds(row.started_at),
        )
        for row in rows
    ]


def user_clock_of(
    record: Record, now: datetime, holds: Sequence[CustodyView] | None = None
) -> engine.UserClock | None:
    """The user's clock at `now` (UTC): opened to resolved in the service's hours, no pauses; None without hours.

    Read off the custody ledger (`holds`, when at hand), which tells the record's state at every second.
    """
    hours = record.service.hours_id if record.service else None
    if hours is None:
        return None
    calendar = definitions_with(calendars=[hours]).calendars[str(hours)](seconds(record.opened_at))
    phase_of = kind_of(record.kind).lifecycle.phase
    spans = [
        Segment(
            seconds(hold.started_at),
            seconds(hold.ended_at) if hold.ended_at else None,
            Attributes(state=hold.state, phase=phase_of(hold.state)),
        )
        for hold in (custody_of(record, now) if holds is None else holds)
    ]
    if record.phase == "closed" and spans and spans[-1].end is not None:
        spans.append(Segment(spans[-1].end, None, Attributes(state=record.state, phase="closed")))
    line = Timeline(seconds(record.opened_at), tuple(spans), tuple(spans), (), ())
    return user_clock(timeline=line, calendar=calendar, now=seconds(now))


def next_breach(now: datetime) -> datetime | None:
    """When the tenant's next running SLA clock comes due after `now` (UTC)."""
    row = Clock.objects.filter(kind="sla", state="running", due_at__gt=now).order_by("due_at").first()
    return row.due_at if row else None


def due_before(records: QuerySet[Record], instant: datetime) -> QuerySet[Record]:
    """Of `records`, those with a running SLA clock that is due before `instant` (UTC), breached ones included."""
    # One look-up per record: a list of all that is due, of whatever group, is longer than most pages and every count.
    clocks = Clock.objects.filter(record=OuterRef("pk"), kind="sla", state="running", due_at__lt=instant)
    return records.alias(due=Subquery(clocks.values("pk")[:1])).filter(due__isnull=False)


def soonest_due(records: QuerySet[Record], instant: datetime) -> QuerySet[Clock]:
    """For each of `records` that `due_before` gives, its running SLA clock that is due first; the soonest first.

    For counting to a limit: it walks along what is due, which is little where all is well and soon enough where not.
    """
    running = Clock.objects.filter(kind="sla", state="running")
    mine = records.order_by().filter(pk=OuterRef("record_id")).values("pk")[:1]
    sooner = running.filter(record=OuterRef("record_id")).filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    )
    return (
        running.filter(due_at__lt=instant)
        .alias(mine=Subquery(mine), sooner=Subquery(sooner.values("pk")[:1]))
        .filter(mine__isnull=False, sooner__isnull=True)
        .order_by("due_at")
    )


def with_next_due(records: QuerySet[Record]) -> QuerySet[Record]:
    """`records` with `next_due_at`: when their first running SLA clock comes due, `NEVER_DUE` where none runs."""
    clocks = Clock.objects.filter(record=OuterRef("pk"), kind="sla", state="running", due_at__isnull=False)
    first = Subquery(clocks.order_by("due_at").values("due_at")[:1])
    return records.annotate(next_due_at=Coalesce(first, Value(NEVER_DUE)))


def sweep_lag_seconds() -> float:
    """Seconds that the oldest warning or breach yet to tell is overdue, over all tenants."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM now() - min(next_fire_at)), 0)::float FROM sla_clock"
            " WHERE next_fire_at <= now()"
        )
        return float(cursor.fetchone()[0])


def utc(at: int | None) -> datetime | None:
    """Epoch seconds as an instant."""
    return None if at is None else datetime.fromtimestamp(at, UTC)
