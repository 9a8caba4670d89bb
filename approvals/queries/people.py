"""Who is asked, and who decides in whose stead."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import Delegation
from catalogue.public import ApproverName
from people.models import GroupMembership, Membership, MembershipRole
from people.public import Actor, directory, today_in_tenant
from records.models import Record

# How far up a line of managers is looked for one who may decide.
_LINE_MAX = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The members whom a level's words come to, each with why, and whom the words alone would have named.

    `named` holds those also who may not decide, for whom it is among them: what they may do themselves they need not
    ask for. `party` is who has the record meanwhile: a person, a group or a role.
    """

    seats: tuple[tuple[UUID, str], ...]
    named: frozenset[UUID]
    party: UUID | None


def people_asked(names: Sequence[ApproverName], record: Record) -> Asked:
    """Whom these words come to for this record, as people stand now; in the order of the words, then by name.

    Left out are those for whom it is or who asked for it, who left, and who act for a supplier.
    """
    barred = barred_of(record)
    found: dict[UUID, str] = {}
    named: set[UUID] = set()
    party: UUID | None = None
    for name in names:
        rows, key = _called(name, record, barred)
        named |= {row.pk for row in rows}
        if name.sort == "manager" and record.affected_user_id:
            named |= set(_line_of(record.affected_user_id)[:1])
        usable = [row.pk for row in rows if row.pk not in barred]
        for member in usable:
            found.setdefault(member, name.sort)
        if party is None and usable:
            party = key or usable[0]
    return Asked(tuple(found.items()), frozenset(named), party)


def barred_of(record: Record) -> frozenset[UUID]:
    """Those who decide nothing about a record: who asked for it, and for whom it is."""
    return frozenset(key for key in (record.requester_id, record.affected_user_id) if key)


def _called(
    name: ApproverName, record: Record, barred: Collection[UUID]
) -> tuple[list[Membership], UUID | None]:
    known = directory()
    if name.sort == "manager":
        above = _line_of(record.affected_user_id) if record.affected_user_id else []
        key = next((each for each in above if each not in barred and _deciders(Q(pk=each)).exists()), None)
        return (list(_deciders(Q(pk=key))) if key else []), None
    if name.sort == "person":
        return list(_deciders(Q(email=name.name))), None
    if name.sort == "role":
        role = next((row.pk for row in known.roles.values() if row.code == name.name), None)
        held = MembershipRole.objects.filter(role=role).values("membership_id")
        return list(_deciders(Q(pk__in=held))), role
    group = next((row.pk for row in known.groups.values() if row.code == name.name and row.is_active), None)
    in_it = GroupMembership.objects.filter(support_group=group).values("membership_id")
    return list(_deciders(Q(pk__in=in_it))), group


def _line_of(member: UUID) -> list[UUID]:
    """The manager of a member, the manager's manager and so on."""
    line: list[UUID] = []
    here: UUID | None = member
    for _ in range(_LINE_MAX):
        found: UUID | None = (
            Membership.objects.filter(pk=str(here)).values_list("manager_id", flat=True).first()
        )
        here = found
        if here is None or here in line or here == member:
            break
        line.append(here)
    return line


def _deciders(condition: Q) -> QuerySet[Membership]:
    """Active members who do not act for a supplier, by name."""
    roles = MembershipRole.objects.filter(membership=OuterRef("pk"))
    acts_for_supplier = Exists(roles.filter(role__reach="provider")) & ~Exists(
        roles.filter(role__reach="all")
    )
    return Membership.objects.filter(condition, ~acts_for_supplier, is_active=True).order_by("name", "id")


def is_decider(member: UUID) -> bool:
    """Whether a member is active and does not act for a supplier."""
    return _deciders(Q(pk=member)).exists()


def in_force(day: date) -> QuerySet[Delegation]:
    """Delegations in force on a day, as the tenant counts days."""
    return Delegation.objects.filter(first_day__lte=day, last_day__gte=day, ended_at__isnull=True)


def stands_in_for(actor: Actor, at: datetime) -> frozenset[UUID]:
    """In whose stead the actor decides at an instant. What was delegated to somebody is not theirs to hand on."""
    if actor.membership_id is None:
        return frozenset()
    rows = in_force(today_in_tenant(actor, at)).filter(
        delegate=actor.membership_id, delegator__is_active=True
    )
    return frozenset(rows.values_list("delegator_id", flat=True))


def delegates_of(members: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    """Who decides in the stead of each of these members on a day."""
    found: dict[UUID, set[UUID]] = {}
    rows = in_force(day).filter(delegator__in=list(members), delegate__is_active=True)
    for delegator, delegate in rows.values_list("delegator_id", "delegate_id"):
        found.setdefault(delegator, set()).add(delegate)
    return found


def delegations_of(actor: Actor) -> list[Delegation]:
    """What the actor delegated, and what was delegated to them; the latest first."""
    rows = Delegation.objects.select_related("delegator", "delegate").filter(
        Q(delegator=actor.membership_id) | Q(delegate=actor.membership_id)
    )
    return list(rows.order_by("-last_day", "-made_at")[:100])
