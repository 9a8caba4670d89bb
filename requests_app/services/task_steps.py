"""The steps of a task's life, one function each. All raise what `Lifecycle.check` and `take_step` raise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from catalogue.public import read_task_answers
from lifecycle.public import ForbiddenError, RuleError
from people.models import SupportGroup
from people.public import Actor, find_group, find_member, get_group, is_in_group, today_in_tenant
from records.models import Record
from records.public import Step, add_comment, add_work_note, attachments_of, fact, require, take_step
from requests_app.lifecycle import TASK
from requests_app.models import Task
from requests_app.queries.lookups import TenantLookups
from requests_app.queries.tasks import task_detail
from requests_app.services.fulfil import advance, request_locked, take_the_place
from requests_app.services.start_run import end_runs, start_run


def assign(
    *,
    record: Record,
    support_group: str,
    assignee: str = "",
    work_note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """Hand the task to a support group (by code) and, if named by e-mail, to one of its members.

    Raises RuleError for an unknown group, an unknown member, or one who is not in the group.
    """
    TASK.check(record, actor, "assign", {"support_group": support_group})
    group = _group(support_group)
    member_id = None
    if assignee:
        member = find_member(assignee)
        if member is None or not is_in_group(membership_id=member.pk, group_id=group.pk):
            raise RuleError(
                gettext("The assignee is not in the group."),
                fields={
                    "assignee": gettext("No member of %(name)s has the e-mail address %(assignee)s.")
                    % {"name": group.name, "assignee": repr(assignee)}
                },
            )
        member_id = member.pk
    changes = _to_group(group) | {"assignee": member_id}
    # A failed task stays failed until somebody tries again.
    if record.state != "failed":
        changes["state"] = "ready"
    return _step(record, "assign", changes, actor, at, seen_version, work_note=work_note, message="assigned")


def take(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Make the task one's own and start work.

    The group that holds it stays when the actor is in it, else the task comes to a group of the actor's.
    """
    TASK.check(record, actor, "take", {})
    if actor.membership_id is None:
        raise ForbiddenError(gettext("Only a person can take a task."), permission="task:work")
    changes: dict[str, Any] = {"state": "in_progress", "assignee": actor.membership_id}
    if record.support_group_id not in actor.group_ids and actor.group_ids:
        group = get_group(min(actor.group_ids))
        if group is not None:
            changes |= _to_group(group)
    return _step(record, "take", changes, actor, at, seen_version, message="assigned")


def start(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Note that work began."""
    TASK.check(record, actor, "start", {})
    return _step(record, "start", {"state": "in_progress"}, actor, at, seen_version)


def complete(
    *,
    record: Record,
    answers: Mapping[str, Any] | None = None,
    work_note: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """The task is done: those that waited for it begin, and the request is fulfilled by the last, all at once.

    `answers` are to the task's form, where files are those attached to the task. Raises RuleError naming each that is
    wrong (`answers.serial`).
    """
    TASK.check(record, actor, "complete", {})
    detail = task_detail(record)
    given, wrong = read_task_answers(
        detail.definition.get("form"),
        answers or {},
        today=today_in_tenant(actor, at),
        lookups=TenantLookups({str(file.pk) for file in attachments_of(actor, record)} if answers else ()),
    )
    if wrong:
        raise RuleError(
            gettext("The task cannot be completed like this."),
            fields={f"answers.{code}": reason for code, reason in wrong.items()},
        )
    with transaction.atomic(), request_locked(detail.request_id) as (request, system):
        record = _step(
            record,
            "complete",
            {"state": "done"},
            actor,
            at,
            seen_version,
            work_note=work_note,
            message="done",
        )
        if given:
            Task.objects.filter(pk=record.pk).update(answers=dict(given))
        end_runs(task=detail, at=at, why=gettext("The task was completed."))
        advance(request, system, at)
    return record


def fail(
    *, record: Record, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """It did not work: what waits for this task stays, everything else goes on."""
    TASK.check(record, actor, "fail", {"reason": reason})
    with transaction.atomic():
        end_runs(task=task_detail(record), at=at, why=gettext("The task failed."))
        return _step(
            record, "fail", {"state": "failed"}, actor, at, seen_version, reason=reason, message="failed"
        )


def retry(*, record: Record, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Try again: what runs by itself, runs again."""
    TASK.check(record, actor, "retry", {})
    detail = task_detail(record)
    with transaction.atomic():
        record = _step(record, "retry", {"state": "ready"}, actor, at, seen_version, message="released")
        if detail.definition.get("action"):
            start_run(task=detail, at=at)
    return record


def skip(
    *, record: Record, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """The task is not needed: those that waited for it go on."""
    TASK.check(record, actor, "skip", {"reason": reason})
    detail = task_detail(record)
    with transaction.atomic(), request_locked(detail.request_id) as (request, system):
        changes = {"state": "skipped"}
        record = _step(record, "skip", changes, actor, at, seen_version, reason=reason, message="skipped")
        end_runs(task=detail, at=at, why=gettext("The task was skipped."))
        advance(request, system, at)
    return record


def replace(
    *,
    record: Record,
    title: str,
    support_group: str,
    reason: str,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Record:
    """Another task takes the place of this one: it waits, and is waited for, as this was. Returns the new one."""
    TASK.check(record, actor, "replace", {"reason": reason, "title": title, "support_group": support_group})
    group, detail = _group(support_group), task_detail(record)
    with transaction.atomic(), request_locked(detail.request_id) as (request, system):
        changes = {"state": "cancelled"}
        _step(record, "replace", changes, actor, at, seen_version, reason=reason, message="replaced")
        end_runs(task=detail, at=at, why=gettext("Another task took its place."))
        made = take_the_place(
            request=request, old=detail, title=title.strip(), group=group, actor=system, at=at
        )
        advance(request, system, at)
        return Record.objects.get(pk=made.pk)


def comment(
    *, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Record:
    """Say something on a task, to all who see it."""
    require(actor, "task:comment")
    return add_comment(record=record, body=body, actor=actor, at=at, seen_version=seen_version)


def note(*, record: Record, body: str, actor: Actor, at: datetime, seen_version: int | None = None) -> Record:
    """Tell those who work the task something."""
    require(actor, "task:note")
    return add_work_note(record=record, body=body, actor=actor, at=at, seen_version=seen_version)


def _group(code: str) -> SupportGroup:
    group = find_group(code)
    if group is None:
        words = gettext("No active group has the code %(code)s.") % {"code": repr(code)}
        raise RuleError(gettext("There is no such group."), fields={"support_group": words})
    return group


def _to_group(group: SupportGroup) -> dict[str, Any]:
    return {"support_group": group.pk, "provider": group.provider_id}


def _step(
    record: Record,
    name: str,
    changes: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    seen_version: int | None,
    *,
    work_note: str = "",
    reason: str = "",
    message: str = "changed",
) -> Record:
    step = Step(
        verb=f"task:{name}",
        changes=changes,
        work_note=work_note,
        facts={"reason": fact(None, reason)} if reason else {},
        message=message,
    )
    return take_step(record=record, step=step, actor=actor, at=at, seen_version=seen_version)
