"""What an agent finds on arriving."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from design.moments import long_moment
from desk.engine.pages import (
    Home,
    IncidentRow,
    NextIncident,
)
from desk.queries.lists import (
    SOON,
    incidents_in_view,
    new_incidents,
    of_groups,
    rows_of,
    view_counts,
    with_sort_priority,
)
from incidents.public import (
    live_incidents,
)
from people.public import Actor
from records.models import Record
from records.public import (
    lines_with,
)
from sla.public import (
    NEVER_DUE,
    with_next_due,
)

SHORT_LIST = 5
SOONEST_FIRST = ("next_due_at", "opened_at", "id")


class _Next(NamedTuple):
    """The incident to work on next: whose it is, and when its next promise comes due."""

    pk: UUID
    assignee_id: UUID | None
    due_at: datetime


def home_of(actor: Actor, now: datetime) -> Home:
    """What breaches soon, what is new and what waits on the actor, and the next incident to work on."""
    live = live_incidents(actor)
    soon = incidents_in_view(actor, "breaching", due_by=now + SOON)
    mine = live.filter(assignee=actor.membership_id, phase="open")
    new = new_incidents(actor)
    first = _next_of(actor)
    shown = {
        "next": [first.pk] if first else [],
        "breaching": _keys(with_next_due(soon).order_by(*SOONEST_FIRST)),
        "new": _keys(new.order_by("-opened_at", "-id")),
        "waiting": _keys(with_next_due(mine).order_by(*SOONEST_FIRST)),
    }
    rows = _rows_by_key(actor, {key for keys in shown.values() for key in keys}, now)
    lists = {name: [rows[key] for key in keys if key in rows] for name, keys in shown.items()}
    return Home(
        next=NextIncident(lists["next"][0], _why_next(first, now)) if first and lists["next"] else None,
        breaching=lists["breaching"],
        new=lists["new"],
        waiting=lists["waiting"],
        counts=view_counts(actor, now),
    )


def _keys(records: QuerySet[Record]) -> list[UUID]:
    return list(records.values_list("pk", flat=True)[:SHORT_LIST])


def _rows_by_key(actor: Actor, keys: Collection[UUID], now: datetime) -> dict[UUID, IncidentRow]:
    lines = lines_with(keys=keys) if keys else []
    return {line.id: row for line, row in zip(lines, rows_of(actor, lines, now), strict=True)}


def _next_of(actor: Actor) -> _Next | None:
    if not actor.may("incident:work") or actor.membership_id is None:
        return None
    open_ones = live_incidents(actor).filter(phase="open")
    mine = open_ones.filter(assignee=actor.membership_id)
    free = of_groups(actor, open_ones).filter(assignee__isnull=True)
    if actor.reach == "provider":
        free = free.filter(provider=actor.provider_id)
    order = ("next_due_at", "sort_priority", "opened_at", "id")
    best = with_sort_priority(with_next_due(mine | free)).order_by(*order)
    columns: Any = ("pk", "assignee_id", "next_due_at")  # the last is annotated by with_next_due
    found = best.values_list(*columns).first()
    return _Next(*found) if found else None


def _why_next(first: _Next, now: datetime) -> str:
    due_at = first.due_at
    owner = gettext("It is assigned to you") if first.assignee_id else gettext("Nobody has taken it")
    if due_at >= NEVER_DUE:
        return gettext("%(owner)s, and no promise is running on anything more urgent.") % {"owner": owner}
    words = {"owner": owner, "time": long_moment(due_at)}
    if due_at <= now:
        return gettext("%(owner)s, and its promise was missed on %(time)s, before any other.") % words
    return gettext("%(owner)s, and its promise is the next to come due, on %(time)s.") % words
