"""Levels and seats: as the engine reads them, and as people do."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import DateField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from approvals.engine.voting import Ballot, Seat, seats_of
from approvals.models import Approval, Approver, Delegation, Question
from approvals.policy import oversees
from approvals.queries.people import barred_of, stands_in_for
from catalogue.public import in_language
from design.languages import content_language
from lifecycle.public import NotFoundError
from people.public import Actor, today_in_tenant
from records.models import Record
from records.public import visible_records
from tenancy.public import platform_scope


@dataclass(frozen=True, slots=True)
class SeatView:
    """One approver as people read it. `decided_by` is somebody else's name where another decided."""

    member: UUID
    name: str
    why: str
    handed_to: str
    decision: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    has_left: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of an approver. Times in UTC; `answered_at` is None while it waits."""

    by: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One level as people read it. Times in UTC."""

    id: UUID
    number: str
    title: str
    position: int
    name: str
    state: str
    rule: str
    needed: int
    lacks_approvers: bool
    asked_at: datetime | None
    ended_at: datetime | None
    version: int
    seats: tuple[SeatView, ...]
    questions: tuple[QuestionView, ...] = ()
    may_decide: bool = False
    in_stead_of: tuple[str, ...] = ()


def ballot_of(approval: Approval, seats: Sequence[Approver]) -> Ballot:
    """A level as the engine reads it; its seats in order."""
    return Ballot(approval.rule, approval.needed, tuple(_seat(each) for each in seats))


def _seat(row: Approver) -> Seat:
    return Seat(
        owner=str(row.member_id),
        handed_to=str(row.handed_to_id or ""),
        decision=row.decision,
        decided_by=str(row.decided_by_id or ""),
        has_left=row.has_left,
    )


def seats_in(approval: Approval) -> list[Approver]:
    """The seats of a level, in order."""
    return list(
        Approver.objects.filter(approval=approval)
        .select_related("member", "handed_to", "decided_by")
        .order_by("place")
    )


def _theirs(actor: Actor, stead: Collection[UUID]) -> Q:
    """Seats that concern the actor: their own, those handed to them, those of whom they stand in for."""
    me = actor.membership_id
    return Q(member=me) | Q(handed_to=me) | Q(decided_by=me) | Q(member__in=list(stead))


def open_approvals(actor: Actor, at: datetime) -> QuerySet[Approval]:
    """The levels that wait for the actor's decision at `at` (UTC)."""
    if actor.membership_id is None:
        return Approval.objects.none()
    day = today_in_tenant(actor, at).isoformat()
    return waiting_for(membership_id=actor.membership_id, day=day).select_related("record")


def waiting_for(*, membership_id: UUID, day: str) -> QuerySet[Approval]:
    """The levels that wait for a member on a day, as the tenant counts days (ISO 8601)."""
    me, today = membership_id, Cast(Value(day, output_field=TextField()), DateField())
    stead = Delegation.objects.filter(
        delegate=me,
        delegator__is_active=True,
        first_day__lte=today,
        last_day__gte=today,
        ended_at__isnull=True,
    ).values("delegator_id")
    seats = Approver.objects.filter(decision="", has_left=False).filter(
        Q(handed_to=me) | Q(handed_to__isnull=True) & (Q(member=me) | Q(member__in=stead))
    )
    counted = Approver.objects.filter(decided_by=me, approval__rule="quorum").values("approval_id")
    rows = Approval.objects.filter(state=Approval.State.ASKED, pk__in=seats.values("approval_id"))
    barred = Q(record__requester=me) | Q(record__affected_user=me)
    return rows.exclude(pk__in=counted).exclude(barred)


def decided_approvals(actor: Actor) -> QuerySet[Approval]:
    """The levels at which the actor decided something."""
    mine = Approver.objects.filter(decided_by=actor.membership_id).values("approval_id")
    return Approval.objects.filter(pk__in=mine).select_related("record")


def asked_approvals(actor: Actor) -> QuerySet[Approval]:
    """Every level that is asked of the records that the actor sees, for whoever oversees them."""
    rows = Approval.objects.filter(state=Approval.State.ASKED).select_related("record")
    if not oversees(actor):
        return rows.none()
    return rows.filter(record__in=visible_records(actor).values("pk"))


