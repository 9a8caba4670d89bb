"""Reads of custody, and the user's clock, which is read off it. The record was seen before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from design.languages import once_per_language
from people.public import names_of
from records.models import Record
from records.public import kind_of
from sla import engine
from sla.engine import Attributes, Segment, Timeline, user_clock
from sla.models import Hold
from sla.services.book import definitions_with
from sla.services.history import seconds
from tenancy.public import compiled


class CustodyView(NamedTuple):
    """A stretch of custody: who held the record from when to when, and its wall seconds so far."""

    party_kind: str
    party: str
    provider_id: UUID | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int


class _Hold(NamedTuple):
    """What is read of a stretch of custody, in the order of HOLD_COLUMNS."""

    party_kind: str
    party: UUID | None
    provider_id: UUID | None
    state: str
    started_at: datetime
    ended_at: datetime | None


@compiled
def _holds(*, record_id: UUID) -> QuerySet[Hold, Any]:
    return (
        Hold.objects.filter(record_id=record_id).order_by("position").values_list(*_Hold._fields, named=True)
    )


@once_per_language
def party_words() -> dict[str, str]:
    """Who holds a record where no group does, in words."""
    return {
        "requester": gettext("Requester"),
        "approver": gettext("Approver"),
        "wire": gettext("On the wire"),
        "unassigned": gettext("Nobody"),
    }


def custody_of(record: Record, now: datetime) -> list[CustodyView]:
    """A record's custody ledger at `now` (UTC): its segments add up to wall time exactly."""
    rows = (
        _holds(record_id=record.pk)
        if record.projection is None
        else [_Hold(*values) for values in record.projection.ledger]
    )
    groups = {row.party for row in rows if row.party_kind == "group"}
    group = record.support_group
    # Most records have known one group only, and that is at hand.
    names = {group.pk: group.name} if group and groups <= {group.pk} else names_of(groups)
    words = party_words()
    return [
        CustodyView(
            party_kind=row.party_kind,
            party=words.get(row.party_kind) or names.get(row.party, "?"),  # type: ignore[arg-type]  # a group has a key
            provider_id=row.provider_id,
            state=row.state,
            started_at=row.started_at,
            ended_at=row.ended_at,
            seconds=seconds(row.ended_at or max(now, row.started_at)) - seconds(row.started_at),
        )
        for row in rows
    ]


def user_clock_of(
    record: Record, now: datetime, holds: Sequence[CustodyView] | None = None
) -> engine.UserClock | None:
    """The user's clock at `now` (UTC): opened to resolved in the service's hours, no pauses; None without hours.

    Read off the custody ledger (`holds`, when at hand), which tells the record's state at every second.
    """
    hours = record.service.hours_id if record.service else None
    if hours is None:
        return None
    rows = custody_of(record, now) if holds is None else holds
    return clock_off_ledger(record, hours, rows, now)


def clock_off_ledger(
    record: Any, hours: UUID, holds: Sequence[Any], now: datetime
) -> engine.UserClock | None:
    """The user's clock in the hours of a calendar, off stretches of custody with state, start and end.

    `record` has kind, phase, state and opened_at.
    """
    calendar = definitions_with(calendars=[hours]).calendars[str(hours)](seconds(record.opened_at))
    phase_of = kind_of(record.kind).lifecycle.phase
    spans = [
        Segment(
            seconds(hold.started_at),
            seconds(hold.ended_at) if hold.ended_at else None,
            Attributes(state=hold.state, phase=phase_of(hold.state)),
        )
        for hold in holds
    ]
    if record.phase == "closed" and spans and spans[-1].end is not None:
        spans.append(Segment(spans[-1].end, None, Attributes(state=record.state, phase="closed")))
    line = Timeline(seconds(record.opened_at), tuple(spans), tuple(spans), (), ())
    return user_clock(timeline=line, calendar=calendar, now=seconds(now))
