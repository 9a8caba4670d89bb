"""Clocks: a pure function of a record's history, dated targets and calendars, and an instant.

Instants are integer UTC epoch seconds, durations integer seconds of open time.

What holds at the edges: a clock is breached at its due instant unless it was stopped, paused or superseded at
or before that instant. Stopping exactly at due is met; still running exactly at due is breached. Due is the
earliest instant at which the last second is used up, so a clock due at Friday's closing and stopped on
Saturday is breached although no further open second has passed. A clock paused with nothing left breaches as
it resumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from calendars.engine import NeverOpenError, WorkingTime
from sla.engine.book import TargetBook
from sla.engine.cycles import in_cycles
from sla.engine.engagements import engagements
from sla.engine.errors import UnknownCalendarError
from sla.engine.measurement import Measurement, measured
from sla.engine.targets import TargetDefinition

if TYPE_CHECKING:
    from sla.engine.engagements import Engagement
    from sla.engine.targets import TargetKind
    from sla.engine.timeline import Identifier, Timeline

ClockState = Literal["running", "paused", "stopped", "superseded", "cancelled"]

# Gives the version of a calendar in force at an instant; `CalendarVersions` is one.
CalendarInForce = Callable[[int], WorkingTime]


@dataclass(frozen=True, slots=True)
class Clock:
    """One target on one record, as it stands at an instant.

    `started_at` is where measuring begins, `matched_at` when the target came to apply; (target_id, party,
    matched_at) tells a record's clocks apart; each cycle of an update target and each round of an approval is a
    clock. `stopped_at` is when it ended, whichever way. `consumed` is the elapsed time at `running_since`, the
    start of the present run; without a run it equals `elapsed`. A clock that is paused until a promised date is
    running since that date, which lies ahead: it comes due by itself, although nobody takes another step.
    `remaining` goes below zero. `due_at` is None while paused unless already breached, when it ended other
    than by running into its stop, and when the calendar does not open long enough. `met` is the verdict of a
    stopped clock, else None. `warnings` are the warning points reached, `schedule` all points, 100 % being
    the breach, reached and to come. `runs` are the stretches that were counted, up to now, in the hours of
    `working_time`: their open seconds add up to `elapsed`.
    """

    target_id: Identifier
    code: str
    kind: TargetKind
    metric: str
    party: Identifier | None
    state: ClockState
    started_at: int
    matched_at: int
    stopped_at: int | None
    duration: int
    elapsed: int
    remaining: int
    consumed: int
    running_since: int | None
    due_at: int | None
    breached_at: int | None
    met: bool | None
    warnings: tuple[tuple[int, int], ...]
    schedule: tuple[tuple[int, int], ...]
    next_fire_at: int | None
    runs: tuple[tuple[int, int], ...] = field(default=(), repr=False, compare=False)
    working_time: WorkingTime | None = field(default=None, repr=False, compare=False)

    def next_fire_after(self, since: int) -> int | None:
        """Return the first warning or breach instant after the last one told; it may lie in the past.

        None when nothing is to come as things stand, and for a clock that is superseded or cancelled.
        """
        if self.state in {"superseded", "cancelled"}:
            return None
        return next((at for _, at in self.schedule if at > since), None)


def compute_clocks(
    *,
    timeline: Timeline,
    definitions: TargetBook | Iterable[TargetDefinition],
    calendars: Mapping[str, CalendarInForce],
    now: int,
    since: int | None = None,
) -> tuple[Clock, ...]:
    """Return all clocks of a record as they stand at `now`, later changes not yet having happened.

    Ordered by kind (SLA, OLA, UC), metric, party and time of matching. `since` is the instant up to which
    warnings and breaches have been told, default `now`: `next_fire_at` is the first one after it. Hand in a
    TargetBook when many records are measured by the same targets. A target is measured by the version of its
    calendar in force when it was matched. Raises UnknownCalendarError.
    """
    if timeline.opened_at > now:
        return ()
    book = definitions if isinstance(definitions, TargetBook) else TargetBook(definitions)
    told = now if since is None else since
    clocks: list[Clock] = []
    for chain in book.chains:
        followed = engagements(chain=chain, timeline=timeline, now=now)
        for engagement in in_cycles(followed=followed, timeline=timeline, now=now):
            calendar = _calendar(calendars, engagement)
            measurement = measured(engagement=engagement, timeline=timeline, calendar=calendar, now=now)
            if measurement is not None:
                clocks.append(_clock(engagement, measurement, calendar, told))
    return tuple(clocks)


def _calendar(calendars: Mapping[str, CalendarInForce], engagement: Engagement) -> WorkingTime:
    try:
        in_force = calendars[engagement.definition.calendar]
    except KeyError as error:
        message = f"target {engagement.definition.code} names the calendar {engagement.definition.calendar!r}"
        raise UnknownCalendarError(message) from error
    return in_force(engagement.matched_at)


def _clock(engagement: Engagement, measurement: Measurement, calendar: WorkingTime, told: int) -> Clock:
    definition = engagement.definition
    duration = definition.duration
    reached = measurement.reached
    breached_at = next((at for percent, at in reached if percent == definition.BREACH_PERCENT), None)
    schedule = reached
    if measurement.state == "running":
        schedule = reached + _to_come(measurement, calendar, definition.thresholds[len(reached) :])
    next_fire_at = None
    if measurement.state not in {"superseded", "cancelled"}:
        next_fire_at = next((at for _, at in schedule if at > told), None)
    return Clock(
        target_id=definition.id,
        code=definition.code,
        kind=definition.kind,
        metric=definition.metric,
        party=engagement.party,
        state=measurement.state,
        started_at=measurement.started_at,
        matched_at=engagement.matched_at,
        stopped_at=measurement.stopped_at,
        duration=duration,
        elapsed=measurement.elapsed,
        remaining=duration - measurement.elapsed,
        consumed=measurement.consumed if measurement.state == "running" else measurement.elapsed,
        running_since=measurement.run_from if measurement.state == "running" else None,
        due_at=_due_at(measurement, calendar, duration, breached_at, schedule),
        breached_at=breached_at,
        met=breached_at is None if measurement.state == "stopped" else None,
        warnings=tuple(point for point in reached if point[0] in definition.warn_at),
        schedule=schedule,
        next_fire_at=next_fire_at,
        runs=measurement.runs,
        working_time=calendar,
    )


def _to_come(
    measurement: Measurement, calendar: WorkingTime, thresholds: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Return the warning points ahead of a running clock; those the calendar never opens for are left out."""
    points: list[tuple[int, int]] = []
    for percent, seconds in thresholds:
        try:
            points.append((percent, calendar.due(measurement.run_from, seconds - measurement.consumed)))
        except NeverOpenError:
            break
    return tuple(points)


def _due_at(
    measurement: Measurement,
    calendar: WorkingTime,
    duration: int,
    breached_at: int | None,
    schedule: tuple[tuple[int, int], ...],
) -> int | None:
    if breached_at is not None:
        return breached_at
    if measurement.state == "running":
        return next((at for percent, at in schedule if percent == TargetDefinition.BREACH_PERCENT), None)
    if measurement.state == "stopped" and measurement.ran_until == measurement.stopped_at:
        try:
            return calendar.due(measurement.run_from, duration - measurement.consumed)
        except NeverOpenError:
            return None
    return None
