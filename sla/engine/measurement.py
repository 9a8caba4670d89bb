"""How much of a target's time a record has used, and when each warning point was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sla.engine.custody import holder
from sla.engine.engagements import final_stop
from sla.engine.targets import MARKS, OPENED

if TYPE_CHECKING:
    from calendars.engine import WorkingTime
    from sla.engine.engagements import Engagement
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Attributes, Identifier, Timeline

Mode = Literal["running", "paused", "stopped", "cancelled"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """A clock's raw figures. The last run is [run_from, ran_until), `consumed` what was used before it."""

    state: Literal["running", "paused", "stopped", "superseded", "cancelled"]
    started_at: int
    stopped_at: int | None
    elapsed: int
    consumed: int
    run_from: int
    ran_until: int | None
    reached: tuple[tuple[int, int], ...]
    runs: tuple[tuple[int, int], ...]


class _Meter:
    """Adds up runs and notes the instants at which thresholds are reached."""

    __slots__ = ("calendar", "consumed", "elapsed", "ran_until", "reached", "run_from", "runs", "thresholds")

    def __init__(self, calendar: WorkingTime, thresholds: tuple[tuple[int, int], ...], start: int) -> None:
        self.calendar = calendar
        self.thresholds = thresholds
        self.elapsed = 0
        self.consumed = 0
        self.run_from = start
        self.ran_until: int | None = None
        self.reached: list[tuple[int, int]] = []
        self.runs: list[tuple[int, int]] = []

    def add(self, start: int, end: int, *, goes_on: bool) -> None:
        """Count a run; a threshold exactly at its end is reached only if the run goes on."""
        calendar, elapsed = self.calendar, self.elapsed
        self.run_from, self.consumed, self.ran_until = start, elapsed, end
        self.runs.append((start, end))
        total = elapsed + calendar.open_seconds(start, end)
        for percent, seconds in self.thresholds[len(self.reached) :]:
            if seconds > total:
                break
            at = calendar.due(start, seconds - elapsed)
            if at >= end and not goes_on:
                break
            self.reached.append((percent, at))
        self.elapsed = total


def measured(
    *, engagement: Engagement, timeline: Timeline, calendar: WorkingTime, now: int
) -> Measurement | None:
    """Measure a target over a record's whole history up to `now`; None while its clock has not started."""
    definition = engagement.definition
    start = _start(definition, timeline, engagement.from_at)
    horizon = now if engagement.ended_at is None else engagement.ended_at
    if start is None or start > horizon:
        return None
    final = final_stop(definition=definition, timeline=timeline, from_at=start)
    if final is not None and final > horizon:
        final = None
    cut = final is not None or engagement.ended_at is not None
    horizon = horizon if final is None else final
    meter = _Meter(calendar, definition.thresholds, start)
    mode: Mode = "paused"
    mode_from = start
    run_from: int | None = None
    for span in timeline.spans:
        if span.end is not None and span.end <= start:
            continue
        begin = max(span.start, start)
        if begin > horizon or (cut and begin == horizon):
            break
        new_mode = _mode(definition, span.attributes, engagement.party)
        if new_mode == mode:
            continue
        if run_from is not None:
            meter.add(run_from, begin, goes_on=False)
        run_from = begin if new_mode == "running" else None
        mode, mode_from = new_mode, begin
    if run_from is not None:
        meter.add(run_from, horizon, goes_on=not cut)
    state, stopped_at = _ending(engagement, final, mode, mode_from)
    return Measurement(
        state=state,
        started_at=start,
        stopped_at=stopped_at,
        elapsed=meter.elapsed,
        consumed=meter.consumed,
        run_from=meter.run_from,
        ran_until=meter.ran_until,
        reached=tuple(meter.reached),
        runs=tuple(meter.runs),
    )


def _ending(
    engagement: Engagement, final: int | None, mode: Mode, mode_from: int
) -> tuple[Literal["running", "paused", "stopped", "superseded", "cancelled"], int | None]:
    """Return the clock's state and the instant at which it ended, if it did."""
    ending = engagement.ending
    if ending is not None and ending != "handed_over":
        return ending, engagement.ended_at
    if final is not None:
        return "stopped", final
    if mode in {"stopped", "cancelled"}:
        return mode, mode_from
    if ending == "handed_over":
        return "stopped", engagement.ended_at
    return mode, None


def _mode(definition: TargetDefinition, attributes: Attributes, party: Identifier | None) -> Mode:
    state, phase = attributes.state, attributes.phase
    if state in definition.stops_in or phase in definition.stops_in:
        return "stopped"
    if phase == "cancelled":
        return "cancelled"
    if state in definition.pause_on or phase in definition.pause_on:
        return "paused"
    if party is not None and not _holds(definition, attributes, party):
        return "paused"
    return "running"


def _holds(definition: TargetDefinition, attributes: Attributes, party: Identifier) -> bool:
    """Tell whether the party has custody: not while the requester, an approver or the wire has the record."""
    kind, holding = holder(attributes)
    return kind == "group" and party == (holding if definition.kind == "ola" else attributes.provider)


def _start(definition: TargetDefinition, timeline: Timeline, from_at: int) -> int | None:
    """Return when the clock starts: at once, or when its state, phase or mark first comes."""
    start_on = definition.start_on
    if start_on == OPENED:
        return from_at
    if start_on in MARKS:
        instants = timeline.comments if start_on == "responded:comment" else timeline.assignments
        return next((at for at in instants if at >= from_at), None)
    for segment in timeline.segments:
        if segment.end is not None and segment.end <= from_at and segment.start < from_at:
            continue
        if start_on in (segment.attributes.state, segment.attributes.phase):
            return max(segment.start, from_at)
    return None
