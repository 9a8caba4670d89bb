"""One of one's own records: how it stands, what was said, its files and followers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from incidents.public import detail_of, offers
from lifecycle.public import NotFoundError, is_own
from people.public import Actor
from portal.lifecycle import ENDED_EARLY, KINDS, MILESTONES, STANDINGS, Standing
from portal.queries.lines import Promise, promise_about
from records.models import Record
from records.public import attachments_of, comments_of, get_attachment, get_record, watchers_of
from requests_app.public import offers as request_offers

# What a requester decides about a record; all other steps are for those who work it.
_DECISIONS = ("confirm", "reopen", "cancel")
_OFFERS = {"incident": offers, "request": request_offers}


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
class OpenFile:
    """A clean file, open for reading."""

    name: str
    content_type: str
    content: "File[Any]"


def own_record(actor: Actor, number: str) -> Record:
    """The actor's record with this number, of a kind that the portal shows. Raises NotFoundError."""
    record = get_record(actor, number)
    if record.kind not in KINDS:
        raise NotFoundError(gettext("There is no such record."))
    return record


def record_page(actor: Actor, number: str, now: datetime) -> RecordPage:
    """A record with its thread. Raises NotFoundError for one that is not the actor's to see."""
    record = own_record(actor, number)
    own, is_live = is_own(actor, record), record.phase != "closed"
    allowed = {
        offer.name
        for offer in _OFFERS[record.kind](actor, record)
        if offer.allowed and offer.name in _DECISIONS
    }
    return RecordPage(
        record=record,
        standing=STANDINGS[record.kind][record.state],
        milestones=milestones(record.kind, record.state),
        promise=promise_about(record, now),
        contact=detail_of(record).contact if record.kind == "incident" else "",
        thread=said_on(record, actor),
        files=[
            FileLine(file.pk, file.name, file.size, file.status) for file in attachments_of(actor, record)
        ],
        watchers=[
            WatcherLine(row.membership_id, row.membership.name, row.membership_id == actor.membership_id)
            for row in watchers_of(record)
        ],
        decisions=frozenset(allowed) if own else frozenset(),
        is_own=own,
        may_reply=is_live and actor.may(f"{record.kind}:comment"),
        may_attach=is_live and actor.may(f"{record.kind}:attach"),
        may_add_watcher=is_live and own and actor.may(f"{record.kind}:watch"),
    )


def said_on(record: Record, actor: Actor) -> list[Said]:
    """What was said to the requester's side, in order."""
    return [
        Said(said.author_name, said.author_id == actor.membership_id, said.written_at, said.body)
        for said in comments_of(record)
    ]


def promise_of(actor: Actor, number: str, now: datetime) -> tuple[Record, Promise | None]:
    """A record and what was promised about it. Raises NotFoundError."""
    record = own_record(actor, number)
    return record, promise_about(record, now)


def open_file(actor: Actor, number: str, file_id: UUID) -> OpenFile:
    """A clean file on a record. Raises NotFoundError, for files that are still being checked too."""
    attachment = get_attachment(actor, own_record(actor, number), file_id)
    try:
        content = default_storage.open(attachment.path)
    except FileNotFoundError as error:
        raise NotFoundError(gettext("There is no such file.")) from error
    return OpenFile(attachment.name, attachment.content_type, content)


def milestones(kind: str, state: str) -> list[dict[str, Any]]:
    """How far a record has come; one that ended early shows only that."""
    labels, standing = MILESTONES[kind], STANDINGS[kind][state]
    if state in ENDED_EARLY:
        return [{"label": labels[0], "state": "done"}, {"label": standing.label, "state": "current"}]
    words = ("done", "current", "todo")
    return [
        {"label": label, "state": words[(index >= standing.place) + (index > standing.place)]}
        for index, label in enumerate(labels)
    ]
