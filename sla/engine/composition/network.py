"""A network of stages: what happens after what, in whose working time, and how late it can end.

All instants are integer UTC epoch seconds, all durations integer seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sla.engine.composition.errors import CircularCompositionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from calendars.engine import OpenInterval

_BATCH = 64


class Hours(Protocol):
    """Working time, as `calendars.engine.WorkingTime` tells it."""

    def open_seconds(self, start: int, end: int) -> int:
        """Return the open seconds in [start, end)."""

    def due(self, start: int, seconds: int) -> int:
        """Return the earliest instant at which that many open seconds after `start` have passed."""

    def next_intervals(self, instant: int, count: int) -> tuple[OpenInterval, ...]:
        """Return the next open intervals from an instant on."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Something that takes `seconds` once `needed` of the stages named in `after` have ended (all, unless said).

    They are seconds of `hours`, or of the day where there are none. `label` is how a chain names it; "" keeps it out.
    """

    key: str
    label: str = ""
    seconds: int = 0
    hours: Hours | None = None
    after: tuple[str, ...] = ()
    needed: int | None = None


class Link(NamedTuple):
    """One stage of a chain: from when to when, and how much working time it took."""

    label: str
    began_at: int
    ended_at: int
    seconds: int


class Worst(NamedTuple):
    """The start at which a network takes longest, how long in the measuring hours, and the chain that takes it.

    `is_any`: it takes as long from every other start.
    """

    start: int
    seconds: int
    chain: tuple[Link, ...]
    is_any: bool


class Network:
    """Stages up to the one named `end`. Raises CircularCompositionError naming the circle."""

    def __init__(self, stages: Iterable[Stage], *, end: str) -> None:
        self._stages = {stage.key: stage for stage in stages}
        self._end = end
        try:
            order = tuple(
                TopologicalSorter({key: stage.after for key, stage in self._stages.items()}).static_order()
            )
        except CycleError as error:
            cycle = tuple(self._stages[key].label or key for key in reversed(error.args[1]))
            raise CircularCompositionError(cycle) from error
        self._order = tuple(self._stages[key] for key in order)

    def ends(self, start: int) -> int:
        """Return when everything has ended that began at `start`. Raises NeverOpenError."""
        return self._run(start)[self._end][1]

    def chain(self, start: int) -> tuple[Link, ...]:
        """Return the stages that everything else waited for, first to last."""
        times = self._run(start)
        found: list[Link] = []
        stage: Stage | None = self._stages[self._end]
        while stage is not None:
            began, ended = times[stage.key]
            if stage.label:
                found.append(Link(stage.label, began, ended, stage.seconds))
            stage = next((self._stages[key] for key in stage.after if times[key][1] == began), None)
        return tuple(reversed(found))

    def worst(self, *, measured_in: Hours, low: int, high: int) -> Worst:
        """Return the start in [low, high) after which the most open seconds of `measured_in` pass until the end.

        Exact. The end never comes earlier for a later start, and where it does not jump it comes at most a second later
        for a start a second later. So while the measuring hours are open the time taken only falls between jumps, and
        while they are closed it only rises: the worst start is the first or the last one, an opening, or a jump.
        """
        jumps, openings = (
            self._jumps(low, high - 1),
            {start for start, _ in intervals(measured_in, low, high)},
        )
        taken = (
            (measured_in.open_seconds(start, self.ends(start)), -start)
            for start in {low, high - 1} | jumps | openings
        )
        seconds, negative = max(taken)
        # Without a jump, around the clock, the time taken only falls: equal at both ends, it is equal everywhere.
        is_any = (
            not jumps
            and openings == {low}
            and measured_in.open_seconds(low, high) == high - low
            and measured_in.open_seconds(high - 1, self.ends(high - 1)) == seconds
        )
        return Worst(-negative, seconds, self.chain(-negative), is_any)

    def _run(self, start: int) -> dict[str, tuple[int, int]]:
        """When each stage begins and ends."""
        times: dict[str, tuple[int, int]] = {}
        for stage in self._order:
            began = _joined(stage, times, start)
            ended = stage.hours.due(began, stage.seconds) if stage.hours else began + stage.seconds
            times[stage.key] = began, ended
        return times

    def _jumps(self, low: int, high: int) -> set[int]:
        """Every start in (low, high] at which the end may come more than a second later than for the start before.

        A stage jumps where its last second moves past a closing time. Jumps are carried from the end of the network to
        its start: an instant of a stage's end becomes the first instant of its beginning that leads there.
        """
        first, last = self._run(low), self._run(high)
        wanted: dict[str, set[int]] = {stage.key: set() for stage in self._order}
        found: set[int] = set()
        for stage in reversed(self._order):
            began, latest = first[stage.key][0], last[stage.key][0]
            into = set(_carried(stage, began, latest, wanted[stage.key]))
            if not stage.after:
                found |= into
            for key in stage.after:
                wanted[key] |= {instant for instant in into if first[key][1] < instant <= last[key][1]}
        return found


def intervals(hours: Hours, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Open intervals from `low` until one begins at `high` or later, cut to begin at `low` and to end at `high`."""
    instant = low
    while instant < high:
        batch = hours.next_intervals(instant, _BATCH)
        for start, end in batch:
            if start >= high:
                return
            yield start, high if end is None else min(end, high)
        if len(batch) < _BATCH or batch[-1].end is None:
            return
        instant = batch[-1].end


def _joined(stage: Stage, times: Mapping[str, tuple[int, int]], start: int) -> int:
    if not stage.after:
        return start
    ends = sorted(times[key][1] for key in stage.after)
    return ends[(len(ends) if stage.needed is None else stage.needed) - 1]


def _carried(stage: Stage, began: int, latest: int, wanted: set[int]) -> Iterator[int]:
    """The first instants of a stage's beginning, after `began`, that lead to a wanted end, or past a closing time."""
    hours, seconds = stage.hours, stage.seconds
    if hours is None or not seconds:
        yield from (instant - seconds for instant in wanted if instant - seconds > began)
        return
    first, last = hours.due(began, seconds), hours.due(latest, seconds)
    closings = {end + 1 for _, end in intervals(hours, first - 1, last) if end < last}
    for instant in wanted | closings:
        before = hours.open_seconds(began, instant - 1) - seconds
        if before >= 0:
            yield hours.due(began, before + 1)
