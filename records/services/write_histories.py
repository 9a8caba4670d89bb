"""Writing whole lives at once: records that another system kept, backdated, with their audit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction

from outbox.public import publish
from records.models import AuditEntry, Comment, Record, RecordParty, RecordPerson, WorkNote
from records.services.numbering import take_numbers
from tenancy.engine.bulk import insert_in_bulk

TOLD_AT_ONCE = 25
_INDEX = (
    "SELECT records_index(h.record, h.at, h.title, h.description)"
    " FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[]) AS h(record, at, title, description)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One record as it stands at the end of its history, unsaved and without a number, and how it got there.

    `entries` are its audit, versions counted from 1 without a gap; `parties` are the providers that held it and
    since when; `details` the process's own rows.
    """

    record: Record
    entries: Sequence[AuditEntry]
    comments: Sequence[Comment] = ()
    work_notes: Sequence[WorkNote] = ()
    parties: Mapping[UUID, datetime] = field(default_factory=dict)
    details: Sequence[models.Model] = ()


def write_histories(*, kind: str, histories: Sequence[History], at: datetime) -> None:
    """Write records of one kind with all that belongs to them, in one transaction, in the order given.

    No follower runs, so the caller projects clocks and custody itself, in the same transaction. Nobody is told of
    single steps; `history.imported` tells which records there are, some at a time.
    Numbers are taken, and headers written, last; foreign keys are checked at commit.
    """
    if not histories:
        return
    details: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for history in histories:
        for detail in history.details:
            details[type(detail)].append(detail)
    with transaction.atomic():
        for rows in details.values():
            insert_in_bulk(rows)
        insert_in_bulk([row for each in histories for row in each.entries])
        insert_in_bulk([row for each in histories for row in each.comments])
        insert_in_bulk([row for each in histories for row in each.work_notes])
        insert_in_bulk([row for each in histories for row in _persons(each.record)])
        insert_in_bulk([row for each in histories for row in _parties(each)])
        _index([history.record for history in histories])
        for history, number in zip(histories, take_numbers(kind, len(histories)), strict=True):
            history.record.number = number
        insert_in_bulk([history.record for history in histories])
        _tell([history.record for history in histories], at)


def _tell(records: Sequence[Record], at: datetime) -> None:
    for start in range(0, len(records), TOLD_AT_ONCE):
        keys = [str(record.pk) for record in records[start : start + TOLD_AT_ONCE]]
        publish(kind="history.imported", record_id=None, at=at, payload={"records": keys})


def _persons(record: Record) -> list[RecordPerson]:
    people = [(record.requester_id, "requester")]
    if record.affected_user_id != record.requester_id:
        people.append((record.affected_user_id, "affected"))
    return [
        RecordPerson(record_id=record.pk, membership_id=person, reason=reason)
        for person, reason in people
        if person is not None
    ]


def _parties(history: History) -> list[RecordParty]:
    return [
        RecordParty(record_id=history.record.pk, provider_id=provider, since=since)
        for provider, since in history.parties.items()
    ]


def _index(records: Sequence[Record]) -> None:
    columns = (
        [str(record.pk) for record in records],
        [record.opened_at for record in records],
        [record.title for record in records],
        [record.description for record in records],
    )
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, columns)
