"""What another definition would change: clocks under one set of terms beside the same clocks under another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.engine.clocks import Clock
    from sla.engine.targets import TargetDefinition
    from sla.engine.timeline import Identifier

Verdict = Literal["none", "running", "paused", "met", "breached"]
_ENDED = frozenset({"superseded", "cancelled"})
_Promise = tuple[str, str, "Identifier | None"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one promise stands: by which target, due when (UTC epoch seconds), what is left, and the verdict.

    `left` is set while paused, when there is no due instant: open seconds that remain.
    """

    code: str
    due_at: int | None
    verdict: Verdict
    left: int | None


NOTHING = Standing("", None, "none", None)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A promise on a record that other definitions would make come due, or be judged, otherwise."""

    kind: str
    metric: str
    now: Standing
    then: Standing


def standing(clock: Clock) -> Standing:
    """Return how a clock stands; one that ended without a stop is not asked for."""
    paused = clock.state == "paused"
    verdict: Verdict
    if clock.breached_at is not None:
        verdict = "breached"
    elif clock.met is not None:
        verdict = "met"
    else:
        verdict = "paused" if paused else "running"
    return Standing(clock.code, clock.due_at, verdict, clock.remaining if paused else None)


def clock_changes(now: Iterable[Clock], then: Iterable[Clock]) -> tuple[ClockChange, ...]:
    """Return what differs between a record's clocks under two sets of definitions: due instants and verdicts.

    Promises are compared by kind, metric and party, in the order in which they were made; a target that was
    superseded or cancelled promises nothing any more.
    """
    before, after = _promises(now), _promises(then)
    changes: list[ClockChange] = []
    for kind, metric, party in sorted(before.keys() | after.keys(), key=str):
        key = (kind, metric, party)
        for one, other in zip_longest(before[key], after[key], fillvalue=NOTHING):
            if (one.due_at, one.verdict, one.left) != (other.due_at, other.verdict, other.left):
                changes.append(ClockChange(kind, metric, one, other))
    return tuple(changes)


def with_version(
    definitions: Iterable[TargetDefinition],
    *,
    code: str,
    at: int,
    version: TargetDefinition | None,
    starts: Iterable[int],
) -> list[TargetDefinition]:
    """Return the definitions with one more version of a target from `at` on; None retires it from then on.

    `starts` are the instants (UTC epoch seconds) from which the target's versions hold, retirements included: the new
    one holds until the next of them.
    """
    following = min((start for start in starts if start > at), default=None)
    found: list[TargetDefinition] = []
    for each in definitions:
        if (
            each.code == code
            and each.effective_from < at
            and (each.effective_to is None or each.effective_to > at)
        ):
            found.append(replace(each, effective_to=at))
        else:
            found.append(each)
    if version is not None:
        found.append(replace(version, effective_from=at, effective_to=following))
    return found


def _promises(clocks: Iterable[Clock]) -> dict[_Promise, list[Standing]]:
    found: dict[_Promise, list[Standing]] = defaultdict(list)
    for clock in sorted(clocks, key=lambda each: each.matched_at):
        if clock.state not in _ENDED:
            found[clock.kind, clock.metric, clock.party].append(standing(clock))
    return found
