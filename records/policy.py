"""Who may see which record. A supplier's role is narrowed by the database as well (`RecordParty`)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor
from records.models import Record, RecordParty, RecordPerson

# The key of no member and no provider.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """All of an actor that decides what records it sees; `visible_to` reads nothing else."""

    reach: str
    membership_id: UUID | None = None
    group_ids: Collection[UUID] = ()
    provider_id: UUID | None = None


def viewer_of(actor: Actor) -> dict[str, Any]:
    """The values of an actor's viewpoint, by name, for a compiled query whose shape is the actor's reach."""
    if actor.reach == "system":
        return {}
    if actor.reach == "own":
        return {"membership_id": actor.membership_id or NOBODY}
    values: dict[str, Any] = {"group_ids": actor.group_ids}
    if actor.reach == "provider":
        values["provider_id"] = actor.provider_id or NOBODY
    return values


def visible_to(actor: Actor | Viewpoint, records: QuerySet[Record]) -> QuerySet[Record]:
    """Of `records`, those the actor may see.

    A restricted record is seen by members of its support group only.
    """
    if actor.reach == "system":
        return records
    if actor.reach == "own":
        mine = RecordPerson.objects.filter(membership=actor.membership_id).values("record_id")
        return records.filter(pk__in=mine, is_restricted=False)
    records = records.filter(Q(is_restricted=False) | Q(support_group__among=actor.group_ids))
    if actor.reach == "provider":
        # One look-up per row instead of a hash of all the provider ever held (see tenancy/engine/operations.py).
        party = RecordParty.objects.filter(record=OuterRef("pk"), provider=actor.provider_id).values("pk")[:1]
        return records.alias(party=Subquery(party)).filter(party__isnull=False)
    return records


def followed_by(actor: Actor | Viewpoint, records: QuerySet[Record]) -> QuerySet[Record]:
    """Of `records`, those the actor asked for, is affected by or watches: not what they are only asked to approve."""
    own = RecordPerson.objects.filter(membership=actor.membership_id).exclude(
        reason=RecordPerson.Reason.APPROVER
    )
    return records.filter(pk__in=own.values("record_id"), is_restricted=False)


def may_read_working_side(actor: Actor) -> bool:
    """Whether the actor may read work notes, internal files and the audit: everyone but end users."""
    return actor.reach in ("all", "provider", "system")


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": permission},
            permission=permission,
        )
