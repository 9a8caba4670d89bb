"""Records as lists and pages show their header."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.public import catalogue
from lifecycle.public import NotFoundError
from people.models import Membership
from people.public import Actor, directory
from records.models import Record, RecordPerson
from records.policy import NOBODY, Viewpoint, followed_by, viewer_of, visible_to
from tenancy.public import compiled

HEADER_JOINS = (
    "service",
    "requester",
    "affected_user",
    "organisation",
    "support_group__provider",
    "assignee",
)


def visible_records(actor: Actor | Viewpoint, kind: str | None = None) -> QuerySet[Record]:
    """Records the actor may see, of one kind or all, with what a line of a list shows."""
    records = visible_to(actor, Record.objects.all())
    if kind:
        records = records.filter(kind=kind)
    return records.select_related(*HEADER_JOINS)


# What a line of a list shows; joined columns only, because building whole rows of six tables costs more than all else.
_LINE = (
    "id",
    "kind",
    "number",
    "title",
    "description",
    "state",
    "phase",
    "priority",
    "external_reference",
    "opened_at",
    "updated_at",
    "resolved_at",
    "closed_at",
    "version",
    "service_id",
    "service__code",
    "service__name",
    "requester__email",
    "requester__name",
    "affected_user__email",
    "organisation__code",
    "support_group__code",
    "support_group__name",
    "provider__code",
    "provider__name",
    "assignee__email",
    "assignee__name",
)


@compiled
def lines_with(*, keys: Collection[UUID]) -> QuerySet[Record, Any]:
    """Frozen rows (named tuples of _LINE) of records that a list was found to show, in any order."""
    return Record.objects.filter(pk__among=keys).values_list(*_LINE, named=True)


_DEFINED = ("service", "organisation", "provider", "support_group")
_MEMBERS = ("requester", "affected_user", "assignee")


@compiled
def _members(*, keys: Collection[UUID]) -> QuerySet[Membership]:
    return Membership.objects.filter(pk__among=keys)


def fill_references(records: Iterable[Record]) -> None:
    """Give records the rows they refer to, so that reading their codes and names asks the database nothing more.

    Joining seven tables, each behind its row security policy, costs PostgreSQL more to plan than all the rest of
    reading a record; definitions are kept anyway.
    """
    rows = list(records)
    asked = {name: {getattr(row, f"{name}_id") for row in rows} - {None} for name in _DEFINED}
    services = catalogue.holding(lambda held: asked["service"] <= held.services.keys()).services
    known = directory.holding(
        lambda held: (
            asked["organisation"] <= held.organisations.keys()
            and asked["provider"] <= held.providers.keys()
            and asked["support_group"] <= held.groups.keys()
        )
    )
    wanted = {getattr(row, f"{name}_id") for row in rows for name in _MEMBERS} - {None}
    members: dict[Any, Membership] = {row.pk: row for row in _members(keys=wanted)} if wanted else {}
    for record in rows:
        record.service = services.get(record.service_id) if record.service_id else None
        record.organisation = (
            known.organisations.get(record.organisation_id) if record.organisation_id else None
        )
        record.provider = known.providers.get(record.provider_id) if record.provider_id else None
        record.support_group = known.groups.get(record.support_group_id) if record.support_group_id else None
        for name in _MEMBERS:
            setattr(record, name, members.get(getattr(record, f"{name}_id")))


@compiled
def _with_number(reach: str, *, number: str, **viewer: Any) -> QuerySet[Record]:
    return visible_to(Viewpoint(reach, **viewer), Record.objects.filter(number=number))


# What a short line shows: no joins.
_BRIEF = (
    "id",
    "kind",
    "number",
    "title",
    "state",
    "phase",
    "requester_id",
    "affected_user_id",
    "opened_at",
)


@compiled
def brief_lines_with(*, keys: Collection[UUID]) -> QuerySet[Record, Any]:
    """Short rows (named tuples of _BRIEF) of records that a list was found to show, in any order."""
    return Record.objects.filter(pk__among=keys).values_list(*_BRIEF, named=True)


@compiled
def _latest(reach: str, kind: str, order: str, most: int, **viewer: Any) -> QuerySet[Record, Any]:
    records = visible_to(Viewpoint(reach, **viewer), Record.objects.filter(kind=kind))
    return records.order_by(order, "-id").values_list(*_BRIEF, named=True)[:most]


@compiled
def _latest_of(
    reach: str, kind: str, order: str, most: int, *, requester: UUID, **viewer: Any
) -> QuerySet[Record, Any]:
    asked = RecordPerson.objects.filter(membership=requester, reason="requester").values("record_id")
    records = visible_to(Viewpoint(reach, **viewer), Record.objects.filter(pk__in=asked, kind=kind))
    return records.order_by(order, "-id").values_list(*_BRIEF, named=True)[:most]


def latest_records(
    actor: Actor, *, kind: str, order: str, most: int, requester: UUID | None = None
) -> list[Any]:
    """Short rows of the `most` latest records of a kind that the actor may see, or of those that a member asked for.

    `order`: "-opened_at" or "-updated_at".
    """
    shape = (actor.reach, kind, order, most)
    if requester is None:
        return _latest(*shape, **viewer_of(actor))
    return _latest_of(*shape, requester=requester, **viewer_of(actor))


def followed_records(actor: Actor | Viewpoint, kinds: Collection[str]) -> QuerySet[Record]:
    """Records of these kinds that the actor asked for, is affected by or watches."""
    return followed_by(actor, Record.objects.filter(kind__in=kinds))


@compiled
def _latest_followed(kinds: tuple[str, ...], most: int, *, membership_id: UUID) -> QuerySet[Record, Any]:
    records = followed_records(Viewpoint("own", membership_id), kinds)
    return records.order_by("-opened_at", "-id").values_list(*_BRIEF, named=True)[:most]


def latest_followed(actor: Actor, *, kinds: tuple[str, ...], most: int) -> list[Any]:
    """Short rows of the `most` newest of them."""
    return _latest_followed(kinds, most, membership_id=actor.membership_id or NOBODY)


def get_record(actor: Actor, number: str, kind: str | None = None) -> Record:
    """The record with this number. Raises NotFoundError when there is none that the actor may see."""
    number = number.strip()
    # Numbers are plain ASCII; the database would refuse a null byte with an error of its own.
    is_plain = number.isascii() and number.isprintable()
    record = _with_number.first(actor.reach, number=number.upper(), **viewer_of(actor)) if is_plain else None
    if record is None or kind not in (None, record.kind):
        raise NotFoundError(gettext("There is no such record."))
    fill_references([record])
    return record


def get_record_by_id(actor: Actor, record_id: UUID) -> Record | None:
    """A record by key, None when the actor may not see it."""
    return visible_records(actor).filter(pk=record_id).first()
