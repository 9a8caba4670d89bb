"""What waits for one's decision, and all that one needs to know to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from approvals.public import (
    Approval,
    LevelView,
    decided_approvals,
    get_approval,
    levels_of,
    names_in_stead,
    open_approvals,
    places_for,
    seats_in,
    views_of,
)
from catalogue.public import shown_answers
from doors.engine.keyset import Order, page_of
from people.public import Actor, names_of
from portal.queries.record import Said, said_on
from records.models import Record
from records.public import attachments_of
from requests_app.public import request_detail

TABS = ("waiting", "decided")
PAGE_SIZE = 25
_LONGEST_FIRST = Order("asked_at", is_descending=False)
_NEWEST_FIRST = Order("asked_at")


@dataclass(frozen=True, slots=True)
class ApprovalLines:
    """A page of levels."""

    lines: Sequence[LevelView]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPage:
    """One level and what it is about. `price` in pounds, None for free; `in_stead_of` names whose say it is."""

    level: LevelView
    levels: Sequence[LevelView]
    record: Record
    requester: str
    recipient: str
    unit_price: Decimal | None
    period: str
    quantity: int
    answers: Sequence[Any]
    thread: Sequence[Said]
    may_decide: bool
    may_hand_on: bool
    in_stead_of: Sequence[str]
    is_own: bool


def approvals_page(actor: Actor, now: datetime, *, tab: str, cursor: str) -> ApprovalLines:
    """A page of what waits for the actor, the longest first, or of what they decided. Raises CursorError."""
    if tab == "decided":
        page = page_of(decided_approvals(actor), order=_NEWEST_FIRST, limit=PAGE_SIZE, cursor=cursor)
    else:
        page = page_of(open_approvals(actor, now), order=_LONGEST_FIRST, limit=PAGE_SIZE, cursor=cursor)
    return ApprovalLines(views_of(page.rows), page.next_cursor, page.previous_cursor)


def approval_page(actor: Actor, approval_id: UUID, language: str, now: datetime) -> ApprovalPage:
    """A level that concerns the actor. Raises NotFoundError for any other."""
    approval = get_approval(actor, approval_id, now)
    record = approval.record
    levels = levels_of(record)
    seats = seats_in(approval)
    places = places_for(actor, approval, seats, now)
    detail = request_detail(record)
    names = names_of([key for key in (record.requester_id, record.affected_user_id) if key])
    version = detail.offering_version
    me = actor.membership_id
    return ApprovalPage(
        level=next(each for each in levels if each.id == approval.pk),
        levels=levels,
        record=record,
        requester=names.get(record.requester_id, "") if record.requester_id else "",
        recipient=names.get(record.affected_user_id, "") if record.affected_user_id else "",
        unit_price=detail.unit_price,
        period=version.design.get("period") or "once",
        quantity=detail.quantity,
        answers=shown_answers(
            version,
            detail.answers,
            language,
            files={str(file.pk): file.name for file in attachments_of(actor, record)},
        ),
        thread=said_on(record, actor),
        may_decide=bool(places),
        may_hand_on=approval.state == Approval.State.ASKED
        and any(seat.member_id == me and not seat.decision and not seat.has_left for seat in seats),
        in_stead_of=names_in_stead(actor, seats, places),
        is_own=me in (record.requester_id, record.affected_user_id),
    )
