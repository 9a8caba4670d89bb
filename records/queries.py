"""Reads of the record kernel. Every record reached here was first seen through `visible_to`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from catalogue.public import catalogue
from lifecycle.public import ForbiddenError, NotFoundError
from people.models import Membership
from people.public import Actor, directory
from records.models import Attachment, AuditEntry, Comment, Link, Record, RecordPerson, WorkNote
from records.policy import Viewpoint, may_read_working_side, viewer_of, visible_to
from tenancy.public import compiled

HEADER_JOINS = (
    "service",
    "requester",
    "affected_user",
    "organisation",
    "support_group__provider",
    "assignee",
)
SEARCH_LIMIT = 500


def visible_records(actor: Actor | Viewpoint, kind: str | None = None) -> QuerySet[Record]:
    """Records the actor may see, of one kind or all, with what a line of a list shows."""
    records = visible_to(actor, Record.objects.all())
    if kind:
        records = records.filter(kind=kind)
    return records.select_related(*HEADER_JOINS)


# What a line of a list shows; joined columns only, because building whole rows of six tables costs more than all else.
_LINE = (
    "id",
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
_BRIEF = ("id", "number", "title", "state", "requester_id", "affected_user_id", "opened_at")


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


def get_record(actor: Actor, number: str, kind: str | None = None) -> Record:
    """The record with this number. Raises NotFoundError when there is none that the actor may see."""
    number = number.strip()
    # Numbers are plain ASCII; the database would refuse a null byte with an error of its own.
    is_plain = number.isascii() and number.isprintable()
    record = _with_number.first(actor.reach, number=number.upper(), **viewer_of(actor)) if is_plain else None
    if record is None or kind not in (None, record.kind):
        raise NotFoundError("There is no such record.")
    fill_references([record])
    return record


def get_record_by_id(actor: Actor, record_id: UUID) -> Record | None:
    """A record by key, None when the actor may not see it."""
    return visible_records(actor).filter(pk=record_id).first()


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
    raise NotFoundError("There is no such file, or it is still being checked.")


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
    "caused_by": ("caused by", "causes"),
    "child_of": ("child of", "parent of"),
    "duplicate_of": ("duplicate of", "duplicated by"),
    "fixed_by": ("fixed by", "fixes"),
    "relates_to": ("relates to", "relates to"),
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
        cursor.execute("SELECT record_id FROM records_search(%s, %s, %s)", [text, most, person])
        return [key for (key,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Change:
    """One step, as the change feed tells it."""

    cursor: tuple[int, UUID]
    at: datetime
    number: str
    kind: str
    verb: str
    by: str
    facts: dict[str, Any]
    version: int


def changes_since(actor: Actor, cursor: tuple[int, UUID] | None, *, limit: int) -> Sequence[Change]:
    """Steps on the actor's records committed since `cursor`, in an order that never loses a late commit.

    Read by transaction watermark: only transactions older than every one still running are told, so a feed by id or
    time, which misses writers that commit late, is not needed.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = sql.fetchone()[0]
    entries = AuditEntry.objects.filter(xid__lt=horizon).select_related("record").order_by("xid", "id")
    entries = entries.filter(record__in=visible_to(actor, Record.objects.all()))
    if not may_read_working_side(actor):
        # That a work note was written is no business of the requester's either.
        entries = entries.exclude(verb__endswith=":note")
    if cursor is not None:
        entries = entries.extra(
            where=["(records_auditentry.xid, records_auditentry.id) > (%s, %s::uuid)"], params=cursor
        )
    return [
        Change(
            (entry.xid, entry.pk),
            entry.at,
            entry.record.number,
            entry.record.kind,
            entry.verb,
            entry.actor_name,
            facts_for(actor, entry),
            entry.version,
        )
        for entry in entries[:limit]
    ]


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
        raise ForbiddenError("This is for those who work the record.", permission="incident:note")
