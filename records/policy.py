"""Who may see which record. A supplier's role is narrowed by the database as well (`RecordParty`)."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lifecycle.public import ForbiddenError
from people.public import Actor
from records.models import Record, RecordParty, RecordPerson


def visible_to(actor: Actor, records: QuerySet[Record]) -> QuerySet[Record]:
    """Of `records`, those the actor may see.

    A restricted record is seen by members of its support group only.
    """
    if actor.reach == "system":
        return records
    if actor.reach == "own":
        mine = RecordPerson.objects.filter(membership=actor.membership_id).values("record_id")
        return records.filter(pk__in=mine, is_restricted=False)
    open_to_actor = Q(is_restricted=False)
    if actor.group_ids:
        open_to_actor |= Q(support_group__in=actor.group_ids)
    records = records.filter(open_to_actor)
    if actor.reach == "provider":
        # One look-up per row instead of a hash of all the provider ever held (see tenancy/engine/operations.py).
        party = RecordParty.objects.filter(record=OuterRef("pk"), provider=actor.provider_id).values("pk")[:1]
        return records.alias(party=Subquery(party)).filter(party__isnull=False)
    return records


def may_read_working_side(actor: Actor) -> bool:
    """Whether the actor may read work notes, internal files and the audit: everyone but end users."""
    return actor.reach in ("all", "provider", "system")


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(f"This needs the permission {permission}.", permission=permission)
