"""How much of a target's time a record has used, and when each warning point was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from sla.engine.custody import holder
from sla.engine.engagements import final_stop, span_index
from sla.engine.pauses import REQUESTER, is_held_by
from sla.engine.starts import start_of
from sla.engine.targets import APPROVAL

if TYPE_CHECKING:
    from calendars.engine import WorkingTime
    from sla.engine.engagements import Engagement
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Attributes, Identifier, Timeline

# Waiting is paused until the record's promised date, if that comes first.
Mode = Literal["running", "paused", "waiting", "stopped", "cancelled"]
# A promised date ends a pause by state or phase, or by the requester's having the record; who else has it, has it.
_PROMISING = frozenset({REQUESTER})
State = Literal["running", "paused", "stopped", "superseded", "cancelled"]


class Measurement(NamedTuple):
    """A clock's raw figures. The last run is [run_from, ran_until), `consumed` what was used before it.

    A run that lies ahead, at a promised date, has not `ran_until`.
    """

    state: State
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

    def wait(self, until: int) -> None:
        """Note that the next run begins at an instant ahead."""
        self.run_from, self.consumed, self.ran_until = until, self.elapsed, None


def measured(
    *, engagement: Engagement, timeline: Timeline, calendar: WorkingTime, now: int
) -> Measurement | None:
    """Measure a target over a record's whole history up to `now`; None while its clock has not started."""
    definition = engagement.definition
    from_at = engagement.from_at
    start = from_at if definition.in_cycles else start_of(definition, timeline, from_at)
    horizon = now if engagement.ended_at is None else engagement.ended_at
    if start is None or start > horizon:
        return None
    final = final_stop(definition=definition, timeline=timeline, from_at=start)
    if final is not None and final > horizon:
        final = None
    cut = final is not None or engagement.ended_at is not None
    horizon = horizon if final is None else final
    meter = _Meter(calendar, definition.thresholds, start)
    mode, mode_from = _run(engagement, timeline, meter, start, horizon, cut=cut)
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


def _run(
    engagement: Engagement, timeline: Timeline, meter: _Meter, start: int, horizon: int, *, cut: bool
) -> tuple[Mode, int]:
    """Let the meter count from `start` to `horizon`; return what the clock does then, and since when.

    When `cut`, the clock ends at the horizon, and what the record becomes at that very instant is not looked at.
    """
    definition, party, spans = engagement.definition, engagement.party, timeline.spans
    mode: Mode = "paused"
    mode_from = start
    run_from: int | None = None
    for index in range(span_index(timeline, start), len(spans)):
        since, until, attributes = spans[index]
        begin = max(start, since)
        if begin > horizon or (cut and begin == horizon):
            break
        new_mode = _mode(definition, attributes, party)
        resumes_at = None
        if new_mode == "waiting":
            promised = attributes.pending_until or begin
            new_mode, resumes_at = ("paused", promised) if promised > begin else ("running", None)
        if new_mode != mode:
            if run_from is not None:
                meter.add(run_from, begin, goes_on=False)
            run_from = begin if new_mode == "running" else None
            mode, mode_from = new_mode, begin
        if resumes_at is None or (until is not None and until <= min(resumes_at, horizon)):
            continue
        if resumes_at < horizon or (resumes_at == horizon and not cut):
            mode, mode_from, run_from = "running", resumes_at, resumes_at
        elif not cut:
            meter.wait(resumes_at)
            return "running", resumes_at
    if run_from is not None:
        meter.add(run_from, horizon, goes_on=not cut)
    return mode, mode_from


def _ending(
    engagement: Engagement, final: int | None, mode: Mode, mode_from: int
) -> tuple[State, int | None]:
    """Return the clock's state and the instant at which it ended, if it did."""
    ending = engagement.ending
    if ending in {"superseded", "cancelled"}:
        return ending, engagement.ended_at
    if final is not None:
        return "stopped", final
    if mode == "stopped" or mode == "cancelled":  # noqa: PLR1714  the type is narrowed by it
        return mode, mode_from
    if ending is not None:
        return "stopped", engagement.ended_at
    return ("running" if mode == "running" else "paused"), None


def _mode(definition: TargetDefinition, attributes: Attributes, party: Identifier | None) -> Mode:
    state, phase = attributes.state, attributes.phase
    if state in definition.stops_in or phase in definition.stops_in:
        return "stopped"
    if phase == "cancelled":
        return "cancelled"
    if (party is not None or definition.metric == APPROVAL) and not _holds(definition, attributes, party):
        return "paused"
    rules = definition.pause_holders
    if rules and is_held_by(rules - _PROMISING, attributes):
        return "paused"
    if (
        state in definition.pause_states
        or phase in definition.pause_states
        or (rules and is_held_by(rules & _PROMISING, attributes))
    ):
        is_promised = definition.pause_until and attributes.pending_until is not None
        return "waiting" if is_promised else "paused"
    return "running"


def _holds(definition: TargetDefinition, attributes: Attributes, party: Identifier | None) -> bool:
    """Tell whether the party has custody, or for an approval an approver: not while another has the record."""
    kind, holding = holder(attributes)
    if definition.metric == APPROVAL:
        return kind == "approver" and party in (None, holding)
    return kind == "group" and party == (holding if definition.kind == "ola" else attributes.provider)
