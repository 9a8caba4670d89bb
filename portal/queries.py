"""Reads of the portal, as rows ready to show. The actor is one that `policy.requester_of` gave: end user's reach.

Work notes, internal files and the audit are not read here at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.public import services_on_offer
from doors.engine.keyset import Order, page_of
from incidents.public import (
    detail_of,
    get_incident,
    is_own,
    latest_incidents,
    offers,
    search_incidents,
    visible_incidents,
)
from lifecycle.public import NotFoundError
from people.public import Actor
from portal.lifecycle import CANCELLED, MILESTONES, STANDINGS, WAITING_FOR_REQUESTER, Standing
from portal.models import Draft, DraftFile
from records.models import Record
from records.public import (
    Viewpoint,
    attachments_of,
    brief_lines_with,
    comments_of,
    get_attachment,
    viewer_of,
    watchers_of,
)
from sla.public import ClockView, clocks_of_many
from tenancy.public import compiled_counts

TABS = ("open", "waiting", "closed")
PAGE_SIZE = 25
LATEST = 5
COUNT_MAX = 100
_NEWEST_FIRST = Order("opened_at")
# What a requester decides about a record; all other steps are for those who work it.
_DECISIONS = ("confirm", "reopen", "cancel")


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised about the fix. kind: promised, late, paused, kept or missed; `due_at` in UTC."""

    kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record as a line of a list."""

    number: str
    title: str
    standing: Standing
    needs_reader: bool
    promise: Promise | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines, and the cursors of the pages around them; "" where there is none."""

    lines: Sequence[RecordLine]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in the thread."""

    author: str
    is_reader: bool
    at: datetime
    body: str
    kind: str = "comment"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file on a record or a draft. status: clean, quarantined or infected."""

    id: UUID
    name: str
    size: int
    status: str


@dataclass(frozen=True, slots=True)
class WatcherLine:
    """A colleague who follows a record."""

    membership_id: UUID
    name: str
    is_reader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All that a requester sees of a record."""

    record: Record
    standing: Standing
    milestones: Sequence[dict[str, Any]]
    promise: Promise | None
    contact: str
    thread: Sequence[Said]
    files: Sequence[FileLine]
    watchers: Sequence[WatcherLine]
    decisions: frozenset[str]
    is_own: bool
    may_reply: bool
    may_attach: bool
    may_add_watcher: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as far as it was answered; `number` once it was sent."""

    id: UUID
    answers: dict[str, Any]
    number: str
    files: Sequence[FileLine]


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service that a problem may be reported with."""

    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A clean file, open for reading."""

    name: str
    content_type: str
    content: "File[Any]"


def latest_lines(actor: Actor, now: datetime) -> list[RecordLine]:
    """The actor's five newest records: what closes by itself is no news."""
    return _lines(latest_incidents(actor, order="-opened_at", most=LATEST), actor, now)


def lines_page(actor: Actor, now: datetime, *, tab: str, cursor: str) -> LinePage:
    """A page of the actor's records, newest first. Raises CursorError for a cursor of another list."""
    rows = visible_incidents(actor)
    if tab == "closed":
        rows = rows.filter(phase="closed")
    elif tab == "waiting":
        rows = rows.filter(state__in=WAITING_FOR_REQUESTER)
    else:
        rows = rows.exclude(phase="closed")
    page = page_of(rows, order=_NEWEST_FIRST, limit=PAGE_SIZE, cursor=cursor, read=brief_lines_with)
    return LinePage(_lines(page.rows, actor, now), page.next_cursor, page.previous_cursor)


def search_page(actor: Actor, now: datetime, *, text: str, cursor: str) -> LinePage:
    """A page of the actor's records that hold all the words, or the number, given."""
    found = search_incidents(actor, text)
    page = page_of(found, order=_NEWEST_FIRST, limit=PAGE_SIZE, cursor=cursor, read=brief_lines_with)
    return LinePage(_lines(page.rows, actor, now), page.next_cursor, page.previous_cursor)


def waiting_count(actor: Actor) -> int:
    """How many of the actor's records wait for them, counted to 100."""
    return _waiting(actor.reach, **viewer_of(actor))["waiting"]


@compiled_counts(most=COUNT_MAX)
def _waiting(reach: str, **viewer: Any) -> dict[str, QuerySet[Record]]:
    mine = visible_incidents(Viewpoint(reach, **viewer))
    return {"waiting": mine.filter(state__in=WAITING_FOR_REQUESTER)}


