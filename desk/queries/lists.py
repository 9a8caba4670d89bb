"""Records as lines: the standard views, their counts, what a search found."""

from collections.abc import Callable, Iterable, Sequence
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
from desk.engine.kinds import LISTINGS, address_of
from desk.engine.pages import LinkLine, RecordRow
from desk.engine.wording import (
    brief_state_labels,
    progress_in_words,
)
from people.public import Actor
from records.models import Record
from records.public import Viewpoint, kind_of, search, viewer_of, visible_records
from requests_app.public import left_to_people, requests_of_tasks, task_counts
from sla.engine import UserClock
from sla.public import (
    PROMISED,
    ClockView,
    clocks_of_many,
    due_before,
    next_breach,
    soonest_due,
    user_clocks_of_many,
    visible_clocks,
    with_next_due,
)
from tenancy.public import compiled_counts

LIVE = ("open", "pending")
SOON = timedelta(hours=4)
COUNT_CAP = 100
LOWEST_PRIORITY = 9
KINDS_WITH_PAGES = tuple(LISTINGS)


def live_records(actor: Actor | Viewpoint, kind: str) -> QuerySet[Record]:
    """Open and pending records of a kind that the actor may see."""
    return visible_records(actor, kind).filter(phase__in=LIVE)


def records_in_view(  # noqa: PLR0911  one per view
    actor: Actor | Viewpoint, kind: str, view: str, *, due_by: datetime, is_any_phase: bool = False
) -> QuerySet[Record]:
    """The records of a standard view of a kind. `is_any_phase` lets `all` hold those that ended too.

    `due_by` (UTC) is until when a promise counts as about to be missed; see `SOON`.
    """
    live = live_records(actor, kind)
    if view == "mine":
        return live.filter(assignee=actor.membership_id) if actor.membership_id else live.none()
    if view in ("groups", "unassigned"):
        held = live.filter(support_group__among=actor.group_ids, phase__in=LISTINGS[kind].group_phases)
        return free_ones(kind, held) if view == "unassigned" else held
    if view == "breaching":
        return due_before(of_groups(actor, live), due_by, kinds=LISTINGS[kind].promises)
    if view == "failed":
        return live.filter(state="failed")
    if view == "waiting":
        return live.filter(phase="pending")
    if view == "resolved":
        return visible_records(actor, kind).filter(phase="resolved")
    return visible_records(actor, kind) if is_any_phase else live


def new_records(actor: Actor | Viewpoint, kind: str) -> QuerySet[Record]:
    """What nobody has touched yet of what the actor looks after."""
    state = LISTINGS[kind].untouched
    return free_ones(kind, of_groups(actor, live_records(actor, kind)).filter(state=state))


def free_ones(kind: str, records: QuerySet[Record]) -> QuerySet[Record]:
    """Of these records of a kind, those that nobody has taken and nothing does by itself."""
    free = records.filter(assignee__isnull=True)
    return left_to_people(free) if kind == "task" else free


def view_counts(actor: Actor, kinds: Sequence[str], now: datetime) -> dict[str, dict[str, int]]:
    """How many records of each kind stand in each standard view, and are new, counted to 100 at most."""
    held: dict[str, Any] = {"group_ids": actor.group_ids}
    if any(LISTINGS[kind].is_assigned for kind in kinds):
        held["membership_id"] = actor.membership_id
    # Who has no group looks after all of them, which is another statement: what is empty is not given at all.
    viewer = {name: value for name, value in (held | viewer_of(actor)).items() if value}
    found = _counts(actor.reach, tuple(kinds), *viewer, due_by=now + SOON, **viewer)
    counts: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for name, count in found.items():
        kind, _, view = name.partition("_")
        counts[kind][view] = count
    return counts


