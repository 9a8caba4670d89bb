"""Verdicts under two sets of definitions, compared: which changed, and how many of what. Pure.

A verdict is of one promise on one record: kind, metric, party and the target's code. Where several clocks are of one
promise (each hold of a group by itself, or a target that came to apply twice) it is broken if any of them is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from sla.engine.clocks import Clock
    from sla.engine.timeline import Identifier

Word = Literal["met", "breached", "open", "none"]
Direction = Literal["worse", "better", "appears", "vanishes", "moved"]

WORDS: tuple[Word, ...] = ("met", "breached", "open", "none")
DIRECTIONS: tuple[Direction, ...] = ("better", "worse", "appears", "vanishes", "moved")
DIMENSIONS = ("service", "provider", "priority", "month", "measure")
_ENDED = frozenset({"superseded", "cancelled"})


class Promise(NamedTuple):
    """What a verdict is of."""

    kind: str
    metric: str
    party: Identifier | None
    code: str


class Verdict(NamedTuple):
    """Met, breached, or open still; due and elapsed are those of the last clock, in epoch and open seconds."""

    word: Word
    due_at: int | None
    elapsed: int


NO_VERDICT = Verdict("none", None, 0)


class Compared(NamedTuple):
    """One promise of one record under both sets of definitions; no direction where nothing changes."""

    promise: Promise
    before: Verdict
    after: Verdict
    direction: Direction | None


def verdicts_of(clocks: Iterable[Clock]) -> dict[Promise, Verdict]:
    """Return the verdict of each promise; clocks whose target ceased to apply count for nothing."""
    found: dict[Promise, Verdict] = {}
    for clock in clocks:
        if clock.state in _ENDED:
            continue
        promise = Promise(clock.kind, clock.metric, clock.party, clock.code)
        word: Word = "open" if clock.met is None else "met"
        if clock.breached_at is not None:
            word = "breached"
        before = found.get(promise)
        if before is not None and before.word != "met" and word != "breached":
            word = before.word
        found[promise] = Verdict(word, clock.due_at, clock.elapsed)
    return found


def direction_of(before: Verdict, after: Verdict) -> Direction | None:
    """Return how a verdict changed, None where it is the same and, while open, due at the same instant."""
    if before.word == after.word:
        return "moved" if before.word == "open" and before.due_at != after.due_at else None
    if before.word == "none":
        return "appears"
    if after.word == "none":
        return "vanishes"
    if after.word == "breached":
        return "worse"
    return "better" if before.word == "breached" else "moved"


@dataclass(slots=True)
class Tally:
    """How many promises went from which verdict to which, and how many only moved."""

    steps: Counter[tuple[Word, Word]] = field(default_factory=Counter)
    moved: int = 0

    def add(self, before: Word, after: Word, *, moved: bool, times: int = 1) -> None:
        """Count one promise."""
        self.steps[before, after] += times
        self.moved += times * moved

    def before(self, word: Word) -> int:
        """How many had this verdict under the definitions in force."""
        return sum(count for (old, _), count in self.steps.items() if old == word)

    def after(self, word: Word) -> int:
        """How many have it under the others."""
        return sum(count for (_, new), count in self.steps.items() if new == word)

    @property
    def breaches_gone(self) -> int:
        """Breaches that are none under the other definitions."""
        return sum(c for (old, new), c in self.steps.items() if old == "breached" and new != "breached")

    @property
    def breaches_new(self) -> int:
        """Breaches that are some only under the other definitions."""
        return sum(c for (old, new), c in self.steps.items() if old != "breached" and new == "breached")

    def plain(self) -> dict[str, int]:
        """The tally as JSON holds it."""
        return {f"{old}>{new}": count for (old, new), count in sorted(self.steps.items())} | {
            "moved": self.moved
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Tally:
        """Read what `plain` wrote."""
        tally = cls(moved=int(data.get("moved", 0)))
        for name, count in data.items():
            old, arrow, new = name.partition(">")
            if arrow:
                tally.steps[old, new] = int(count)  # type: ignore[index]  # words, as `plain` writes them
        return tally


@dataclass(slots=True)
class Tallies:
    """All tallies of a comparison. Each dimension's add up to the total."""

    records: int = 0
    records_changed: int = 0
    total: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=lambda: {name: {} for name in DIMENSIONS})

    def add(self, before: Verdict, after: Verdict, *, places: Mapping[str, str], moved: bool) -> None:
        """Count one promise, in its place of each dimension ("" where it has none)."""
        self.total.add(before.word, after.word, moved=moved)
        for dimension in DIMENSIONS:
            place = places[dimension]
            tally = self.by[dimension].get(place)
            if tally is None:
                tally = self.by[dimension][place] = Tally()
            tally.add(before.word, after.word, moved=moved)

    def plain(self) -> dict[str, Any]:
        """The tallies as JSON holds them."""
        return {
            "records": self.records,
            "records_changed": self.records_changed,
            "total": self.total.plain(),
            "by": {
                dimension: {place: tally.plain() for place, tally in sorted(places.items())}
                for dimension, places in self.by.items()
            },
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Tallies:
        """Read what `plain` wrote."""
        return cls(
            records=int(data["records"]),
            records_changed=int(data["records_changed"]),
            total=Tally.of(data["total"]),
            by={
                dimension: {place: Tally.of(each) for place, each in places.items()}
                for dimension, places in data["by"].items()
            },
        )


def compared(before: Mapping[Promise, Verdict], after: Mapping[Promise, Verdict]) -> list[Compared]:
    """Return each promise of either side with both verdicts and how it changed."""
    return [
        Compared(promise, old, new, direction_of(old, new))
        for promise in {**before, **after}
        for old, new in [(before.get(promise, NO_VERDICT), after.get(promise, NO_VERDICT))]
    ]
