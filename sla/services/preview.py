"""What a definition would change if it were saved: open records beside how they stand. Nothing is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from calendars.engine import CalendarVersions, OpenInterval, WorkingTime
from calendars.models import Calendar
from calendars.public import versions_of
from people.public import Actor
from records.models import Record
from records.public import visible_to
from sla import engine
from sla.engine import ClockChange, Standing, TargetBook, TargetDefinition
from sla.models import Target, TargetVersion
from sla.services.book import Definitions, definitions, target_definitions
from sla.services.history import seconds, steps_with, timeline_of

PAGE = 500
SHOWN = 50
LIVE = ("open", "pending")


class StandingView(NamedTuple):
    """How a promise stands. Times in UTC; `left` in open seconds, while paused."""

    code: str
    due_at: datetime | None
    verdict: str
    left: int | None


class ChangeView(NamedTuple):
    """A promise on an open record that would come due, or be judged, otherwise."""

    number: str
    record_kind: str
    title: str
    kind: str
    metric: str
    now: StandingView
    then: StandingView


@dataclass(frozen=True, slots=True)
class Changes:
    """The first of them, and how many there are in all: promises, and the records they are on."""

    first: Sequence[ChangeView]
    promises: int
    records: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do. `free_from` is set when it would touch finished records: from then on it would not.

    `intervals` are the next open ones of the calendar that counts, from when the version holds.
    """

    effective_from: datetime
    intervals: Sequence[OpenInterval]
    changes: Changes
    free_from: datetime | None


NO_CHANGES = Changes((), 0, 0)


class Line(NamedTuple):
    """What is read of a record to compute its clocks."""

    pk: UUID
    number: str
    kind: str
    title: str
    requester_id: UUID | None
    phase: str


def with_calendar_version(calendar: Calendar, version: WorkingTime, *, at: datetime) -> Definitions:
    """The tenant's definitions as they would be with one more version of a calendar."""
    held = fresh_definitions()
    rows = [*versions_of(calendar), (seconds(at), version)]
    return replace(held, calendars={**held.calendars, str(calendar.pk): CalendarVersions(rows)})


def with_target_version(target: Target, version: TargetDefinition | None, *, at: datetime) -> Definitions:
    """The tenant's definitions as they would be with one more version of a target; None retires it."""
    held = fresh_definitions()
    rows = TargetVersion.objects.filter(target=target).values_list("effective_from", flat=True)
    starts = [seconds(start) for start in rows]
    targets = engine.with_version(
        target_definitions(), code=target.code, at=seconds(at), version=version, starts=starts
    )
    return replace(held, book=TargetBook(targets))


def fresh_definitions() -> Definitions:
    """The definitions as they are this instant, whatever the request began with."""
    return definitions.holding(lambda _: False)


def changes_of(
    *, now: Definitions, then: Definitions, since: datetime, actor: Actor, at: datetime
) -> Changes:
    """What other definitions, which differ from `since` on, change on the open records that the actor may see."""
    if since > at:
        return NO_CHANGES
    first: list[ChangeView] = []
    promises = records = 0
    open_records = visible_to(actor, Record.objects.filter(phase__in=LIVE))
    for line, compute in _measured(open_records, since, now.parents):
        changes = engine.clock_changes(compute(now, at), compute(then, at))
        promises += len(changes)
        records += bool(changes)
        if len(first) < SHOWN:
            first += [_view(line, change) for change in changes][: SHOWN - len(first)]
    return Changes(tuple(first), promises, records)


def free_from(*, now: Definitions, then: Definitions, since: datetime, at: datetime) -> datetime | None:
    """From when on other definitions would leave alone what finished records were measured by; None: they do.

    All finished records count, whoever may see them, and so nothing is said of any.
    """
    if since > at:
        return None
    latest: int | None = None
    for _, compute in _measured(Record.objects.exclude(phase__in=LIVE), since, now.parents):
        before, after = compute(now, None), compute(then, None)
        if before != after:
            touched = [clock.matched_at for clock in {*before} ^ {*after}]
            latest = max(latest or 0, *touched)
    return None if latest is None else datetime.fromtimestamp(latest + 1, UTC)


def pages_since(records: QuerySet[Record], since: datetime) -> Iterator[list[Line]]:
    """Records with a step at or after an instant, page by page: only these can be measured by what holds from then."""
    rows = records.filter(updated_at__gte=since).order_by("id")
    last: UUID | None = None
    while True:
        page = rows.filter(pk__gt=last) if last else rows
        lines = [Line(*row) for row in page.values_list(*_COLUMNS)[:PAGE]]
        if not lines:
            return
        yield lines
        last = lines[-1].pk


_COLUMNS = ("id", *Line._fields[1:])
Compute = Callable[[Definitions, datetime | None], tuple[engine.Clock, ...]]


def _measured(
    records: QuerySet[Record], since: datetime, parents: Mapping[str, Any]
) -> Iterator[tuple[Line, Compute]]:
    for page in pages_since(records, since):
        steps: dict[UUID, list[Any]] = {line.pk: [] for line in page}
        for entry in steps_with(keys=list(steps)):
            steps[entry.record_id].append(entry)
        for line in page:
            entries = steps[line.pk]
            # Rows of the columns that a history is made of stand in for the record and its entries.
            history = timeline_of(line, entries, parents)
            yield line, _computing(history, last=entries[-1].at)


def _computing(history: engine.Timeline, *, last: datetime) -> Compute:
    """Computes clocks as of an instant, or as of the record's last step."""

    def compute(held: Definitions, at: datetime | None) -> tuple[engine.Clock, ...]:
        now = seconds(last if at is None else at)
        return engine.compute_clocks(
            timeline=history, definitions=held.book, calendars=held.calendars, now=now
        )

    return compute


def _view(line: Line, change: ClockChange) -> ChangeView:
    now, then = _standing(change.now), _standing(change.then)
    return ChangeView(line.number, line.kind, line.title, change.kind, change.metric, now, then)


def _standing(each: Standing) -> StandingView:
    due_at = None if each.due_at is None else datetime.fromtimestamp(each.due_at, UTC)
    return StandingView(each.code, due_at, each.verdict, each.left)
