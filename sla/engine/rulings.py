"""What rulings on disputes make of custody and verdicts, beside what was measured. Instants in UTC epoch seconds."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sla.engine.custody import Hold
from sla.engine.timeline import Segment, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.engine.clocks import Clock
    from sla.engine.timeline import Attributes, Identifier

RuledParty = Literal["group", "requester", "wire", "unassigned"]
ClockKey = tuple["Identifier", "Identifier | None", int]


@dataclass(frozen=True, slots=True)
class Reattribution:
    """The stretch [start, end) counts as held by another party.

    A `group` and its `provider` for a group, the `provider` for the wire; `unassigned` is nobody's fault.
    """

    start: int
    end: int
    party_kind: RuledParty
    group: Identifier | None = None
    provider: Identifier | None = None

    def __post_init__(self) -> None:
        """Refuse a stretch of no length and a group without its key: neither says anything."""
        if self.start >= self.end or (self.party_kind == "group") != (self.group is not None):
            message = f"not a stretch in somebody's hands: {self.start} to {self.end}, {self.party_kind}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class VerdictRuling:
    """The verdict of one clock counts as `met` says."""

    target_id: Identifier
    party: Identifier | None
    matched_at: int
    met: bool


Ruling = Reattribution | VerdictRuling


def ruled_custody(holds: Iterable[Hold], rulings: Sequence[Ruling]) -> tuple[Hold, ...]:
    """Return the custody ledger as ruled: cut where rulings begin and end, not a second more or less.

    The last of several rulings on a second counts. Time that nobody held stays so.
    """
    stretches = _Stretches(rulings)
    return tuple(part for hold in holds for part in _ruled_hold(hold, stretches))


def ruled_timeline(timeline: Timeline, rulings: Sequence[Ruling]) -> Timeline:
    """Return the record's history as if the ruled stretches had been with the group and provider ruled.

    Clocks of OLA and contract targets measured on it do without the seconds that were ruled away. Nothing else of
    the history changes, and neither do the instants of comments and assignments.
    """
    stretches = _Stretches(rulings)
    segments = tuple(part for segment in timeline.segments for part in _ruled_segment(segment, stretches))
    return replace(
        timeline,
        segments=segments,
        spans=tuple(segment for segment in segments if segment.start != segment.end),
    )


def ruled_verdicts(
    clocks: Iterable[Clock], ruled_clocks: Iterable[Clock], rulings: Sequence[Ruling]
) -> Mapping[ClockKey, bool | None]:
    """Return, by (target, party, matched_at), the verdicts that rulings changed; None for one that is open again.

    `ruled_clocks` are the clocks of the ruled timeline. A verdict that was ruled upon itself is as it was ruled last.
    Otherwise that of an OLA or contract clock changes when it is another without the seconds ruled away, or with those
    ruled to its party. One that has not stopped and is breached no more has no verdict yet. A promise to the user
    changes by a ruling on its verdict only, for he waited.
    """
    stretches = _Stretches(rulings)
    said = {(r.target_id, r.party, r.matched_at): r.met for r in rulings if isinstance(r, VerdictRuling)}
    as_ruled = {(clock.target_id, clock.party, clock.matched_at): clock for clock in ruled_clocks}
    changed: dict[ClockKey, bool | None] = {}
    for clock in clocks:
        if clock.state in {"superseded", "cancelled"} or (clock.met is None and clock.breached_at is None):
            continue
        key = (clock.target_id, clock.party, clock.matched_at)
        met = clock.breached_at is None
        ruled: bool | None = met
        if key in said:
            ruled = said[key]
        elif clock.kind != "sla" and stretches:
            ruled = _met_as_ruled(clock, as_ruled.get(key), stretches)
        if ruled != met:
            changed[key] = ruled
    return changed


class _Stretches:
    """The stretches that rulings re-attribute, and which of them counts at each second."""

    __slots__ = ("_edges", "_in_force")

    def __init__(self, rulings: Iterable[Ruling]) -> None:
        stretches = [ruling for ruling in rulings if isinstance(ruling, Reattribution)]
        self._edges = sorted({at for ruling in stretches for at in (ruling.start, ruling.end)})
        self._in_force = [
            next((ruling for ruling in reversed(stretches) if ruling.start <= at < ruling.end), None)
            for at in self._edges
        ]

    def __bool__(self) -> bool:
        return bool(self._edges)

    def at(self, instant: int) -> Reattribution | None:
        """Return the ruling that counts at an instant."""
        index = bisect_right(self._edges, instant) - 1
        return self._in_force[index] if index >= 0 else None

    def cut(self, start: int, end: int | None) -> list[tuple[int, int | None, Reattribution | None]]:
        """Return [start, end) in the parts in which one ruling counts, or none."""
        inside = [at for at in self._edges if start < at and (end is None or at < end)]
        parts: list[tuple[int, int | None, Reattribution | None]] = []
        for at, until in zip([start, *inside], [*inside, end], strict=True):
            ruling = self.at(at)
            if parts and parts[-1][2] is ruling:
                parts[-1] = (parts[-1][0], until, ruling)
            else:
                parts.append((at, until, ruling))
        return parts


def _ruled_hold(hold: Hold, stretches: _Stretches) -> list[Hold]:
    parts = []
    for start, end, ruling in stretches.cut(hold.start, hold.end):
        if ruling is None:
            parts.append(hold._replace(start=start, end=end))
            continue
        party = {"group": ruling.group, "wire": ruling.provider}.get(ruling.party_kind)
        parts.append(Hold(ruling.party_kind, party, ruling.provider, start, end, hold.state, None))
    return parts


def _ruled_segment(segment: Segment, stretches: _Stretches) -> list[Segment]:
    if segment.start == segment.end:
        ruled = _as_ruled(segment.attributes, stretches.at(segment.start))
        return [Segment(segment.start, segment.end, ruled)]
    return [
        Segment(start, end, _as_ruled(segment.attributes, ruling))
        for start, end, ruling in stretches.cut(segment.start, segment.end)
    ]


def _as_ruled(attributes: Attributes, ruling: Reattribution | None) -> Attributes:
    if ruling is None:
        return attributes
    # Only a group works under an OLA or a contract: with the requester or on the wire nobody's clock counts.
    provider = ruling.provider if ruling.party_kind == "group" else None
    return attributes._replace(support_group=ruling.group, provider=provider)


def _met_as_ruled(clock: Clock, ruled: Clock | None, stretches: _Stretches) -> bool | None:
    """Tell whether a clock that was met or breached is met as ruled; None while it has not stopped and may yet be."""
    if clock.met is None:
        # A stay that a ruling cut in two would stand here as stopped.
        is_whole = ruled is not None and ruled.met is None
        is_breached = (
            ruled.breached_at is not None if is_whole and ruled else not _met_without(clock, stretches)
        )
        return False if is_breached else None
    if ruled is not None and ruled.met is not None and (ruled.stopped_at or 0) >= (clock.stopped_at or 0):
        return ruled.met
    # A stay that a ruling cut in two, or took the beginning of, is no longer one clock: what is left of it is counted.
    return _met_without(clock, stretches)


def _met_without(clock: Clock, stretches: _Stretches) -> bool:
    calendar = clock.working_time
    if calendar is None or clock.met:
        return clock.met is True
    used = 0
    for run_start, run_end in clock.runs:
        for start, end, ruling in stretches.cut(run_start, run_end):
            if end is None or _is_anothers(clock, ruling):
                continue
            taken = calendar.open_seconds(start, end)
            # Due exactly at the end of a run is not yet breached: the clock stopped or paused in time.
            if used + taken >= clock.duration and calendar.due(start, clock.duration - used) < end:
                return False
            used += taken
    return True


def _is_anothers(clock: Clock, ruling: Reattribution | None) -> bool:
    """Tell whether a stretch was ruled to be another's than the clock's party."""
    if ruling is None:
        return False
    party = ruling.group if clock.kind == "ola" else ruling.provider
    return ruling.party_kind != "group" or party != clock.party
