"""Reads of disputes: the list, one with both figures, and what of a record an actor may contest."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, NotFoundError
from people.public import Actor, active_groups, directory
from records.models import Record
from records.public import visible_to
from sla.engine import Hold, Ruling
from sla.models import Dispute
from sla.models.disputes import RULED
from sla.policy import CONTEST, RULE, is_held_against, may_contest
from sla.queries.analysis import CustodyReport
from sla.queries.clocks import ClockView
from sla.queries.custody import party_words
from sla.services.measure import Measured, measure_records

# Whose time is on a provider's score.
ANSWERED_FOR = ("group", "wire")
# What is left beside contested time is offered from this length on: a record that is still held grows by the second.
SHORTEST_PART = timedelta(minutes=1)


def may_rule(actor: Actor) -> bool:
    """Whether the actor decides disputes: never a supplier, whoever gave it the permission."""
    return actor.may(RULE) and actor.reach in ("all", "system")


def disputes(actor: Actor) -> QuerySet[Dispute]:
    """The disputes that the actor may see: all for who rules, else those of its own provider. Raises ForbiddenError."""
    is_ruler = may_rule(actor)
    if not is_ruler and not actor.may(CONTEST):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": CONTEST}, permission=CONTEST
        )
    seen = visible_to(actor, Record.objects.filter(pk=OuterRef("record_id"))).order_by().values("pk")[:1]
    rows = Dispute.objects.alias(seen=Subquery(seen)).filter(seen__isnull=False)
    if not is_ruler:
        rows = rows.filter(provider=actor.provider_id)
    return rows.select_related("record", "provider", "target_version__target", "claimed_group", "ruled_group")


def get_dispute(actor: Actor, dispute_id: UUID) -> Dispute:
    """One dispute. Raises ForbiddenError, NotFoundError."""
    found = disputes(actor).filter(pk=dispute_id).first()
    if found is None:
        raise NotFoundError(gettext("There is no such dispute."))
    return found


def following(actor: Actor, dispute: Dispute) -> Dispute | None:
    """The dispute that brings new evidence on the ruling of this one, unless it was withdrawn."""
    return disputes(actor).filter(follows=dispute).exclude(state="withdrawn").first()


def may_follow(actor: Actor, dispute: Dispute, followed_by: Dispute | None, *, at: datetime) -> bool:
    """Whether the actor may contest once more what was ruled; `followed_by` is the dispute that did so already."""
    return (
        dispute.state in RULED
        and dispute.follows_id is None
        and followed_by is None
        and dispute.provider_id == actor.provider_id
        and may_contest(actor, closed_at=dispute.record.closed_at, at=at)
    )


class Figures(NamedTuple):
    """A figure as measured and as ruled, in words: held seconds, or a verdict of `measured` and `ruled` met."""

    party: str
    measured: int
    ruled: int


class RuledVerdict(NamedTuple):
    """The verdict of a clock: whether it was met as measured and as ruled; None for open again."""

    code: str
    party: str
    measured: bool
    ruled: bool | None


class BothFigures(NamedTuple):
    """What a record comes to as measured and as ruled: wall seconds by party, and the verdicts of its clocks."""

    custody: Sequence[Figures]
    verdicts: Sequence[RuledVerdict]


def both_figures(
    dispute: Dispute, now: datetime, *, also: Sequence[Ruling] = (), is_whole: bool = False
) -> BothFigures:
    """What the record of a dispute, seen before, comes to at `now` (UTC), without and with all upheld disputes.

    `also` are rulings to be. Verdicts are the provider's and those of promises to users; with `is_whole` all.
    """
    keys = [dispute.record_id]
    measured = next(iter(measure_records(keys=keys, now=now, also={keys[0]: also})), None)
    if measured is None:
        return BothFigures((), ())
    until = int((dispute.record.resolved_at or dispute.record.closed_at or now).timestamp())
    before = _seconds_by_party(measured.holds, until)
    after = before if measured.ruled_holds is None else _seconds_by_party(measured.ruled_holds, until)
    parties = [*before, *(party for party in after if party not in before)]
    custody = [Figures(party, before.get(party, 0), after.get(party, 0)) for party in parties]
    return BothFigures(custody, _verdicts(measured, None if is_whole else dispute.provider_id))


def _verdicts(measured: Measured, provider: UUID | None) -> list[RuledVerdict]:
    groups, providers = directory().groups, directory().providers
    found = []
    for clock in measured.clocks:
        if clock.state in ("superseded", "cancelled") or (clock.met is None and clock.breached_at is None):
            continue
        party = UUID(str(clock.party)) if clock.party else None
        owner = groups[party].provider_id if party is not None and party in groups else party
        if provider is not None and owner not in (None, provider):
            continue
        named = groups.get(party) or providers.get(party) if party else None
        met = clock.breached_at is None
        ruled = measured.ruled_met.get((clock.target_id, clock.party, clock.matched_at), met)
        found.append(RuledVerdict(clock.code, named.name if named else "", met, ruled))
    return found


def _seconds_by_party(holds: Iterable[Hold], until: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for hold in holds:
        name = party_name(hold.party_kind, UUID(str(hold.party)) if hold.party else None)
        end = until if hold.end is None else min(hold.end, until)
        found[name] = found.get(name, 0) + max(end - hold.start, 0)
    return found


def party_name(kind: str, group: UUID | None) -> str:
    """A party of custody by name."""
    known = directory().groups.get(group) if group else None
    return party_words().get(kind) or (known.name if known else "?")


class DisputeView(NamedTuple):
    """What a dispute is about, for a record's page: as ruled where it was upheld, else as contested.

    `target` is the code of the promise whose verdict it is about, with the instant of its clock's matching.
    """

    id: UUID
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    party: str
    target: str
    matched_at: datetime | None
    provider_id: UUID
    contested: tuple[datetime, datetime] | None


def disputes_about(actor: Actor, record: Record) -> list[DisputeView]:
    """The disputes about a record that the actor may see, the oldest first; what was withdrawn is left out."""
    if not (may_rule(actor) or actor.may(CONTEST)):
        return []
    rows = disputes(actor).filter(record=record).exclude(state="withdrawn").order_by("started_at", "id")
    return [_view(row) for row in rows]


def _view(row: Dispute) -> DisputeView:
    start, end, kind, group = row.started_at, row.ended_at, row.claimed_kind, row.claimed_group_id
    if row.ruled_started_at is not None:
        start, end, kind, group = row.ruled_started_at, row.ruled_ended_at, row.ruled_kind, row.ruled_group_id
    contested = (row.started_at, row.ended_at) if row.started_at and row.ended_at else None
    target = row.target_version.target.code if row.target_version else ""
    party = party_name(kind, group) if kind else ""
    return DisputeView(
        row.pk, row.state, start, end, party, target, row.matched_at, row.provider_id, contested
    )


class Contestable(NamedTuple):
    """What of a record an actor may contest anew: stretches of custody from when to when, and clocks breached."""

    stretches: Sequence[tuple[datetime, datetime]] = ()
    clocks: Sequence[ClockView] = ()


def contestable_of(
    actor: Actor,
    record: Record,
    *,
    report: CustodyReport,
    views: Sequence[ClockView],
    known: Sequence[DisputeView],
    now: datetime,
) -> Contestable:
    """What the actor may contest of a record that it sees, from its custody and visible clocks at `now` (UTC).

    Nothing that its provider contests already, or that was ruled: `known` are the disputes about the record.
    """
    if not may_contest(actor, closed_at=record.closed_at, at=now):
        return Contestable()
    held = [
        (each.provider_id, each.started_at, each.ended_at)
        for each in report.held
        if each.party_kind in ANSWERED_FOR
    ]
    now = now.astimezone(UTC).replace(microsecond=0)
    own = [each for each in known if each.provider_id == actor.provider_id]
    clocks = {(each.target, each.matched_at) for each in own if each.target}
    taken = [each.contested for each in own if each.contested]
    return Contestable(
        [
            part
            for provider, start, end in held
            if provider == actor.provider_id
            for part in _left_of(start, end or now, taken)
        ],
        [
            view
            for view in views
            if is_held_against(actor, view, held) and (view.code, view.matched_at) not in clocks
        ],
    )


def _left_of(
    start: datetime, end: datetime, taken: Iterable[tuple[datetime, datetime]]
) -> Iterable[tuple[datetime, datetime]]:
    """What of [start, end) none of the stretches taken covers, in parts of a minute at least or all of it."""
    is_whole = True
    for since, until in sorted(taken):
        if until <= start or end <= since:
            continue
        is_whole = False
        if since - start >= SHORTEST_PART:
            yield start, since
        start = max(start, until)
    if start < end and (is_whole or end - start >= SHORTEST_PART):
        yield start, end


def parties_but(provider: UUID | None) -> list[tuple[str, str, str]]:
    """The active groups of every provider but this one: code, name and provider's name."""
    return [
        (group.code, group.name, group.provider.name)
        for group in active_groups()
        if group.provider_id != provider
    ]
