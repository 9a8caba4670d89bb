"""One's own records as lines of lists, and what was promised about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from approvals.public import waiting_for
from doors.engine.keyset import Order, page_of
from lifecycle.public import is_own
from people.public import Actor
from portal.lifecycle import KINDS, STANDINGS, WAITING_FOR_REQUESTER, Standing
from records.public import Viewpoint, brief_lines_with, followed_records, latest_followed, search, viewer_of
from requests_app.public import lines_in_basket, promised_days
from sla.public import ClockView, clocks_of_many
from tenancy.public import compiled_counts

TABS = ("open", "waiting", "closed")
PAGE_SIZE = 25
LATEST = 5
COUNT_MAX = 100
_NEWEST_FIRST = Order("opened_at")
_PROMISED = ("resolution", "fulfilment")


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised to the user. kind: promised, late, paused, kept or missed; `due_at` in UTC."""

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
    kind: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines, and the cursors of the pages around them; "" where there is none."""

    lines: Sequence[RecordLine]
    next_cursor: str
    previous_cursor: str


def latest_lines(actor: Actor, now: datetime) -> list[RecordLine]:
    """The actor's five newest records: what closes by itself is no news."""
    return lines_of(latest_followed(actor, kinds=KINDS, most=LATEST), actor, now)


def lines_page(actor: Actor, now: datetime, *, tab: str, cursor: str) -> LinePage:
    """A page of the actor's records, newest first. Raises CursorError for a cursor of another list."""
    rows = followed_records(actor, KINDS)
    if tab == "closed":
        rows = rows.filter(phase="closed")
    elif tab == "waiting":
        rows = rows.filter(state__in=WAITING_FOR_REQUESTER)
    else:
        rows = rows.exclude(phase="closed")
    page = page_of(rows, order=_NEWEST_FIRST, limit=PAGE_SIZE, cursor=cursor, read=brief_lines_with)
    return LinePage(lines_of(page.rows, actor, now), page.next_cursor, page.previous_cursor)


def search_page(actor: Actor, now: datetime, *, text: str, cursor: str) -> LinePage:
    """A page of the actor's records that hold all the words, or the number, given."""
    found = search(actor, text).filter(kind__in=KINDS)
    page = page_of(found, order=_NEWEST_FIRST, limit=PAGE_SIZE, cursor=cursor, read=brief_lines_with)
    return LinePage(lines_of(page.rows, actor, now), page.next_cursor, page.previous_cursor)


def menu_counts(actor: Actor, today: date) -> Mapping[str, int]:
    """How many of the actor's records and of others' approvals wait for them, and what is in their basket.

    Each counted to 100. `today` is the tenant's, whose days delegations go by.
    """
    return _menu(**viewer_of(actor), day=today.isoformat())


@compiled_counts(most=COUNT_MAX)
def _menu(*, membership_id: UUID, day: str) -> dict[str, QuerySet[Any]]:
    mine = followed_records(Viewpoint("own", membership_id), KINDS)
    return {
        "waiting": mine.filter(state__in=WAITING_FOR_REQUESTER),
        "basket": lines_in_basket(membership_id),
        "approvals": waiting_for(membership_id=membership_id, day=day).order_by("asked_at"),
    }


def promise_about(record: Any, now: datetime) -> Promise | None:
    """What was promised about one record."""
    return _promises([record], now).get(record.id)


def lines_of(rows: Sequence[Any], actor: Actor, now: datetime) -> list[RecordLine]:
    """Records, or rows of them, as lines of a list."""
    promises = _promises(rows, now)
    return [
        RecordLine(
            number=record.number,
            title=record.title,
            standing=STANDINGS[record.kind][record.state],
            needs_reader=record.state in WAITING_FOR_REQUESTER and is_own(actor, record),
            promise=promises.get(record.id),
            opened_at=record.opened_at,
            kind=record.kind,
        )
        for record in rows
    ]


def _promises(rows: Sequence[Any], now: datetime) -> dict[UUID, Promise]:
    """By the user's targets; where none measures a request, by the day that was named when it was ordered."""
    clocks = clocks_of_many([record.id for record in rows], now) if rows else {}
    found = {record.id: _by_clock(clocks.get(record.id, []), now) for record in rows}
    named = [
        row.id for row in rows if row.kind == "request" and found[row.id] is None and row.phase == "open"
    ]
    for key, at in promised_days(named).items():
        found[key] = Promise("late" if at <= now else "promised", at)
    return {key: promise for key, promise in found.items() if promise is not None}


def _by_clock(clocks: Sequence[ClockView], now: datetime) -> Promise | None:
    """The promise made to the user: an SLA on resolution or fulfilment, never what was agreed with suppliers."""
    for clock in clocks:
        if clock.kind != "sla" or clock.metric not in _PROMISED:
            continue
        if clock.state == "running":
            is_late = clock.is_breached or (clock.due_at is not None and clock.due_at <= now)
            return Promise("late" if is_late else "promised", clock.due_at)
        if clock.state == "paused":
            return Promise("paused", None)
        if clock.state == "stopped":
            return Promise("missed" if clock.is_breached else "kept", clock.due_at)
    return None
