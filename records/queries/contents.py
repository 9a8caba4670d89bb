"""What belongs to one record: words, steps, files, people, links."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, NotFoundError
from people.public import Actor
from records.models import Attachment, AuditEntry, Comment, Link, Record, RecordPerson, WorkNote
from records.policy import may_read_working_side
from records.queries.headers import visible_records
from tenancy.engine.words import word
from tenancy.public import compiled


@compiled
def _comments(*, record_id: UUID) -> QuerySet[Comment]:
    return Comment.objects.filter(record_id=record_id).order_by("written_at", "id")


@compiled
def _work_notes(*, record_id: UUID) -> QuerySet[WorkNote]:
    return WorkNote.objects.filter(record_id=record_id).order_by("written_at", "id")


@compiled
def _steps(*, record_id: UUID) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(record_id=record_id).order_by("version")


@compiled
def _attachments(*, record_id: UUID) -> QuerySet[Attachment]:
    return Attachment.objects.filter(record_id=record_id).order_by("added_at", "id")


@compiled
def _watchers(*, record_id: UUID) -> QuerySet[RecordPerson]:
    return RecordPerson.objects.select_related("membership").filter(record_id=record_id, reason="watcher")


@compiled
def _links(*, record_id: UUID) -> QuerySet[Link, Any]:
    ends = Link.objects.filter(Q(source=record_id) | Q(target=record_id))
    return ends.values_list("type", "source_id", "target_id")


def comments_of(record: Record) -> list[Comment]:
    """What was said to the requester, oldest first."""
    return _comments(record_id=record.pk)


def work_notes_of(actor: Actor, record: Record) -> list[WorkNote]:
    """What those who work the record told each other, oldest first. Raises ForbiddenError for anyone else."""
    _require_working_side(actor)
    return _work_notes(record_id=record.pk)


def last_words_of(record: Record, kind: str) -> Comment | WorkNote:
    """The newest comment (or work note) on a record, for the door that has just written it."""
    model = Comment if kind == "comment" else WorkNote
    return model.objects.filter(record=record).latest("written_at", "id")


def audit_of(actor: Actor, record: Record) -> list[AuditEntry]:
    """Every step on a record, oldest first. Raises ForbiddenError for end users."""
    _require_working_side(actor)
    return steps_of(record.pk)


def steps_of(record_id: UUID) -> list[AuditEntry]:
    """Every step on a record, oldest first: the source of clocks and custody."""
    return _steps(record_id=record_id)


def attachments_of(actor: Actor, record: Record) -> list[Attachment]:
    """The files on a record that the actor may know of, oldest first."""
    files = _attachments(record_id=record.pk)
    return files if may_read_working_side(actor) else [file for file in files if not file.is_internal]


def get_attachment(actor: Actor, record: Record, attachment_id: UUID) -> Attachment:
    """A clean file on the record. Raises NotFoundError, for quarantined and infected files too."""
    for attachment in attachments_of(actor, record):
        if attachment.pk == attachment_id and attachment.status == Attachment.Status.CLEAN:
            return attachment
    raise NotFoundError(gettext("There is no such file, or it is still being checked."))


def watchers_of(record: Record) -> list[RecordPerson]:
    """The members who watch a record."""
    return _watchers(record_id=record.pk)


def persons_of(record_id: UUID) -> list[RecordPerson]:
    """Requester, affected user and watchers of a record, with their membership."""
    return list(RecordPerson.objects.select_related("membership__person").filter(record_id=record_id))


@dataclass(frozen=True, slots=True)
class Linked:
    """One end of a link, as seen from the other."""

    phrase: str
    record: Record


_PHRASES = {
    "caused_by": (word("caused by"), word("causes")),
    "child_of": (word("child of"), word("parent of")),
    "duplicate_of": (word("duplicate of"), word("duplicated by")),
    "fixed_by": (word("fixed by"), word("fixes")),
    "relates_to": (word("relates to"), word("relates to")),
}


def links_of(actor: Actor, record: Record) -> list[Linked]:
    """The links of a record to records that the actor may see too, each named from this end."""
    ends = _links(record_id=record.pk)
    rows = [(kind, target) for kind, source, target in ends if source == record.pk]
    back = [(kind, source) for kind, source, target in ends if target == record.pk]
    ids = [other for _, other in (*rows, *back)]
    if not ids:
        return []
    seen = {other.pk: other for other in visible_records(actor).filter(pk__in=ids)}
    named = [(_PHRASES[kind][0], other) for kind, other in rows] + [
        (_PHRASES[kind][1], other) for kind, other in back
    ]
    return [Linked(phrase, seen[other]) for phrase, other in named if other in seen]


@dataclass(frozen=True, slots=True)
class Movements:
    """How often a record went to another support group after its opening, and how often it was reopened."""

    reassignments: int = 0
    reopenings: int = 0


def movements_of(record_ids: Collection[UUID]) -> dict[UUID, Movements]:
    """The movements of records that had any, by key, counted from the audit in one read."""
    moved = Count("id", filter=Q(version__gt=1, facts__has_key="support_group"))
    reopened = Count("id", filter=Q(verb__endswith=":reopen"))
    rows = (
        AuditEntry.objects.filter(record_id__in=record_ids)
        .values_list("record_id")
        .annotate(reassignments=moved, reopenings=reopened)
    )
    return {key: Movements(moves, reopenings) for key, moves, reopenings in rows if moves or reopenings}


def facts_for(actor: Actor, entry: AuditEntry) -> dict[str, Any]:
    """An entry's facts without those that the actor has no business with."""
    if may_read_working_side(actor):
        return dict(entry.facts)
    return {name: value for name, value in entry.facts.items() if name in ("state", "comment", "title")}


def _require_working_side(actor: Actor) -> None:
    if not may_read_working_side(actor):
        raise ForbiddenError(gettext("This is for those who work the record."), permission="incident:note")
