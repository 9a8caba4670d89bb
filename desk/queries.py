"""Every read of the desk, composed from what the processes below offer. Templates read nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from catalogue.models import Category
from catalogue.public import (
    active_categories,
    names_of_services_and_categories,
    priority_for,
    usable_services,
)
from design.moments import duration_words, long_moment
from desk.engine.faces import clock_face, custody_shares, hops, returns, urgent_clock, user_face
from desk.engine.pages import (
    AuditLine,
    Home,
    IncidentPage,
    IncidentRow,
    LinkLine,
    NextIncident,
    Priority,
    ThreadEntry,
)
from desk.engine.wording import door_in_words, facts_in_words, keys_to_name, step_title
from doors.engine.keyset import Order, page_of
from incidents.public import (
    INCIDENT,
    RESOLUTION_CODES,
    detail_of,
    live_incidents,
    offers,
    queue_counts,
    visible_incidents,
)
from people.public import Actor, active_groups, find_group, members_of_group, names_of, search_members
from records.models import AuditEntry, Record
from records.public import (
    attachments_of,
    audit_of,
    comments_of,
    kind_of,
    links_of,
    records_of_requester,
    search,
    watchers_of,
    work_notes_of,
)
from sla.public import (
    NEVER_DUE,
    clocks_of,
    clocks_of_many,
    custody_of,
    due_before,
    next_breach,
    user_clock_of,
    with_next_due,
)

VIEWS = ("mine", "groups", "unassigned", "breaching", "all", "resolved")
SOON = timedelta(hours=4)
COUNT_CAP = 1000
SHORT_LIST = 5
PEOPLE_OFFERED = 10
LOWEST_PRIORITY = 9
SOONEST_FIRST = ("next_due_at", "opened_at", "id")


def incidents_in_view(
    actor: Actor, view: str, now: datetime, *, is_any_phase: bool = False
) -> QuerySet[Record]:
    """The incidents of a standard view. `is_any_phase` lets `all` hold those that ended too."""
    live = live_incidents(actor)
    if view == "mine":
        return live.filter(assignee=actor.membership_id) if actor.membership_id else live.none()
    if view == "groups":
        return live.filter(support_group__in=actor.group_ids)
    if view == "unassigned":
        return live.filter(support_group__in=actor.group_ids, assignee__isnull=True)
    if view == "breaching":
        return due_before(_of_groups(actor, live), now + SOON)
    if view == "resolved":
        return visible_incidents(actor).filter(phase="resolved")
    return visible_incidents(actor) if is_any_phase else live


def view_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many incidents stand in each standard view, counted to 1,000 at most."""
    counts = dict(queue_counts(actor))
    for view in ("breaching", "resolved"):
        counts[view] = incidents_in_view(actor, view, now).order_by()[:COUNT_CAP].count()
    return counts


def with_sort_priority(records: QuerySet[Record]) -> QuerySet[Record]:
    """`records` with `sort_priority`: the priority, or one below the lowest for a record that has none."""
    return records.annotate(sort_priority=Coalesce(F("priority"), Value(LOWEST_PRIORITY)))


def rows_of(records: Iterable[Record], now: datetime) -> list[IncidentRow]:
    """Lines for incidents, with their most urgent clocks in one read."""
    found = list(records)
    clocks = clocks_of_many([record.pk for record in found], now)
    return [_row(record, clocks.get(record.pk, [])) for record in found]


def arrived_since(records: QuerySet[Record], since: datetime) -> int:
    """How many of `records` were opened after an instant (UTC), counted to 1,000 at most."""
    return records.filter(opened_at__gt=since).order_by()[:COUNT_CAP].count()


def next_breach_in_words(now: datetime) -> str:
    """When the next promise comes due, for a list that is empty; "" when none runs."""
    due_at = next_breach(now)
    if due_at is None:
        return ""
    return gettext("The next promise comes due in %(time)s.") % {"time": duration_words(due_at - now)}


def home_of(actor: Actor, now: datetime) -> Home:
    """What breaches soon, what is new and what waits on the actor, and the next incident to work on."""
    live = live_incidents(actor)
    soon = incidents_in_view(actor, "breaching", now)
    mine = with_next_due(live.filter(assignee=actor.membership_id, phase="open"))
    breaching = with_next_due(soon).order_by(*SOONEST_FIRST)
    new = _of_groups(actor, live).filter(state="new").order_by("-opened_at", "-id")
    waiting = mine.order_by(*SOONEST_FIRST)
    return Home(
        next=_next_of(actor, now),
        breaching=rows_of(breaching[:SHORT_LIST], now),
        new=rows_of(new[:SHORT_LIST], now),
        waiting=rows_of(waiting[:SHORT_LIST], now),
        counts=view_counts(actor, now) | {"new": new.order_by()[:COUNT_CAP].count()},
    )


