"""Every read of incidents."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from incidents.models import Incident
from people.public import Actor
from records.models import Record
from records.public import Viewpoint, get_record, latest_records, search, search_newest, visible_records
from tenancy.public import compiled

KIND = "incident"


def get_incident(actor: Actor, number: str) -> Record:
    """The incident with this number. Raises NotFoundError when there is none that the actor may see."""
    return get_record(actor, number, KIND)


@compiled
def _details(*, record_id: UUID) -> QuerySet[Incident]:
    return Incident.objects.select_related("category").filter(pk=record_id)


@compiled
def _levels(*, record_ids: Collection[UUID]) -> QuerySet[Incident, Any]:
    return Incident.objects.filter(pk__among=record_ids).values_list("record_id", *_LEVELS)


def detail_of(record: Record) -> Incident:
    """What an incident has beside the header."""
    return _details(record_id=record.pk)[0]


_LEVELS = ("impact", "urgency", "category__code", "resolution_code")


class Levels(NamedTuple):
    """What a list shows of an incident beside its header."""

    impact: int
    urgency: int
    category: str | None
    resolution_code: str


def levels_of(record_ids: Iterable[UUID]) -> dict[UUID, Levels]:
    """Impact, urgency, category and resolution code of several incidents, in one read."""
    return {key: Levels(*levels) for key, *levels in _levels(record_ids=list(record_ids))}


def visible_incidents(actor: Actor | Viewpoint) -> QuerySet[Record]:
    """Incidents that the actor may see."""
    return visible_records(actor, KIND)


def live_incidents(actor: Actor | Viewpoint) -> QuerySet[Record]:
    """Open and pending incidents that the actor may see."""
    return visible_incidents(actor).filter(phase__in=("open", "pending"))


def latest_incidents(actor: Actor, *, order: str, most: int, requester: UUID | None = None) -> list[Any]:
    """Short rows of the latest incidents that the actor may see, or of those that a member asked for.

    `order`: "-opened_at" or "-updated_at".
    """
    return latest_records(actor, kind=KIND, order=order, most=most, requester=requester)


def search_incidents(actor: Actor, text: str) -> QuerySet[Record]:
    """Incidents that the actor may see with all the words, or the number, given."""
    return search(actor, text, kind=KIND)


def search_newest_incidents(actor: Actor, text: str, *, most: int) -> tuple[QuerySet[Record], bool]:
    """The same among the `most` newest that match, and whether that is all of them."""
    return search_newest(actor, text, kind=KIND, most=most)
