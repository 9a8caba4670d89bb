"""Records found by words or number."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from people.public import Actor
from records.models import Record
from records.queries.headers import visible_records
from tenancy.public import sendable

SEARCH_LIMIT = 500


def search(actor: Actor, text: str, *, kind: str | None = None) -> QuerySet[Record]:
    """Records the actor may see that hold all the words (or the number) given, among the newest 500 that match."""
    return visible_records(actor, kind).filter(pk__among=_hits(actor, text, SEARCH_LIMIT))


def search_newest(
    actor: Actor, text: str, *, kind: str | None = None, most: int
) -> tuple[QuerySet[Record], bool]:
    """The same among the `most` newest that match, and whether that is all of them.

    Enough for the first page of a list, newest first, unless the actor may not see many of them.
    """
    if any(letter.isdigit() for letter in text):
        # What may be a number finds that record too, however old: not one of the newest.
        return search(actor, text, kind=kind), True
    hits = _hits(actor, text, most)
    return visible_records(actor, kind).filter(pk__among=hits), len(hits) < most


def _hits(actor: Actor, text: str, most: int) -> list[UUID]:
    text = text.replace("\x00", " ").strip()
    person = actor.membership_id if actor.reach == "own" else None
    with connection.cursor() as cursor:
        cursor.execute(sendable("SELECT record_id FROM records_search(%s, %s, %s)"), [text, most, person])
        return [key for (key,) in cursor.fetchall()]