def incident_page(actor: Actor, record: Record, now: datetime) -> IncidentPage:
    """Everything about one incident that the actor was allowed to load, as at `now` (UTC)."""
    detail = detail_of(record)
    state = gettext(INCIDENT.states[record.state].label)
    views = clocks_of(record, now)
    faces = [
        clock_face(view, state_label=state) for view in views if view.state not in ("superseded", "cancelled")
    ]
    user = user_clock_of(record, now)
    if user is not None:
        faces.append(user_face(elapsed=user.elapsed, is_running=user.state == "running"))
    custody = custody_of(record, now)
    entries = audit_of(actor, record)
    audit = _audit_in_words(entries)
    watchers = watchers_of(record)
    return IncidentPage(
        record=record,
        state=state,
        priority=Priority(
            level=record.priority,
            impact=detail.impact,
            urgency=detail.urgency,
            by_matrix=priority_for(service=record.service, impact=detail.impact, urgency=detail.urgency),
            is_overridden=detail.is_priority_overridden,
        ),
        category=detail.category.name if detail.category else "",
        contact=detail.contact,
        channel=door_in_words(detail.channel),
        resolution=detail.resolution if record.resolved_at else "",
        resolution_code=gettext(RESOLUTION_CODES.get(detail.resolution_code, ""))
        if record.resolved_at
        else "",
        clocks=faces,
        ended_clocks=[
            clock_face(view, state_label=state) for view in views if view.state in ("superseded", "cancelled")
        ],
        custody=custody_shares(custody),
        hops=hops(custody),
        returns=returns(custody),
        offers=offers(actor, record),
        thread=_thread(actor, record, entries, audit),
        audit=audit,
        links=[_link(linked.phrase, linked.record) for linked in links_of(actor, record)],
        watchers=sorted(row.membership.name for row in watchers),
        is_watching=any(row.membership_id == actor.membership_id for row in watchers),
        attachments=attachments_of(actor, record),
        others_of_requester=_others_of_requester(actor, record),
    )


def changes_since(actor: Actor, record: Record, version: int) -> list[AuditLine]:
    """What was done to a record after the version that somebody saw, oldest first."""
    return _audit_in_words([entry for entry in audit_of(actor, record) if entry.version > version])


def found_records(actor: Actor, text: str) -> QuerySet[Record]:
    """Records of every kind that hold all the words, or have the number; none for an empty text."""
    return search(actor, text) if text.strip() else visible_incidents(actor).none()


def found_lines(records: Iterable[Record]) -> list[LinkLine]:
    """Records of any kind as lines of the search page; the phrase is their kind."""
    return [_link(kind_of(record.kind).label, record) for record in records]


def group_choices() -> list[tuple[str, str]]:
    """Support groups by code, named with their provider."""
    return [(group.code, f"{group.name} ({group.provider.name})") for group in active_groups()]


def member_choices(group_code: str) -> list[tuple[str, str]]:
    """The members of a support group by e-mail; none for a group that there is not."""
    group = find_group(group_code) if group_code else None
    return (
        [(member.email, f"{member.name} ({member.email})") for member in members_of_group(group.pk)]
        if group
        else []
    )


def service_choices() -> list[tuple[str, str]]:
    """Services that records may be raised against, by code."""
    return [(service.code, service.name) for service in usable_services()]


def category_choices() -> list[tuple[str, str]]:
    """Categories by code, each after its parents' names."""
    rows = active_categories()
    by_key = {row.pk: row for row in rows}

    def path(row: Category) -> str:
        parent = by_key.get(row.parent_id) if row.parent_id else None
        return f"{path(parent)} / {row.name}" if parent else row.name

    return sorted(((row.code, path(row)) for row in rows), key=lambda pair: pair[1])


def people_like(actor: Actor, text: str) -> list[tuple[str, str]]:
    """Up to ten people whose name or e-mail begins with the text, by e-mail; none for an empty text."""
    if not text.strip():
        return []
    found = search_members(actor, text).order_by("name", "id")[:PEOPLE_OFFERED]
    return [
        (row.email, f"{row.name} ({row.email}{', ' + row.organisation.name if row.organisation else ''})")
        for row in found
    ]


def _of_groups(actor: Actor, records: QuerySet[Record]) -> QuerySet[Record]:
    # Who belongs to no group (service management, administrators) looks after all of them.
    return records.filter(support_group__in=actor.group_ids) if actor.group_ids else records


