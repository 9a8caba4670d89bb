"""Everything about one record that every kind has."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalogue.public import names_of_services_and_categories
from desk.engine.faces import clock_face, custody_shares, user_face
from desk.engine.outlook import budget_in_words, forecast_in_words
from desk.engine.pages import AuditLine, RecordPage, ThreadEntry
from desk.engine.story import custody_story
from desk.engine.wording import door_in_words, facts_in_words, keys_to_name, state_labels, step_title
from desk.queries.lists import link_line
from lifecycle.public import Offer
from people.public import Actor, names_of
from records.models import Attachment, AuditEntry, Record
from records.public import (
    attachments_of,
    audit_of,
    comments_of,
    latest_records,
    links_of,
    watchers_of,
    work_notes_of,
)
from sla.public import (
    ClockView,
    budget_of,
    clocks_of,
    contestable_of,
    custody_report,
    disputes_about,
    forecast_of,
    visible_clocks,
)

SHORT_LIST = 5
OWN_DOORS = ("system", "rule")


def record_page(
    actor: Actor,
    record: Record,
    now: datetime,
    *,
    offers: tuple[Offer, ...],
    own: Any,
    files: Sequence[Attachment] | None = None,
    is_told: bool = False,
) -> RecordPage:
    """Everything about one record that the actor was allowed to load, as at `now` (UTC).

    `offers` and `own` are what its kind says of it, `files` its attachments where they were read already;
    `is_told` says that `own` tells what the record's description says.
    """
    state = state_labels(record.kind)[record.state]
    views = visible_clocks(actor, clocks_of(record, now))
    faces = [
        clock_face(view, state_label=state) for view in views if view.state not in ("superseded", "cancelled")
    ]
    entries = audit_of(actor, record)
    report = custody_report(record, now, entries)
    user = report.user_clock
    if user is not None and record.kind != "task":
        faces.append(user_face(elapsed=user.elapsed, is_running=user.state == "running"))
    known = disputes_about(actor, record)
    audit = _audit_in_words(record.kind, entries)
    watchers = watchers_of(record)
    return RecordPage(
        record=record,
        state=state,
        alarm="red" if record.state in ("failed", "rejected") else "",
        clocks=faces,
        ended_clocks=[
            clock_face(view, state_label=state) for view in views if view.state in ("superseded", "cancelled")
        ],
        custody=custody_shares(report.totals),
        story=custody_story(record.kind, report, known),
        contestable=contestable_of(actor, record, report=report, views=views, known=known, now=now),
        outlook=_outlook(actor, record, views),
        offers=offers,
        thread=_thread(actor, record, entries, audit, is_told=is_told),
        audit=audit,
        links=[link_line(linked.phrase, linked.record) for linked in links_of(actor, record)],
        watchers=sorted(row.membership.name for row in watchers),
        is_watching=any(row.membership_id == actor.membership_id for row in watchers),
        attachments=list(attachments_of(actor, record) if files is None else files),
        others_of_requester=_others_of_requester(actor, record),
        own=own,
    )


def _outlook(actor: Actor, record: Record, views: Sequence[ClockView]) -> list[str]:
    """What time there is for it, and how likely the promise is to be missed."""
    if not actor.may("sla:read"):
        return []
    group = record.support_group.name if record.support_group else ""
    is_own = actor.provider_id is not None and actor.provider_id == record.provider_id
    sentences = [
        budget_in_words(budget_of(record, views), group=group, is_own=is_own),
        forecast_in_words(forecast_of(actor, record, views)),
    ]
    return [sentence for sentence in sentences if sentence]


def changes_since(actor: Actor, record: Record, version: int) -> list[AuditLine]:
    """What was done to a record after the version that somebody saw, oldest first."""
    later = [entry for entry in audit_of(actor, record) if entry.version > version]
    return _audit_in_words(record.kind, later)


def _others_of_requester(actor: Actor, record: Record) -> list[Any]:
    if record.requester_id is None:
        return []
    latest = latest_records(
        actor, kind=record.kind, order="-opened_at", most=SHORT_LIST + 1, requester=record.requester_id
    )
    return [other for other in latest if other.id != record.pk][:SHORT_LIST]


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    people, catalogue = keys_to_name(entry.facts for entry in entries)
    found: dict[UUID, str] = names_of(people) | names_of_services_and_categories(
        {UUID(key) for key in catalogue}
    )
    return {str(key): name for key, name in found.items()}


def _audit_in_words(kind: str, entries: Sequence[AuditEntry]) -> list[AuditLine]:
    names = _names(entries)
    return [
        AuditLine(
            title=step_title(entry.verb),
            # What the platform does by itself has a name in the reader's language.
            by=gettext(entry.actor_name) if entry.door in OWN_DOORS else entry.actor_name,
            door=door_in_words(entry.door),
            at=entry.at,
            version=entry.version,
            facts=tuple(facts_in_words(kind, entry.facts, names)),
        )
        for entry in entries
    ]


def _thread(
    actor: Actor,
    record: Record,
    entries: Sequence[AuditEntry],
    audit: Sequence[AuditLine],
    *,
    is_told: bool,
) -> list[ThreadEntry]:
    """What was said and done, oldest first; what was said comes before the step it was said with."""
    said = [
        ThreadEntry("comment", row.author_name, row.written_at, row.body, door_in_words(row.door))
        for row in comments_of(record)
    ]
    if record.description and not is_told:
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
    """What was reported or asked for, as the first entry, in the requester's name."""
    raised = audit[0] if audit else None
    author = record.requester.name if record.requester else raised.by if raised else ""
    return ThreadEntry("comment", author, record.opened_at, record.description, raised.door if raised else "")


def _in_one_line(line: AuditLine) -> str:
    # Everything is new in a new record: the page shows it, and the audit lists it.
    facts = "" if line.version == 1 else "; ".join(fact.sentence for fact in line.facts)
    return f"{line.title}. {facts}" if facts else line.title
