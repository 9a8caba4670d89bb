"""Everything about one fulfilment task: its request, its place in the plan, its form, and what ran of itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from catalogue.public import Form, in_language, read_form, seconds_of, shown_task_answers
from design.moments import duration_words
from desk.engine.pages import Asked, RecordPage, RunLine, TaskLine, TaskPart
from desk.queries.record import record_page
from desk.queries.request import asked_for, task_lines
from people.public import Actor
from records.models import Record
from records.public import attachments_of, get_record_by_id, steps_of
from requests_app.public import (
    Node,
    neighbours,
    promised_for_task,
    runs_of,
    task_detail,
    task_offers,
    tasks_of_request,
)

RUN_COLOURS = {"done": "green", "failed": "red", "given_up": "grey"}


def task_page(actor: Actor, record: Record, now: datetime, language: str) -> RecordPage:
    """Everything about one task that the actor was allowed to load, as at `now` (UTC)."""
    detail = task_detail(record)
    files = attachments_of(actor, record)
    names = {str(file.pk): file.name for file in files}
    own = _own(actor, record, detail, names, language)
    offers = task_offers(actor, record)
    # What a task was planned with says no more than the page does; what it is to put right, somebody wrote.
    is_told = "said" not in detail.definition
    return record_page(actor, record, now, offers=offers, own=own, files=files, is_told=is_told)


def form_of_task(record: Record) -> Form:
    """What is to be filled in on completing a task."""
    return read_form(task_detail(record).definition.get("form"))


def _own(actor: Actor, record: Record, detail: Any, names: Mapping[str, str], language: str) -> TaskPart:
    definition = detail.definition
    request = get_record_by_id(actor, detail.request_id)
    before, after = _around(detail, language)
    notation = definition.get("form")
    return TaskPart(
        code=detail.code,
        told=in_language(definition.get("told") or {}, language),
        takes=_takes(definition),
        due_at=_due_at(record, definition),
        request=request,
        asked=_asked(actor, request, language),
        waits_for=before,
        waited_for_by=after,
        questions=[in_language(field.label, language) for _, field in read_form(notation).fields()],
        answers=shown_task_answers(notation, detail.answers, language, files=names),
        action=_action(definition.get("action") or {}),
        runs=[_run(run) for run in runs_of(record)] if definition.get("action") else [],
    )


def _asked(actor: Actor, request: Record | None, language: str) -> Asked | None:
    if request is None:
        return None
    files = {str(file.pk): file.name for file in attachments_of(actor, request)}
    return asked_for(actor, request, language, files=files)


def _around(detail: Any, language: str) -> tuple[list[TaskLine], list[TaskLine]]:
    """The tasks before and after this one that the reader may see; those of others are there, and nameless."""
    tasks = tasks_of_request(detail.request_id)
    lines = {line.code: line for line in task_lines(tasks, language)}
    nodes = [Node(each.code, each.record.state, tuple(each.after), each.replaces) for each in tasks]
    before, after = neighbours(nodes, detail.code)
    unseen = len(set(detail.after) - lines.keys())
    return [*(lines[code] for code in before), *[_nameless()] * unseen], [lines[code] for code in after]


def _nameless() -> TaskLine:
    return TaskLine("", "", gettext("A task of another team"), "", "", "", "", "")


def _takes(definition: Mapping[str, Any]) -> str:
    """The working time that the plan gives it, in words; "" where it gives none."""
    seconds = seconds_of(definition.get("takes"))
    if seconds is None:
        return ""
    if definition.get("calendar"):
        return gettext("%(time)s of working time") % {"time": duration_words(seconds)}
    return duration_words(seconds)


def _due_at(record: Record, definition: Mapping[str, Any]) -> datetime | None:
    """By when it is to be done, counted from when nothing kept it any more; None before that, and after its end."""
    released = [step.at for step in steps_of(record.pk) if step.verb == "task:release"]
    if not released or record.phase == "closed":
        return None
    return promised_for_task(definition, released[-1])


def _action(action: Mapping[str, Any]) -> str:
    if "hook" in action:
        return gettext("It calls the hook %(name)s.") % {"name": action["hook"]}
    return gettext("It runs the action %(name)s.") % {"name": action["run"]} if "run" in action else ""


def _run(run: Any) -> RunLine:
    outcome = str(run.outcome.get("state", ""))
    words = {
        "due": gettext("To be tried"),
        "called": gettext("Called, waiting for its answer"),
        "done": gettext("Done"),
        "failed": gettext("Failed"),
        "given_up": gettext("Ended by somebody"),
    }
    state = outcome if run.state == "ended" else run.state
    return RunLine(
        attempt=run.attempt,
        tries=run.tries,
        title=words.get(state, state),
        colour=RUN_COLOURS.get(state, "yellow"),
        started_at=run.started_at,
        ended_at=run.ended_at,
        next_at=run.next_at,
        log=_log(run.log),
    )


def _log(lines: Sequence[Mapping[str, str]]) -> list[tuple[datetime | None, str]]:
    return [(parse_datetime(line["at"]), line["line"]) for line in lines]
