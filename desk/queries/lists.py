"""Incidents and other records as lines: the standard views, their counts, what a search found."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from design.moments import duration_words
from desk.engine.faces import (
    face_in_list,
    urgent_clock,
)
from desk.engine.pages import (
    IncidentRow,
    LinkLine,
)
from desk.engine.wording import (
    brief_state_labels,
)
from incidents.public import (
    live_incidents,
    visible_incidents,
)
from people.public import Actor
from records.models import Record
from records.public import Viewpoint, kind_of, search, viewer_of
from sla.engine import UserClock
from sla.public import (
    ClockView,
    clocks_of_many,
    due_before,
    next_breach,
    soonest_due,
    user_clocks_of_many,
    visible_clocks,
)
from tenancy.public import compiled_counts

VIEWS = ("mine", "groups", "unassigned", "breaching", "all", "resolved")
SOON = timedelta(hours=4)
COUNT_CAP = 100
LOWEST_PRIORITY = 9
KINDS_WITH_PAGES = ("incident",)


def incidents_in_view(
    actor: Actor | Viewpoint, view: str, *, due_by: datetime, is_any_phase: bool = False
) -> QuerySet[Record]:
    """The incidents of a standard view. `is_any_phase` lets `all` hold those that ended too.

    `due_by` (UTC) is until when a promise counts as about to be missed; see `SOON`.
    """
    live = live_incidents(actor)
    if view == "mine":
        return live.filter(assignee=actor.membership_id) if actor.membership_id else live.none()
    if view == "groups":
        return live.filter(support_group__among=actor.group_ids)
    if view == "unassigned":
        return live.filter(support_group__among=actor.group_ids, assignee__isnull=True)
    if view == "breaching":
        return due_before(of_groups(actor, live), due_by)
    if view == "resolved":
        return visible_incidents(actor).filter(phase="resolved")
    return visible_incidents(actor) if is_any_phase else live


def new_incidents(actor: Actor | Viewpoint) -> QuerySet[Record]:
    """What nobody has touched yet of what the actor looks after."""
    return of_groups(actor, live_incidents(actor)).filter(state="new")


def view_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many incidents stand in each standard view, and are new, counted to 100 at most."""
    held: dict[str, Any] = {"membership_id": actor.membership_id, "group_ids": actor.group_ids}
    # Who has no group looks after all of them, which is another statement: what is empty is not given at all.
    viewer = {name: value for name, value in (held | viewer_of(actor)).items() if value}
    return _counts(actor.reach, *viewer, due_by=now + SOON, **viewer)


@compiled_counts(most=COUNT_CAP)
def _counts(reach: str, *_given: str, due_by: datetime, **viewer: Any) -> dict[str, QuerySet[Any]]:
    actor = Viewpoint(reach, **viewer)
    counted: dict[str, QuerySet[Any]] = {
        view: incidents_in_view(actor, view, due_by=due_by).order_by() for view in VIEWS
    }
    counted["breaching"] = soonest_due(of_groups(actor, live_incidents(actor)), due_by)
    counted["new"] = new_incidents(actor).order_by()
    return counted


def with_sort_priority(records: QuerySet[Record]) -> QuerySet[Record]:
    """`records` with `sort_priority`: the priority, or one below the lowest for a record that has none."""
    return records.annotate(sort_priority=Coalesce(F("priority"), Value(LOWEST_PRIORITY)))


def rows_of(actor: Actor, lines: Sequence[Any], now: datetime) -> list[IncidentRow]:
    """Lines for incidents, read with `lines_with`, with their most urgent clocks and the user's, in one read each."""
    clocks, states = clocks_of_many([line.id for line in lines], now), brief_state_labels()
    users = user_clocks_of_many(lines, now)
    return [
        _row(line, states[line.state], visible_clocks(actor, clocks.get(line.id, [])), users.get(line.id))
        for line in lines
    ]


def arrived_since(records: QuerySet[Record], since: datetime) -> int:
    """How many of `records` were opened after an instant (UTC), counted to 100 at most."""
    return records.filter(opened_at__gt=since).order_by()[:COUNT_CAP].count()


def next_breach_in_words(now: datetime) -> str:
    """When the next promise comes due, for a list that is empty; "" when none runs."""
    due_at = next_breach(now)
    if due_at is None:
        return ""
    return gettext("The next promise comes due in %(time)s.") % {"time": duration_words(due_at - now)}


def found_records(actor: Actor, text: str) -> QuerySet[Record]:
    """Records that hold all the words, or have the number; none for an empty text.

    Of the kinds that the desk has pages for: no line leads nowhere.
    """
    if not text.strip():
        return visible_incidents(actor).none()
    return search(actor, text).filter(kind__in=KINDS_WITH_PAGES)


def found_lines(records: Iterable[Record]) -> list[LinkLine]:
    """Records of any kind as lines of the search page; the phrase is their kind."""
    return [link_line(gettext(kind_of(record.kind).label), record) for record in records]


def link_line(phrase: str, record: Record) -> LinkLine:
    """A record named by its part in a link, or by its kind."""
    kind = kind_of(record.kind)
    return LinkLine(
        phrase=gettext(phrase),
        number=record.number,
        title=record.title,
        state=gettext(kind.lifecycle.states[record.state].label),
        phase=record.phase,
        url=f"/desk/{kind.feed}/{record.number}/",
    )


def of_groups(actor: Actor | Viewpoint, records: QuerySet[Record]) -> QuerySet[Record]:
    """Those of `records` that the actor looks after."""
    # Who belongs to no group (service management, administrators) looks after all of them.
    return records.filter(support_group__among=actor.group_ids) if actor.group_ids else records


def _row(line: Any, state: str, clocks: Iterable[ClockView], users: UserClock | None) -> IncidentRow:
    view = urgent_clock(clocks)
    return IncidentRow(
        number=line.number,
        version=line.version,
        title=line.title,
        state=state,
        priority=line.priority,
        service=line.service__name or "",
        requester=line.requester__name or "",
        assignee=line.assignee__name or "",
        opened_at=line.opened_at,
        clock=face_in_list(view, users) if view else None,
    )