def get_approval(actor: Actor, approval_id: UUID, at: datetime) -> Approval:
    """A level that concerns the actor, or any for whoever oversees. Raises NotFoundError."""
    row = Approval.objects.select_related("record").filter(pk=approval_id).exclude(state="waiting").first()
    if row is not None and oversees(actor) and visible_records(actor).filter(pk=row.record_id).exists():
        return row
    if row is not None and actor.membership_id is not None and not row.record.is_restricted:
        theirs = _theirs(actor, stands_in_for(actor, at))
        if Approver.objects.filter(approval=row).filter(theirs).exists():
            return row
    raise NotFoundError(gettext("There is no such approval."))


def levels_of(record: Record) -> tuple[LevelView, ...]:
    """Every level of a record in order, for those who see the record."""
    return views_of(Approval.objects.filter(record=record).select_related("record").order_by("position"))


def views_of(approvals: Iterable[Approval]) -> tuple[LevelView, ...]:
    """Levels with their seats and questions, in three reads."""
    rows = list(approvals)
    keys = [row.pk for row in rows]
    seats: dict[UUID, list[SeatView]] = {key: [] for key in keys}
    for each in (
        Approver.objects.filter(approval__in=keys)
        .select_related("member", "handed_to", "decided_by")
        .order_by("approval_id", "place")
    ):
        seats[each.approval_id].append(_view(each))
    questions: dict[UUID, list[QuestionView]] = {key: [] for key in keys}
    asked = Question.objects.filter(approval__in=keys).order_by("asked_at", "id")
    for row in asked.select_related("asked_by"):
        questions[row.approval_id].append(QuestionView(row.asked_by.name, row.asked_at, row.answered_at))
    return tuple(
        LevelView(
            id=row.pk,
            number=row.record.number,
            title=row.record.title,
            position=row.position,
            name=name_of(row),
            state=row.state,
            rule=row.rule,
            needed=row.needed,
            lacks_approvers=row.lacks_approvers,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
            version=row.version,
            seats=tuple(seats[row.pk]),
            questions=tuple(questions[row.pk]),
        )
        for row in rows
    )


def name_of(approval: Approval) -> str:
    """The name of a level, in the language of whoever is served."""
    return in_language(approval.level["name"], content_language())


def _view(row: Approver) -> SeatView:
    other = row.decided_by if row.decided_by_id and row.decided_by_id != row.member_id else None
    return SeatView(
        member=row.member_id,
        name=row.member.name,
        why=row.why,
        handed_to=row.handed_to.name if row.handed_to else "",
        decision=row.decision,
        decided_by=other.name if other else "",
        decided_at=row.decided_at,
        reason=row.reason,
        has_left=row.has_left,
    )


def places_for(actor: Actor, approval: Approval, seats: Sequence[Approver], at: datetime) -> tuple[int, ...]:
    """The places of the seats that the actor may decide at `at` (UTC)."""
    if approval.state != Approval.State.ASKED or actor.membership_id is None:
        return ()
    return seats_of(
        ballot_of(approval, seats),
        str(actor.membership_id),
        stands_in_for=map(str, stands_in_for(actor, at)),
        barred=map(str, barred_of(approval.record)),
    )


def names_in_stead(actor: Actor, seats: Sequence[Approver], places: Iterable[int]) -> tuple[str, ...]:
    """Whose say the actor has in these places, beside their own."""
    chosen = (seats[place].member for place in places)
    return tuple(member.name for member in chosen if member.pk != actor.membership_id)


def tenants_with_due(at: datetime) -> list[int]:
    """The tenants with a level that is due to be looked at by `at` (UTC), found over all in one look."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tenant_id FROM approvals_approval"
            " WHERE state = 'asked' AND next_at <= %s ORDER BY tenant_id",
            [at],
        )
        return [key for (key,) in cursor.fetchall()]


def due_approvals(at: datetime, *, most: int) -> list[UUID]:
    """The levels of the tenant in scope that are due at `at` (UTC), the longest due first."""
    rows = Approval.objects.filter(state=Approval.State.ASKED, next_at__lte=at).order_by("next_at")
    return list(rows.values_list("pk", flat=True)[:most])


def who_lost_approvers(*, most: int) -> list[UUID]:
    """The levels of the tenant in scope that wait for somebody who is no longer active."""
    gone = Q(member__is_active=False) | Q(handed_to__is_active=False)
    seats = Approver.objects.filter(
        gone, decision="", has_left=False, approval__state=Approval.State.ASKED
    ).values_list("approval_id", flat=True)
    return list(seats.distinct()[:most])