@compiled_counts(most=COUNT_CAP)
def _counts(
    reach: str, kinds: tuple[str, ...], *_given: str, due_by: datetime, **viewer: Any
) -> dict[str, QuerySet[Any]]:
    actor = Viewpoint(reach, **viewer)
    counted: dict[str, QuerySet[Any]] = {}
    for kind in kinds:
        for view in LISTINGS[kind].views:
            counted[f"{kind}_{view}"] = records_in_view(actor, kind, view, due_by=due_by).order_by()
        if LISTINGS[kind].promises == PROMISED:
            # The same, along the index of what was promised to users.
            counted[f"{kind}_breaching"] = soonest_due(of_groups(actor, live_records(actor, kind)), due_by)
        if LISTINGS[kind].untouched:
            counted[f"{kind}_new"] = new_records(actor, kind).order_by()
    return counted


def with_due(records: QuerySet[Record], kind: str) -> QuerySet[Record]:
    """`records` of a kind with `next_due_at`, by the promises that make them urgent."""
    return with_next_due(records, kinds=LISTINGS[kind].promises)


def with_sort_priority(records: QuerySet[Record]) -> QuerySet[Record]:
    """`records` with `sort_priority`: the priority, or one below the lowest for a record that has none."""
    return records.annotate(sort_priority=Coalesce(F("priority"), Value(LOWEST_PRIORITY)))


def rows_of(actor: Actor, lines: Sequence[Any], now: datetime) -> list[RecordRow]:
    """Lines for records, read with `lines_with`, with their most urgent clocks and the user's, in one read each."""
    clocks = clocks_of_many([line.id for line in lines], now)
    users = user_clocks_of_many([line for line in lines if LISTINGS[line.kind].has_users_clock], now)
    beside = _beside(actor, lines)
    return [
        _row(line, visible_clocks(actor, clocks.get(line.id, [])), users.get(line.id), beside(line))
        for line in lines
    ]


def _beside(actor: Actor, lines: Sequence[Any]) -> Callable[[Any], Sequence[str | None]]:
    """What the second line says of each: how far a request is, whose it is and about what."""
    tasks = [line.id for line in lines if line.kind == "task"]
    wanted = [line.id for line in lines if line.kind == "request" and actor.reach != "provider"]
    requests = requests_of_tasks(tasks) if tasks else {}
    counts = task_counts(wanted) if wanted else {}

    def said(line: Any) -> Sequence[str | None]:
        if line.id in requests:
            return requests[line.id]
        asked = (line.requester__name, line.service__name)
        return (progress_in_words(*counts[line.id]), *asked) if line.id in counts else asked

    return said


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
        return visible_records(actor).none()
    return search(actor, text).filter(kind__in=KINDS_WITH_PAGES)


def found_lines(records: Iterable[Record]) -> list[LinkLine]:
    """Records of any kind as lines of the search page; the phrase is their kind."""
    return [link_line(gettext(kind_of(record.kind).label), record) for record in records]


def link_line(phrase: str, record: Record) -> LinkLine:
    """A record named by its part in a link, or by its kind."""
    kind = kind_of(record.kind)
    return LinkLine(
        phrase=gettext(phrase) if phrase else "",
        number=record.number,
        title=record.title,
        state=gettext(kind.lifecycle.states[record.state].label),
        phase=record.phase,
        url=address_of(record.kind, record.number) if record.kind in LISTINGS else "",
    )


def of_groups(actor: Actor | Viewpoint, records: QuerySet[Record]) -> QuerySet[Record]:
    """Those of `records` that the actor looks after."""
    # Who belongs to no group (service management, administrators) looks after all of them.
    return records.filter(support_group__among=actor.group_ids) if actor.group_ids else records


def _row(
    line: Any, clocks: Iterable[ClockView], users: UserClock | None, second: Iterable[str | None]
) -> RecordRow:
    view, is_assigned = urgent_clock(clocks), LISTINGS[line.kind].is_assigned
    return RecordRow(
        kind=line.kind,
        number=line.number,
        version=line.version,
        title=line.title,
        state=brief_state_labels(line.kind)[line.state],
        priority=line.priority,
        second=" · ".join(part for part in second if part),
        assignee=(line.assignee__name if is_assigned else line.support_group__name) or "",
        opened_at=line.opened_at,
        clock=face_in_list(view, users) if view else None,
    )