def record_page(actor: Actor, number: str, now: datetime) -> RecordPage:
    """A record with its thread. Raises NotFoundError for one that is not the actor's to see."""
    record = get_incident(actor, number)
    own, is_live = is_own(actor, record), record.phase != "closed"
    allowed = {offer.name for offer in offers(actor, record) if offer.allowed and offer.name in _DECISIONS}
    return RecordPage(
        record=record,
        standing=STANDINGS[record.state],
        milestones=_milestones(record.state),
        promise=_promise(clocks_of_many([record.pk], now).get(record.pk, []), now),
        contact=detail_of(record).contact,
        thread=[
            Said(said.author_name, said.author_id == actor.membership_id, said.written_at, said.body)
            for said in comments_of(record)
        ],
        files=[
            FileLine(file.pk, file.name, file.size, file.status) for file in attachments_of(actor, record)
        ],
        watchers=[
            WatcherLine(row.membership_id, row.membership.name, row.membership_id == actor.membership_id)
            for row in watchers_of(record)
        ],
        decisions=frozenset(allowed) if own else frozenset(),
        is_own=own,
        may_reply=is_live and actor.may("incident:comment"),
        may_attach=is_live and actor.may("incident:attach"),
        may_add_watcher=is_live and own and actor.may("incident:watch"),
    )


def promise_of(actor: Actor, number: str, now: datetime) -> tuple[Record, Promise | None]:
    """A record and what was promised about it. Raises NotFoundError."""
    record = get_incident(actor, number)
    return record, _promise(clocks_of_many([record.pk], now).get(record.pk, []), now)


def open_file(actor: Actor, number: str, file_id: UUID) -> OpenFile:
    """A clean file on a record. Raises NotFoundError, for files that are still being checked too."""
    attachment = get_attachment(actor, get_incident(actor, number), file_id)
    try:
        content = default_storage.open(attachment.path)
    except FileNotFoundError as error:
        raise NotFoundError(gettext("There is no such file.")) from error
    return OpenFile(attachment.name, attachment.content_type, content)


def get_draft(actor: Actor, draft_id: UUID) -> DraftView | None:
    """The actor's own draft, sent or not; None for any other."""
    draft = Draft.objects.filter(pk=draft_id, membership=actor.membership_id).first()
    if draft is None:
        return None
    files = DraftFile.objects.filter(draft=draft).order_by("added_at", "id")
    return DraftView(
        draft.pk, draft.answers, draft.number, [FileLine(file.pk, file.name, file.size, "") for file in files]
    )


def service_choices() -> list[ServiceChoice]:
    """Services that a problem may be reported with, by name."""
    return [ServiceChoice(row.code, row.name, row.description) for row in services_on_offer()]


def _lines(rows: Sequence[Any], actor: Actor, now: datetime) -> list[RecordLine]:
    clocks = clocks_of_many([record.id for record in rows], now) if rows else {}
    return [
        RecordLine(
            number=record.number,
            title=record.title,
            standing=STANDINGS[record.state],
            needs_reader=record.state in WAITING_FOR_REQUESTER and is_own(actor, record),
            promise=_promise(clocks.get(record.id, []), now),
            opened_at=record.opened_at,
        )
        for record in rows
    ]


def _promise(clocks: Sequence[ClockView], now: datetime) -> Promise | None:
    """The promise made to the user: the SLA on resolution, never what was agreed with suppliers."""
    for clock in clocks:
        if clock.kind != "sla" or clock.metric != "resolution":
            continue
        if clock.state == "running":
            is_late = clock.is_breached or (clock.due_at is not None and clock.due_at <= now)
            return Promise("late" if is_late else "promised", clock.due_at)
        if clock.state == "paused":
            return Promise("paused", None)
        if clock.state == "stopped":
            return Promise("missed" if clock.is_breached else "kept", clock.due_at)
    return None


def _milestones(state: str) -> list[dict[str, Any]]:
    if state == CANCELLED:
        return [
            {"label": MILESTONES[0], "state": "done"},
            {"label": STANDINGS[CANCELLED].label, "state": "current"},
        ]
    place = STANDINGS[state].place
    words = ("done", "current", "todo")
    return [
        {"label": label, "state": words[(index >= place) + (index > place)]}
        for index, label in enumerate(MILESTONES)
    ]
