"""What an agent finds on arriving."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from design.moments import long_moment
from desk.engine.kinds import LISTINGS
from desk.engine.pages import Home, NextRecord, RecordRow
from desk.queries.lists import (
    SOON,
    free_ones,
    live_records,
    new_records,
    of_groups,
    records_in_view,
    rows_of,
    view_counts,
    with_due,
    with_sort_priority,
)
from people.public import Actor
from records.models import Record
from records.public import lines_with
from sla.public import NEVER_DUE

SHORT_LIST = 5
SOONEST_FIRST = ("next_due_at", "opened_at", "id")
NEWEST_FIRST = ("-opened_at", "-id")
# Kinds that somebody takes and works on.
WORKED = tuple(kind for kind, listing in LISTINGS.items() if listing.is_assigned)


class _Next(NamedTuple):
    """The record to work on next: whose it is, and when its next promise comes due."""

    due_at: datetime
    priority: int
    opened_at: datetime
    pk: UUID
    assignee_id: UUID | None


def home_of(actor: Actor, now: datetime) -> Home:
    """What breaches soon, what is new and what waits on the actor, and the next record to work on."""
    first = _next_of(actor)
    shown = {
        "next": [first.pk] if first else [],
        "breaching": _soonest(
            with_due(records_in_view(actor, kind, "breaching", due_by=now + SOON), kind) for kind in LISTINGS
        ),
        "new": _newest(new_records(actor, kind) for kind in WORKED),
        "waiting": _soonest(
            with_due(live_records(actor, kind).filter(assignee=actor.membership_id, phase="open"), kind)
            for kind in WORKED
        ),
    }
    rows = _rows_by_key(actor, {key for keys in shown.values() for key in keys}, now)
    lists = {name: [rows[key] for key in keys if key in rows] for name, keys in shown.items()}
    return Home(
        next=NextRecord(lists["next"][0], _why_next(first, now)) if first and lists["next"] else None,
        breaching=lists["breaching"],
        new=lists["new"],
        waiting=lists["waiting"],
        counts=view_counts(actor, tuple(LISTINGS), now),
    )


def _soonest(records: Iterable[QuerySet[Record]]) -> list[UUID]:
    """The keys of the few whose promises (`next_due_at`) come due first, over all kinds."""
    found = _first_of(list(records), SOONEST_FIRST, most=SHORT_LIST)
    return [key for *_, key in sorted(found)[:SHORT_LIST]]


def _newest(records: Iterable[QuerySet[Record]]) -> list[UUID]:
    """The keys of the few newest, over all kinds."""
    found = _first_of(list(records), NEWEST_FIRST, most=SHORT_LIST)
    return [key for *_, key in sorted(found, reverse=True)[:SHORT_LIST]]


def _first_of(
    records: Sequence[QuerySet[Record]], order: Sequence[str], *, most: int, more: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """What the order compares, and `more`, of the first `most` of each, in one read: each is cut by its own index."""
    columns = [*(name.removeprefix("-") for name in order), *more]
    firsts = [rows.order_by(*order).values_list(*columns)[:most] for rows in records]
    return list(firsts[0].union(*firsts[1:], all=True))


def _rows_by_key(actor: Actor, keys: Collection[UUID], now: datetime) -> dict[UUID, RecordRow]:
    lines = lines_with(keys=keys) if keys else []
    return {line.id: row for line, row in zip(lines, rows_of(actor, lines, now), strict=True)}


def _next_of(actor: Actor) -> _Next | None:
    kinds = [kind for kind in WORKED if actor.may(f"{kind}:work")]
    if not kinds or actor.membership_id is None:
        return None
    order = ("next_due_at", "sort_priority", "opened_at", "id")
    workable = [with_sort_priority(with_due(_workable(actor, kind), kind)) for kind in kinds]
    found = _first_of(workable, order, most=1, more=("assignee_id",))
    return min((_Next(*row) for row in found), key=lambda each: each[:4], default=None)


def _workable(actor: Actor, kind: str) -> QuerySet[Record]:
    """What the actor has to work on, or may take."""
    open_ones = live_records(actor, kind).filter(phase="open")
    mine = open_ones.filter(assignee=actor.membership_id)
    theirs = of_groups(actor, open_ones)
    if actor.reach == "provider":
        theirs = theirs.filter(provider=actor.provider_id)
    return mine | free_ones(kind, theirs)


def _why_next(first: _Next, now: datetime) -> str:
    due_at = first.due_at
    owner = gettext("It is assigned to you") if first.assignee_id else gettext("Nobody has taken it")
    if due_at >= NEVER_DUE:
        return gettext("%(owner)s, and no promise is running on anything more urgent.") % {"owner": owner}
    words = {"owner": owner, "time": long_moment(due_at)}
    if due_at <= now:
        return gettext("%(owner)s, and its promise was missed on %(time)s, before any other.") % words
    return gettext("%(owner)s, and its promise is the next to come due, on %(time)s.") % words
