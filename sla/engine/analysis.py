"""All that custody tells of a record, in one answer. Instants are UTC epoch seconds, amounts wall seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.engine.blame import breaches, stretches
from sla.engine.custody import UnassignedTime, group_sequence, unassigned_of
from sla.engine.timeline import TERMINAL_PHASES
from sla.engine.waits import NEAR_BREACH_PERCENT, waits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sla.engine.blame import Breach, Stretch
    from sla.engine.clocks import Clock
    from sla.engine.custody import Party
    from sla.engine.timeline import Change, Identifier, Timeline
    from sla.engine.waits import Wait

_DONE = TERMINAL_PHASES | {"resolved"}


@dataclass(frozen=True, slots=True)
class CustodyAnalysis:
    """Who held a record, whose waiting it was, and whose minutes each breach was, as known at an instant.

    `stretches` partition the time from opening to closing (or now), `totals` add them up by party in the order of
    the first hold. `first_group_right` is None until it is resolved, and for a record without a group.
    """

    stretches: tuple[Stretch, ...]
    totals: Mapping[Party, int]
    whole: int
    groups: tuple[Identifier, ...]
    hops: int
    ping_pong: int
    resolving_group: Identifier | None
    first_group_right: bool | None
    unassigned: UnassignedTime
    waits: tuple[Wait, ...]
    breaches: tuple[Breach, ...]


def analyse(
    *,
    timeline: Timeline,
    changes: Sequence[Change],
    now: int,
    clocks: Sequence[Clock] = (),
    near_percent: int = NEAR_BREACH_PERCENT,
) -> CustodyAnalysis:
    """Analyse the custody of a record at `now`, from its changes, their timeline, and its clocks computed at `now`."""
    held = tuple(stretches(timeline=timeline, until=now))
    totals: dict[Party, int] = {}
    for kind, party, _, start, end in held:
        seconds = (now if end is None or end > now else end) - start
        if seconds > 0:
            totals[kind, party] = totals.get((kind, party), 0) + seconds
    groups = group_sequence(timeline=timeline, until=now)
    resolving = resolving_group(timeline=timeline, until=now)
    return CustodyAnalysis(
        stretches=held,
        totals=totals,
        whole=sum(totals.values()),
        groups=groups,
        hops=max(len(groups) - 1, 0),
        ping_pong=sum(before == after for before, after in zip(groups, groups[2:], strict=False)),
        resolving_group=resolving,
        first_group_right=None if resolving is None else groups[0] == resolving,
        unassigned=unassigned_of(timeline=timeline, until=now),
        waits=waits(changes=changes, now=now, clocks=clocks, near_percent=near_percent),
        breaches=breaches(clocks=clocks, held=held),
    )


def resolving_group(*, timeline: Timeline, until: int | None = None) -> Identifier | None:
    """Return the group that had the record when it was last resolved, or closed without; None when it was not.

    Reopening takes that back. Nobody resolved what was cancelled.
    """
    group: Identifier | None = None
    was_done = False
    for segment in timeline.segments:
        if until is not None and segment.start > until:
            break
        attributes = segment.attributes
        is_done = attributes.phase in _DONE
        if not is_done:
            group = None
        elif not was_done and "cancelled" not in {attributes.state, attributes.phase}:
            group = attributes.support_group
        was_done = is_done
    return group
