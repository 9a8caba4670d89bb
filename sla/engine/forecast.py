"""How likely a record's promise is to breach: what became of like records that were still open at the same point.

Empirical survival: at each point of a promise's time (every 5 %), of the records that were alike there and had not
ended, how many breached in the end. Alike is: the same phase, priority, service and group; fewer of these where the
history is thin. Only what was known by an instant is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sla.engine.clocks import Clock
    from sla.engine.timeline import Attributes, Timeline

STEP_PERCENT = 5
POINTS = tuple(range(0, 100, STEP_PERCENT))
ENOUGH = 30
METRIC = "resolution"
# What like records share, most alike first. The phase always counts: what is resolved and waits to be closed, or
# waits for somebody, is not like what is being worked on.
LIKENESSES: tuple[tuple[str, ...], ...] = (
    ("phase", "priority", "service", "support_group"),
    ("phase", "priority", "service"),
    ("phase", "priority"),
    ("phase",),
)
_GROUP = "support_group"
_read = attrgetter("phase", "priority", "service", _GROUP)


class Sight(NamedTuple):
    """A record as it stood when a promise's time had run to a point: the keys of its likenesses, most alike first."""

    percent: int
    at: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one record's promise. `known_at` is when that was certain: the breach, else the end."""

    known_at: int
    breached: bool
    sights: tuple[Sight, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many like records were open at each of POINTS, and how many of these breached."""

    opened: tuple[int, ...]
    breached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of `of` like records that were still open at `percent` of their promise, `breached` breached from there.

    `alike` names what they share with the record.
    """

    breached: int
    of: int
    percent: int
    alike: tuple[str, ...]

    @property
    def probability(self) -> float:
        """The share that breached, 0 to 1."""
        return self.breached / self.of


def keys_of(attributes: Attributes) -> tuple[str, ...]:
    """Return the keys of a record's likenesses, most alike first, one for each of LIKENESSES."""
    phase, priority, service, group = (
        "" if value is None else str(value).replace("/", "_") for value in _read(attributes)
    )
    return (
        f"4/{phase}/{priority}/{service}/{group}",
        f"3/{phase}/{priority}/{service}",
        f"2/{phase}/{priority}",
        f"1/{phase}",
    )


def point_of(*, elapsed: int, duration: int) -> int | None:
    """Return the last of POINTS that a clock has reached, None when its time is used up."""
    if elapsed >= duration or duration <= 0:
        return None
    return elapsed * 100 // duration // STEP_PERCENT * STEP_PERCENT


def case_of(*, timeline: Timeline, clocks: Iterable[Clock]) -> Case | None:
    """Return what became of a record's promise, from its clocks; None while that is open, and where none applies.

    A promise that was replaced (another priority, say) is looked at under the terms in force at each point; what
    counts as its end is the end of the last one.
    """
    promises = [clock for clock in clocks if clock.kind == "sla" and clock.metric == METRIC]
    if not promises:
        return None
    last = max(promises, key=attrgetter("matched_at"))
    if last.state in {"superseded", "cancelled"}:
        return None
    known_at = last.stopped_at if last.breached_at is None else last.breached_at
    if known_at is None or (last.breached_at is None and last.state != "stopped"):
        return None
    sights = [
        Sight(percent, at, keys_of(_standing(timeline, at)))
        for clock in promises
        for percent, at in _reached(clock)
        if at < known_at
    ]
    return Case(known_at, last.breached_at is not None, tuple(sights))


class TallyBook:
    """Counts cases by likeness and point. Each record counts once for each."""

    __slots__ = ("_counts", "breached", "cases")

    def __init__(self) -> None:
        self._counts: dict[str, tuple[list[int], list[int]]] = {}
        self.cases = 0
        self.breached = 0

    def add(self, case: Case) -> None:
        """Count one record."""
        self.cases += 1
        self.breached += case.breached
        for key, percent in {(key, sight.percent) for sight in case.sights for key in sight.keys}:
            counts = self._counts.get(key)
            if counts is None:
                counts = self._counts[key] = ([0] * len(POINTS), [0] * len(POINTS))
            place = percent // STEP_PERCENT
            counts[0][place] += 1
            counts[1][place] += case.breached

    def get(self, key: str) -> Tally | None:
        """Return the counts of one likeness as they stand, None when nothing was alike."""
        counts = self._counts.get(key)
        return None if counts is None else Tally(tuple(counts[0]), tuple(counts[1]))

    def tallies(self) -> dict[str, Tally]:
        """Return the counts by key."""
        return {
            key: Tally(tuple(opened), tuple(breached)) for key, (opened, breached) in self._counts.items()
        }


def forecast(
    *, keys: Sequence[str], percent: int, tallies: Mapping[str, Tally] | TallyBook, enough: int = ENOUGH
) -> Forecast | None:
    """Return what history tells of a record at a point: of the most alike records of which there are enough.

    None where even the least alike are fewer than `enough`: then it is better to say nothing.
    """
    place = percent // STEP_PERCENT
    for key, alike in zip(keys, LIKENESSES, strict=True):
        tally = tallies.get(key)
        if tally is not None and tally.opened[place] >= enough:
            return Forecast(tally.breached[place], tally.opened[place], percent, alike)
    return None


def group_of(key: str) -> str:
    """Return the support group that a likeness's key names, "" when it names none."""
    level, _, rest = key.partition("/")
    return rest.rpartition("/")[2] if level == str(len(LIKENESSES)) else ""


def _reached(clock: Clock) -> list[tuple[int, int]]:
    """Return the points that a clock has run through while its target applied, each with its instant."""
    calendar = clock.working_time
    if calendar is None:
        return []
    found: list[tuple[int, int]] = []
    counted, place = 0, 0
    for start, end in clock.runs:
        counted_after = counted + calendar.open_seconds(start, end)
        while place < len(POINTS):
            seconds = -(-clock.duration * POINTS[place] // 100)
            if seconds > counted_after:
                break
            at = calendar.due(start, seconds - counted)
            # Reached exactly as the run ends is not seen running.
            if at >= end:
                break
            if at >= clock.matched_at:
                found.append((POINTS[place], at))
            place += 1
        counted = counted_after
    return found


def _standing(timeline: Timeline, at: int) -> Attributes:
    """Return what the record was at an instant."""
    found = timeline.spans[0].attributes
    for span in timeline.spans:
        if span.start > at:
            break
        found = span.attributes
    return found