def _row(record: Record, clocks: Iterable[Any]) -> IncidentRow:
    state = gettext(INCIDENT.states[record.state].label)
    brief = {
        "pending_requester": gettext("With requester"),
        "pending_provider": gettext("With provider"),
        "pending_change": gettext("For a change"),
    }
    view = urgent_clock(clocks)
    return IncidentRow(
        number=record.number,
        version=record.version,
        title=record.title,
        state=brief.get(record.state, state),
        phase=record.phase,
        priority=record.priority,
        service=record.service.name if record.service else "",
        requester=record.requester.name if record.requester else "",
        support_group=record.support_group.name if record.support_group else "",
        assignee=record.assignee.name if record.assignee else "",
        opened_at=record.opened_at,
        updated_at=record.updated_at,
        clock=clock_face(view, state_label=state) if view else None,
    )


def _next_of(actor: Actor, now: datetime) -> NextIncident | None:
    if not actor.may("incident:work") or actor.membership_id is None:
        return None
    open_ones = live_incidents(actor).filter(phase="open")
    mine = open_ones.filter(assignee=actor.membership_id)
    free = _of_groups(actor, open_ones).filter(assignee__isnull=True)
    if actor.reach == "provider":
        free = free.filter(provider=actor.provider_id)
    order = ("next_due_at", "sort_priority", "opened_at", "id")
    record = with_sort_priority(with_next_due(mine | free)).order_by(*order).first()
    if record is None:
        return None
    due_at: datetime = record.next_due_at  # type: ignore[attr-defined]  # annotated by with_next_due
    return NextIncident(rows_of([record], now)[0], _why_next(record, due_at, now))


def _why_next(record: Record, due_at: datetime, now: datetime) -> str:
    owner = gettext("It is assigned to you") if record.assignee_id else gettext("Nobody has taken it")
    if due_at >= NEVER_DUE:
        return gettext("%(owner)s, and no promise is running on anything more urgent.") % {"owner": owner}
    words = {"owner": owner, "time": long_moment(due_at)}
    if due_at <= now:
        return gettext("%(owner)s, and its promise was missed on %(time)s, before any other.") % words
    return gettext("%(owner)s, and its promise is the next to come due, on %(time)s.") % words


def _link(phrase: str, record: Record) -> LinkLine:
    kind = kind_of(record.kind)
    return LinkLine(
        phrase=gettext(phrase),
        number=record.number,
        title=record.title,
        state=gettext(kind.lifecycle.states[record.state].label),
        phase=record.phase,
        url=f"/desk/{kind.feed}/{record.number}/",
    )


def _others_of_requester(actor: Actor, record: Record) -> list[Record]:
    if record.requester_id is None:
        return []
    others = (
        visible_incidents(actor)
        .filter(pk__in=records_of_requester(record.requester_id))
        .exclude(pk=record.pk)
    )
    return list(page_of(others, order=Order("opened_at"), limit=SHORT_LIST).rows)


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    people, catalogue = keys_to_name(entry.facts for entry in entries)
    found: dict[UUID, str] = names_of(people) | names_of_services_and_categories(
        {UUID(key) for key in catalogue}
    )
    return {str(key): name for key, name in found.items()}


def _audit_in_words(entries: Sequence[AuditEntry]) -> list[AuditLine]:
    names = _names(entries)
    return [
        AuditLine(
            title=step_title(entry.verb),
            by=entry.actor_name,
            door=door_in_words(entry.door),
            at=entry.at,
            version=entry.version,
            facts=tuple(facts_in_words(entry.facts, names)),
        )
        for entry in entries
    ]


def _thread(
    actor: Actor, record: Record, entries: Sequence[AuditEntry], audit: Sequence[AuditLine]
) -> list[ThreadEntry]:
    """What was said and done, oldest first; what was said comes before the step it was said with."""
    said = [
        ThreadEntry("comment", row.author_name, row.written_at, row.body, door_in_words(row.door))
        for row in comments_of(record)
    ]
    if record.description:
        said.insert(0, _report(record, audit))
    said += [
        ThreadEntry("work_note", row.author_name, row.written_at, row.body, door_in_words(row.door))
        for row in work_notes_of(actor, record)
    ]
    done = [
        ThreadEntry("system", line.by, line.at, _in_one_line(line))
        for entry, line in zip(entries, audit, strict=True)
        if not set(entry.facts) <= {"comment", "work_note"}
    ]
    return sorted([*said, *done], key=lambda entry: (entry.at, entry.kind == "system"))


def _report(record: Record, audit: Sequence[AuditLine]) -> ThreadEntry:
    """What was reported, as the first entry, in the requester's name."""
    raised = audit[0] if audit else None
    author = record.requester.name if record.requester else raised.by if raised else ""
    return ThreadEntry("comment", author, record.opened_at, record.description, raised.door if raised else "")


def _in_one_line(line: AuditLine) -> str:
    # Everything is new in a new record: the page shows it, and the audit lists it.
    facts = "" if line.version == 1 else "; ".join(fact.sentence for fact in line.facts)
    return f"{line.title}. {facts}" if facts else line.title
