"""Who held a record when: the custody ledger, and what is counted from it. Times in UTC epoch seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sla.engine.timeline import REQUESTER_STATE, TERMINAL_PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from calendars.engine import WorkingTime
    from sla.engine.timeline import Attributes, Identifier, Timeline

PartyKind = Literal["group", "requester", "approver", "wire", "unassigned"]
Party = tuple[PartyKind, "Identifier | None"]


class Hold(NamedTuple):
    """One party held the record in [start, end); `end` is None while it still does.

    `provider`, `state` and `assignee` are the record's own during the hold, also while the requester has it.
    """

    party_kind: PartyKind
    party: Identifier | None
    provider: Identifier | None
    start: int
    end: int | None
    state: str
    assignee: Identifier | None


class UnassignedTime(NamedTuple):
    """Seconds without a support group, and seconds in which a group or nobody held it without an assignee."""

    without_group: int
    without_person: int


def holder(attributes: Attributes) -> Party:
    """Return who holds such a record: the wire, an approver, the requester, its group, or nobody."""
    if attributes.on_wire:
        return "wire", attributes.provider
    if attributes.approver is not None:
        return "approver", attributes.approver
    if attributes.state == REQUESTER_STATE:
        return "requester", attributes.requester
    if attributes.support_group is not None:
        return "group", attributes.support_group
    return "unassigned", None


def custody(*, timeline: Timeline, until: int | None = None) -> tuple[Hold, ...]:
    """Return the custody ledger as known at `until` (default: all of it).

    From opening to closing every second belongs to exactly one hold. Closed and cancelled end it; time
    between closing and a reopening belongs to nobody. While the record waits resolved, its group holds it.
    """
    holds: list[Hold] = []
    # One pass over plain values, as in `blame.stretches`: this runs at every step, and for each record of a replay.
    last: tuple[Any, ...] | None = None
    start = 0
    end: int | None = 0
    for begin, stop, attributes in timeline.spans:
        if until is not None and begin > until:
            break
        if attributes.phase in TERMINAL_PHASES:
            continue
        now = (*holder(attributes), attributes.provider, attributes.state, attributes.assignee)
        if last != now or end != begin:
            if last is not None:
                holds.append(_hold(last, start, end))
            last, start = now, begin
        end = stop
    if last is not None:
        is_ahead = until is not None and end is not None and end > until
        holds.append(_hold(last, start, None if is_ahead else end))
    return tuple(holds)


def _hold(held: tuple[Any, ...], start: int, end: int | None) -> Hold:
    kind, party, provider, state, assignee = held
    return Hold(kind, party, provider, start, end, state, assignee)


def custody_totals(
    *, holds: Iterable[Hold], until: int, calendar: WorkingTime | None = None
) -> Mapping[Party, int]:
    """Return the seconds each party held the record up to `until`: wall time, or open time of a calendar."""
    totals: dict[Party, int] = {}
    for hold in holds:
        end = until if hold.end is None else min(hold.end, until)
        if end <= hold.start:
            continue
        seconds = end - hold.start if calendar is None else calendar.open_seconds(hold.start, end)
        party = (hold.party_kind, hold.party)
        totals[party] = totals.get(party, 0) + seconds
    return totals


def time_unassigned(*, holds: Iterable[Hold], until: int) -> UnassignedTime:
    """Return how long the record had no support group, and how long nobody in particular worked it."""
    without_group = without_person = 0
    for hold in holds:
        seconds = max((until if hold.end is None else min(hold.end, until)) - hold.start, 0)
        if hold.party_kind == "unassigned":
            without_group += seconds
        if hold.party_kind in {"unassigned", "group"} and hold.assignee is None:
            without_person += seconds
    return UnassignedTime(without_group, without_person)


def unassigned_of(*, timeline: Timeline, until: int) -> UnassignedTime:
    """Return the same off the timeline itself, without a ledger."""
    without_group = without_person = 0
    for span in timeline.spans:
        start, end, attributes = span.start, span.end, span.attributes
        if start >= until:
            break
        if attributes.assignee is not None and attributes.support_group is not None:
            continue
        if attributes.phase in TERMINAL_PHASES:
            continue
        kind, _ = holder(attributes)
        seconds = (until if end is None or end > until else end) - start
        if kind == "unassigned":
            without_group += seconds
        if attributes.assignee is None and kind in {"unassigned", "group"}:
            without_person += seconds
    return UnassignedTime(without_group, without_person)


def group_sequence(*, timeline: Timeline, until: int | None = None) -> tuple[Identifier, ...]:
    """Return the support groups the record went through, repeats after one another joined.

    Also groups that had it for no time at all, because two changes share a second, are in it.
    """
    sequence: list[Identifier] = []
    for segment in timeline.segments:
        if until is not None and segment.start > until:
            break
        group = segment.attributes.support_group
        if group is not None and (not sequence or sequence[-1] != group):
            sequence.append(group)
    return tuple(sequence)


def hops(*, timeline: Timeline, until: int | None = None) -> int:
    """Return how often the record went from one support group to another."""
    return max(len(group_sequence(timeline=timeline, until=until)) - 1, 0)


def ping_pong(*, timeline: Timeline, until: int | None = None) -> int:
    """Return how often a group got the record back from the very group it had sent it to (A, B, A)."""
    sequence = group_sequence(timeline=timeline, until=until)
    return sum(before == after for before, after in zip(sequence, sequence[2:], strict=False))
