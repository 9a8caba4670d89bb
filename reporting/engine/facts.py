"""What one record contributes to the figures: a pure function of its history, as service levels measured it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sla.engine import Hold, Timeline, group_sequence, hops, ping_pong

if TYPE_CHECKING:
    from sla.engine import Attributes, Clock, CustodyAnalysis, UserClock
    from sla.engine.timeline import Identifier

_LIVE_PHASES = frozenset({"open", "pending"})
_DONE = frozenset({"resolved", "closed"})


class Fact(NamedTuple):
    """A record's contribution to one measure.

    `period` is the month or day it counts in, `at` (UTC epoch seconds) the instant that decided it. `amount` is what
    was measured and `ruled` what counts after rulings on disputes; either may be 0 where only the other is not.
    """

    measure: str
    period: date
    at: int
    service: Identifier | None
    organisation: Identifier | None
    support_group: Identifier | None
    provider: Identifier | None
    priority: int | None
    target: Identifier | None
    amount: int
    ruled: int


@dataclass(frozen=True, slots=True)
class Story:
    """A record as service levels measured it at `now` (UTC epoch seconds).

    `ruled_holds` is custody after rulings, `ruled_met` the ruled verdict of a clock by (target, party, matched_at)
    where a ruling changed it. `group_providers` gives each support group's provider.
    """

    line: Timeline
    clocks: Sequence[Clock]
    holds: Sequence[Hold]
    user_clock: UserClock | None
    analysis: CustodyAnalysis
    zone: str
    now: int
    ruled_holds: Sequence[Hold] | None = None
    ruled_met: Mapping[tuple[Identifier, Identifier | None, int], bool | None] = field(default_factory=dict)
    group_providers: Mapping[Identifier, Identifier] = field(default_factory=dict)


def facts_of(story: Story) -> list[Fact]:
    """All that a record contributes, in no order that matters."""
    days = _Days(story.zone)
    return [
        *_volume(story, days),
        *_verdicts(story, days),
        *_live(story, days),
        *_waits(story, days),
        *_breaches(story, days),
        *_resolved(story, days),
    ]


class _Days:
    """Instants as days and months of a time zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def day(self, at: int) -> date:
        return datetime.fromtimestamp(at, self._zone).date()

    def month(self, at: int) -> date:
        return self.day(at).replace(day=1)


def _fact(
    measure: str, period: date, at: int, attributes: Attributes, *, amount: int = 1, ruled: int | None = None
) -> Fact:
    return Fact(
        measure,
        period,
        at,
        attributes.service,
        attributes.organisation,
        attributes.support_group,
        attributes.provider,
        attributes.priority,
        None,
        amount,
        amount if ruled is None else ruled,
    )


def _just_before(line: Timeline, at: int) -> Attributes:
    """What the record was when something was decided: a step taken at that very second came after it."""
    found = line.segments[0].attributes
    for segment in line.segments:
        if segment.start >= at:
            break
        found = segment.attributes
    return found


# The kinds of record in which business units say what they want; tasks are only how that is done.
DEMANDED = ("request", "incident")


def _volume(story: Story, days: _Days) -> Iterator[Fact]:
    line = story.line
    first, last = line.segments[0].attributes, line.segments[-1].attributes
    yield _fact("records.opened", days.month(line.opened_at), line.opened_at, first)
    if first.kind in DEMANDED:
        yield _fact(f"demand.{first.kind}", days.month(line.opened_at), line.opened_at, first)
    if last.phase == "cancelled" or last.state == "cancelled":
        at = _since(line, "cancelled")
        yield _fact("records.cancelled", days.month(at), at, _just_before(line, at))


def _since(line: Timeline, state: str) -> int:
    """When the record last came into the state it is in."""
    at = line.segments[-1].start
    for segment in reversed(line.segments):
        if segment.attributes.state != state:
            break
        at = segment.start
    return at


def _verdicts(story: Story, days: _Days) -> Iterator[Fact]:
    for clock in story.clocks:
        at, met = decided(clock)
        if at is None:
            continue
        ruled = story.ruled_met.get((clock.target_id, clock.party, clock.matched_at), met)
        attributes = _just_before(story.line, at)
        group, provider = _measured_party(story, clock, attributes)
        for verdict in (True, False):
            if verdict in (met, ruled):
                measure = f"{clock.kind}.{clock.metric}.{'met' if verdict else 'breached'}"
                yield _fact(
                    measure,
                    days.month(at),
                    at,
                    attributes,
                    amount=int(verdict == met),
                    ruled=int(verdict == ruled),
                )._replace(support_group=group, provider=provider, target=clock.target_id)


def decided(clock: Clock) -> tuple[int | None, bool]:
    """When a clock's verdict fell and whether it was met; None while it has not fallen and where it never will."""
    if clock.state in ("superseded", "cancelled"):
        return None, False
    if clock.breached_at is not None:
        return clock.breached_at, False
    return (clock.stopped_at, True) if clock.met else (None, False)


def _measured_party(
    story: Story, clock: Clock, attributes: Attributes
) -> tuple[Identifier | None, Identifier | None]:
    """Whose verdict it is: the party of an OLA or contract; for an SLA, who had the record when it fell."""
    if clock.kind == "ola":
        return clock.party, story.group_providers.get(clock.party or "", attributes.provider)
    if clock.kind == "uc":
        return None, clock.party
    return attributes.support_group, attributes.provider


