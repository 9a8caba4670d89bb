"""Whose minutes a breach was: the seconds that a clock counted, by the party that held the record in each.

Instants are UTC epoch seconds, amounts open seconds of the clock's own calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sla.engine.custody import holder
from sla.engine.timeline import TERMINAL_PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.engine.clocks import Clock
    from sla.engine.custody import PartyKind
    from sla.engine.timeline import Identifier, Timeline

# Whose provider answers for the time: a requester's or an approver's time is nobody's score, nor is the wire's.
_ANSWERS = "group"


class Stretch(NamedTuple):
    """A party held the record in [start, end); `end` is None while it still does."""

    party_kind: PartyKind
    party: Identifier | None
    provider: Identifier | None
    start: int
    end: int | None


class Share(NamedTuple):
    """A party's part of what a clock counted, and of what it counted past its due instant.

    `provider` is set for a group's time only: the requester's, an approver's and the wire's is on nobody's score.
    """

    party_kind: PartyKind
    party: Identifier | None
    provider: Identifier | None
    seconds: int
    overrun: int


class Breach(NamedTuple):
    """A breached clock: `counted` seconds up to its stop (or now), `overrun` of them past due, split in `shares`.

    (target_id, party, matched_at) tells which clock of the record. Shares come in the order of the first hold, and
    add up to `counted` and `overrun` exactly.
    """

    target_id: Identifier
    code: str
    kind: str
    metric: str
    party: Identifier | None
    matched_at: int
    breached_at: int
    counted: int
    overrun: int
    shares: tuple[Share, ...]


def stretches(*, timeline: Timeline, until: int | None = None) -> list[Stretch]:
    """Return who held the record from when to when, as known at `until`, whatever its state and its assignee.

    They are the holds of the custody ledger, neighbours of one party and provider joined: from opening to closing
    every second belongs to exactly one.
    """
    found: list[Stretch] = []
    # One pass over plain values: this runs for each record of every rebuild of the figures.
    last: tuple[PartyKind, Identifier | None, Identifier | None] | None = None
    start = 0
    end: int | None = 0
    for span in timeline.spans:
        begin, attributes = span.start, span.attributes
        if until is not None and begin > until:
            break
        if attributes.phase in TERMINAL_PHASES:
            continue
        kind, party = holder(attributes)
        now = (kind, party, attributes.provider)
        if last != now or end != begin:
            if last is not None:
                found.append(Stretch(*last, start, end))
            last, start = now, begin
        end = span.end
    if last is not None:
        known = None if until is not None and end is not None and end > until else end
        found.append(Stretch(*last, start, known))
    return found


def breaches(*, clocks: Iterable[Clock], held: Sequence[Stretch]) -> tuple[Breach, ...]:
    """Return the breached SLA clocks among a record's with whose time it was; replaced ones have no verdict."""
    return tuple(
        breach_of(clock=clock, held=held)
        for clock in clocks
        if clock.kind == "sla"
        and clock.breached_at is not None
        and clock.state not in {"superseded", "cancelled"}
    )


def breach_of(*, clock: Clock, held: Sequence[Stretch]) -> Breach:
    """Return a breached clock with its shares. `held` covers all that the clock counted."""
    breached_at = clock.runs[-1][1] if clock.breached_at is None else clock.breached_at
    counted: dict[tuple[PartyKind, Identifier | None, Identifier | None], list[int]] = {}
    calendar = clock.working_time
    index = 0
    for start, end in clock.runs if calendar is not None else ():
        while index < len(held) and _ends_by(held[index], start):
            index += 1
        for kind, party, provider, since, until in held[index:]:
            if since >= end:
                break
            low = max(start, since)
            high = end if until is None or until > end else until
            share = counted.setdefault((kind, party, provider if kind == _ANSWERS else None), [0, 0])
            seconds = calendar.open_seconds(low, high)  # type: ignore[union-attr]  # without hours nothing was run
            share[0] += seconds
            if low >= breached_at:
                share[1] += seconds
            elif high > breached_at:
                share[1] += calendar.open_seconds(breached_at, high)  # type: ignore[union-attr]
    return Breach(
        target_id=clock.target_id,
        code=clock.code,
        kind=clock.kind,
        metric=clock.metric,
        party=clock.party,
        matched_at=clock.matched_at,
        breached_at=breached_at,
        counted=clock.elapsed,
        overrun=max(clock.elapsed - clock.duration, 0),
        shares=tuple(Share(*key, *amounts) for key, amounts in counted.items()),
    )


def _ends_by(stretch: Stretch, instant: int) -> bool:
    return stretch.end is not None and stretch.end <= instant
