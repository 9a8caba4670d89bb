"""Everything about one request: what was asked for, and how far its tasks are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from approvals.public import level_lines, levels_of, oversees
from catalogue.public import in_language, price_in_words, shown_answers
from desk.engine.kinds import address_of
from desk.engine.pages import Asked, LinkLine, RecordPage, RequestPart, TaskLine
from desk.engine.wording import brief_state_labels
from desk.queries.lists import link_line
from desk.queries.record import record_page
from people.public import Actor
from records.models import Record
from records.public import attachments_of
from requests_app.public import (
    Node,
    details_of,
    neighbours,
    offers,
    records_of_order,
    request_detail,
    tasks_of_request,
)

TASK_COLOURS = {
    "waiting": "grey",
    "ready": "blue",
    "in_progress": "blue",
    "failed": "red",
    "done": "green",
    "skipped": "grey",
    "cancelled": "grey",
}


def request_page(actor: Actor, record: Record, now: datetime, language: str) -> RecordPage:
    """Everything about one request that the actor was allowed to load, as at `now` (UTC)."""
    files = attachments_of(actor, record)
    asked = asked_for(actor, record, language, files={str(file.pk): file.name for file in files})
    own = RequestPart(
        asked=asked,
        tasks=task_lines(tasks_of_request(record.pk), language),
        # Who approves what is no supplier's business.
        levels=level_lines(levels_of(record), may_assign=oversees(actor) and actor.may("approval:assign"))
        if actor.reach != "provider"
        else (),
    )
    return record_page(
        actor,
        record,
        now,
        offers=offers(actor, record),
        own=own,
        files=files,
        is_told=bool(asked.answers),
    )


def asked_for(actor: Actor, record: Record, language: str, *, files: Mapping[str, str]) -> Asked:
    """What was asked for with a request, in the words of the version that was filled in. `files` are names by key.

    Suppliers read no offerings: for them the request's own title and description say it.
    """
    if actor.reach == "provider":
        row = details_of(actor, [record.pk])[record.pk]
        return Asked(
            offering=row.offering_code,
            version=row.offering_number,
            order="",
            line=row.line,
            quantity=row.quantity,
            price=price_in_words(row.unit_price, quantity=row.quantity),
            promised_at=row.promised_at,
            answers=(),
        )
    detail = request_detail(record)
    version = detail.offering_version
    return Asked(
        offering=in_language(version.design["name"], language),
        version=detail.offering_number,
        order=detail.order.number,
        line=detail.line,
        quantity=detail.quantity,
        price=price_in_words(detail.unit_price, version.design.get("period") or "once", detail.quantity),
        promised_at=detail.promised_at,
        answers=shown_answers(version, detail.answers, language, files=files),
        others=_others_of_order(detail.order, record),
    )


def task_lines(tasks: Sequence[Any], language: str) -> list[TaskLine]:
    """Tasks of a request as lines, in the order of the plan, each with what it waits for."""
    labels, titles = brief_state_labels("task"), {task.code: task.record.title for task in tasks}
    nodes = [Node(task.code, task.record.state, tuple(task.after), task.replaces) for task in tasks]
    return [
        TaskLine(
            code=task.code,
            number=task.record.number,
            title=task.record.title,
            state=labels[task.record.state],
            colour=TASK_COLOURS[task.record.state],
            group=task.record.support_group.name if task.record.support_group else "",
            assignee=task.record.assignee.name if task.record.assignee else "",
            url=address_of("task", task.record.number),
            told=in_language(task.definition.get("told") or {}, language),
            after=tuple(titles[code] for code in neighbours(nodes, task.code)[0])
            if task.record.state == "waiting"
            else (),
        )
        for task in tasks
    ]


def _others_of_order(order: Any, record: Record) -> list[LinkLine]:
    return [link_line("", other) for other in records_of_order(order) if other.pk != record.pk]