def _live(story: Story, days: _Days) -> Iterator[Fact]:
    last = story.line.segments[-1].attributes
    if last.phase not in _LIVE_PHASES:
        return
    opened_at = story.line.opened_at
    yield _fact("live.open", days.day(opened_at), opened_at, last)
    for clock in story.clocks:
        if clock.kind != "sla" or clock.state not in ("running", "paused"):
            continue
        due_at = clock.breached_at or clock.due_at
        if due_at is not None:
            measure = "live.breached" if due_at <= story.now else "live.due"
            yield _fact(measure, days.day(due_at), due_at, last)._replace(target=clock.target_id)


def _waits(story: Story, days: _Days) -> Iterator[Fact]:
    """Each stretch in which the record stood pending, counted with the group that paused it."""
    for wait in story.analysis.waits:
        counts = {
            "waits.all": True,
            "waits.unasked": wait.is_unasked,
            "waits.near_breach": wait.near_breach,
            "waits.own_end": bool(wait.ended_by_pauser),
        }
        attributes = _just_before(story.line, wait.start)
        for measure, counted in counts.items():
            if counted:
                yield _fact(measure, days.month(wait.start), wait.start, attributes)._replace(
                    support_group=wait.paused_by.group, provider=wait.paused_by.provider
                )


def _breaches(story: Story, days: _Days) -> Iterator[Fact]:
    """Who used up the time that a breached resolution SLA promised: by its due instant that is settled for good."""
    for breach in story.analysis.breaches:
        if (breach.kind, breach.metric) != ("sla", "resolution"):
            continue
        attributes = _just_before(story.line, breach.breached_at)
        month = days.month(breach.breached_at)
        for share in breach.shares:
            used = share.seconds - share.overrun
            if used:
                yield _fact(
                    f"breach.{share.party_kind}", month, breach.breached_at, attributes, amount=used
                )._replace(
                    support_group=share.party if share.party_kind == "group" else None,
                    provider=share.provider,
                    target=breach.target_id,
                )


def _resolved(story: Story, days: _Days) -> Iterator[Fact]:
    """What is known once a record is resolved, for good as far as anyone can tell; a reopening takes it back."""
    line = story.line
    resolved_at = resolution_of(line)
    if resolved_at is None:
        return
    month = days.month(resolved_at)
    end = _just_before(line, resolved_at)
    yield _fact("records.resolved", month, resolved_at, end)
    yield from _custody(story, month, resolved_at, end)
    sequence = group_sequence(timeline=line, until=resolved_at)
    counts = {
        "flow.hops": hops(timeline=line, until=resolved_at),
        "flow.ping_pong": ping_pong(timeline=line, until=resolved_at),
        "flow.first_group_right": int(len(set(sequence)) == 1),
    }
    for measure, count in counts.items():
        if count:
            yield _fact(measure, month, resolved_at, end, amount=count)
    yield from _truths(story, month, resolved_at, end)


def resolution_of(line: Timeline) -> int | None:
    """When the record was last resolved (closed, if it never was); None while it is not, and if cancelled."""
    last = line.segments[-1].attributes
    if last.phase not in _DONE or last.state == "cancelled":
        return None
    at = line.segments[-1].start
    for segment in reversed(line.segments):
        if segment.attributes.phase not in _DONE:
            break
        at = segment.start
    return at


def _custody(story: Story, month: date, until: int, end: Attributes) -> Iterator[Fact]:
    measured = _held(story.holds, until)
    ruled = measured if story.ruled_holds is None else _held(story.ruled_holds, until)
    for party in sorted({*measured, *ruled}, key=str):
        kind, group, provider = party
        amounts = {"amount": measured.get(party, 0), "ruled": ruled.get(party, 0)}
        if any(amounts.values()):
            yield _fact(f"custody.{kind}", month, until, end, **amounts)._replace(
                support_group=group, provider=provider
            )


def _held(holds: Sequence[Hold], until: int) -> dict[tuple[str, Identifier | None, Identifier | None], int]:
    """Wall seconds by kind of party, group and provider. Only a group's and the wire's time is a provider's matter."""
    seconds: dict[tuple[str, Identifier | None, Identifier | None], int] = {}
    for hold in holds:
        stop = until if hold.end is None else min(hold.end, until)
        if stop <= hold.start:
            continue
        group = hold.party if hold.party_kind == "group" else None
        provider = hold.provider if hold.party_kind in ("group", "wire") else None
        party = (hold.party_kind, group, provider)
        seconds[party] = seconds.get(party, 0) + stop - hold.start
    return seconds


def _truths(story: Story, month: date, at: int, end: Attributes) -> Iterator[Fact]:
    """The contractual clock beside the user's."""
    clock = next(
        (
            each
            for each in reversed(story.clocks)
            if each.kind == "sla" and each.metric == "resolution" and each.met is not None
        ),
        None,
    )
    user = story.user_clock
    if clock is None or user is None:
        return
    if clock.met is False:
        measure = "truth.breached"
    else:
        measure = "truth.watermelon" if user.elapsed > clock.duration else "truth.kept"
    amounts = {"truth.contract": clock.elapsed, "truth.user": user.elapsed, measure: 1}
    for name, amount in amounts.items():
        if amount:
            yield _fact(name, month, at, end, amount=amount)._replace(target=clock.target_id)
