"""What custody tells of one record, worded with names. The record was seen before."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from people.public import directory, names_of
from records.models import AuditEntry, Record
from records.public import steps_of
from sla import engine
from sla.engine import CustodyAnalysis, Hand, Timeline, UserClock
from sla.queries.custody import party_words
from sla.services.book import definitions, definitions_with
from sla.services.history import changes_of, seconds


class HeldView(NamedTuple):
    """A party held the record from when to when: wall seconds so far, and its share of the whole, 0 to 1."""

    party_kind: str
    party: str
    provider: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int
    share: float
    provider_id: UUID | None = None


class PartyTotal(NamedTuple):
    """All that a party held of the record."""

    party_kind: str
    party: str
    provider: str
    seconds: int
    share: float


class WaitView(NamedTuple):
    """A wait: the state, who began and ended it (with the group that had the record), and what is odd about it."""

    state: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int
    paused_by: str
    paused_by_group: str
    ended_by: str
    ended_by_pauser: bool | None
    question_sent: bool
    is_unasked: bool
    used_percent: int | None
    near_breach: bool


class ShareView(NamedTuple):
    """A party's part of what a breached clock counted, and of what it counted past due, in its open seconds."""

    party_kind: str
    party: str
    provider: str
    seconds: int
    overrun: int
    share: float


class BreachView(NamedTuple):
    """A breached promise and whose minutes it was; the shares add up to `counted` and `overrun`."""

    code: str
    metric: str
    breached_at: datetime
    counted: int
    overrun: int
    shares: tuple[ShareView, ...]


class CustodyReport(NamedTuple):
    """All that custody tells of one record. `first_group_right` is None until it is resolved."""

    held: tuple[HeldView, ...]
    totals: tuple[PartyTotal, ...]
    whole: int
    hops: int
    ping_pong: int
    resolving_group: str
    first_group_right: bool | None
    without_group: int
    without_person: int
    waits: tuple[WaitView, ...]
    breaches: tuple[BreachView, ...]
    user_clock: UserClock | None


def analysis_of(record: Record, entries: Sequence[AuditEntry], now: datetime) -> CustodyAnalysis:
    """The bare analysis of a record at `now` (UTC), from all its audit entries."""
    return _analysed(record, entries, now)[0]


def _analysed(
    record: Record, entries: Sequence[AuditEntry], now: datetime
) -> tuple[CustodyAnalysis, Timeline]:
    held, at = definitions(), seconds(now)
    changes = changes_of(record, entries, held.parents)
    line = engine.timeline(changes)
    clocks = engine.compute_clocks(timeline=line, definitions=held.book, calendars=held.calendars, now=at)
    return engine.analyse(timeline=line, changes=changes, clocks=clocks, now=at), line


def _users(record: Record, line: Timeline, now: datetime) -> UserClock | None:
    hours = record.service.hours_id if record.service else None
    if hours is None:
        return None
    calendar = definitions_with(calendars=[hours]).calendars[str(hours)](line.opened_at)
    return engine.user_clock(timeline=line, calendar=calendar, now=seconds(now))


def custody_report(
    record: Record, now: datetime, entries: Sequence[AuditEntry] | None = None
) -> CustodyReport:
    """What custody tells of a record at `now` (UTC), in names. `entries` are its audit, where it is at hand."""
    steps = steps_of(record.pk) if entries is None else entries
    found, line = _analysed(record, steps, now)
    words = _Words(found, steps)
    at, whole = seconds(now), found.whole
    held = tuple(
        HeldView(
            stretch.party_kind,
            words.party(stretch.party_kind, stretch.party),
            words.provider(stretch.provider),
            _instant(stretch.start),
            None if stretch.end is None else _instant(stretch.end),
            taken := (at if stretch.end is None else min(stretch.end, at)) - stretch.start,
            taken / whole if whole else 0.0,
            UUID(str(stretch.provider)) if stretch.provider else None,
        )
        for stretch in found.stretches
    )
    return CustodyReport(
        held=held,
        totals=_totals(held, whole),
        whole=whole,
        hops=found.hops,
        ping_pong=found.ping_pong,
        resolving_group=words.name(found.resolving_group),
        first_group_right=found.first_group_right,
        without_group=found.unassigned.without_group,
        without_person=found.unassigned.without_person,
        waits=tuple(words.wait(wait, at) for wait in found.waits),
        breaches=tuple(words.breach(breach) for breach in found.breaches),
        user_clock=_users(record, line, now),
    )


def _totals(held: Iterable[HeldView], whole: int) -> tuple[PartyTotal, ...]:
    taken: dict[tuple[str, str, str], int] = {}
    for each in held:
        # What the requester or the wire held is on no provider's score.
        provider = each.provider if each.party_kind == "group" else ""
        key = (each.party_kind, each.party, provider)
        taken[key] = taken.get(key, 0) + each.seconds
    return tuple(PartyTotal(*key, amount, amount / whole if whole else 0.0) for key, amount in taken.items())


class _Words:
    """Names of all that an analysis speaks of, looked up once."""

    def __init__(self, found: CustodyAnalysis, entries: Iterable[AuditEntry]) -> None:
        groups = {stretch.party for stretch in found.stretches if stretch.party_kind == "group"}
        groups |= {wait.paused_by.group for wait in found.waits} | {found.resolving_group}
        self._names = {str(key): name for key, name in names_of(groups - {None}).items()}
        self._actors = {str(entry.actor_id): entry.actor_name for entry in entries if entry.actor_id}
        self._providers = {str(key): row.name for key, row in directory().providers.items()}

    def party(self, kind: str, key: Any) -> str:
        return party_words().get(kind) or self.name(key)

    def name(self, key: Any) -> str:
        return "" if key is None else self._names.get(str(key), "?")

    def provider(self, key: Any) -> str:
        return "" if key is None else self._providers.get(str(key), "?")

    def actor(self, hand: Hand | None) -> str:
        # Somebody without a login here is known by name alone.
        return "" if hand is None else self._actors.get(str(hand.actor), str(hand.actor or ""))

    def wait(self, wait: engine.Wait, at: int) -> WaitView:
        return WaitView(
            state=wait.state,
            started_at=_instant(wait.start),
            ended_at=None if wait.end is None else _instant(wait.end),
            seconds=wait.seconds(at),
            paused_by=self.actor(wait.paused_by),
            paused_by_group=self.name(wait.paused_by.group),
            ended_by=self.actor(wait.ended_by),
            ended_by_pauser=wait.ended_by_pauser,
            question_sent=wait.question_sent,
            is_unasked=wait.is_unasked,
            used_percent=wait.used_percent,
            near_breach=wait.near_breach,
        )

    def breach(self, breach: engine.Breach) -> BreachView:
        return BreachView(
            code=breach.code,
            metric=breach.metric,
            breached_at=_instant(breach.breached_at),
            counted=breach.counted,
            overrun=breach.overrun,
            shares=tuple(
                ShareView(
                    share.party_kind,
                    self.party(share.party_kind, share.party),
                    self.provider(share.provider),
                    share.seconds,
                    share.overrun,
                    share.seconds / breach.counted if breach.counted else 0.0,
                )
                for share in breach.shares
            ),
        )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
