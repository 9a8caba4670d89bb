"""Running a task's action: claimed, and sent under one key however often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext

from calling.public import CallRefusedError
from lifecycle.public import DomainError, RuleError
from requests_app.engine.actions import find_action
from requests_app.engine.outcomes import TRIES_MAX, Outcome
from requests_app.models import AutomationRun, Hook, Request, Task
from requests_app.services.fulfil import request_locked
from requests_app.services.hook_calls import Call, callback_address, send, signed_call
from requests_app.services.start_run import token_of
from requests_app.services.take_outcome import apply_outcome, automation, take_outcome

# Longer than any call may take: only then may another worker take a run that somebody claimed. What runs here commits
# with its outcome, whoever else tries meanwhile: there it says how soon the work of a killed worker is done again.
LEASE = {"hook": timedelta(seconds=90), "run": timedelta(seconds=5)}
_Clock = Callable[[], datetime]


def run_action(*, run_id: UUID, read_time: _Clock) -> str:
    """Do what is due of a run; returns its state. Harmless to call again, or at the same time as another."""
    claimed = _claim(run_id, read_time())
    if claimed is None:
        return gettext("not due")
    run, task = claimed
    if run.kind == "run":
        return _run_here(run, task, read_time())
    try:
        call = _call(run, task, read_time())
    except CallRefusedError as refused:
        outcome = Outcome(state="failed", reason=str(refused))
    else:
        outcome = send(call, is_test=False, read_time=read_time)
    return take_outcome(run.pk, task, outcome, read_time())


def dry_run(*, task: Task, at: datetime) -> Call:
    """The very request that the task's hook would be sent. Nothing is sent, and nothing written.

    Raises RuleError when the task calls no hook, or one that may not be called.
    """
    action = task.definition.get("action") or {}
    if "hook" not in action:
        raise RuleError(gettext("This task calls no hook."))
    attempt = AutomationRun.objects.filter(record_id=task.record_id).count() + 1
    run = AutomationRun(record_id=task.record_id, attempt=attempt, kind="hook", tries=1, started_at=at)
    try:
        return _call(run, task, at)
    except CallRefusedError as refused:
        raise RuleError(str(refused)) from refused


def _claim(run_id: UUID, at: datetime) -> tuple[AutomationRun, Task] | None:
    with transaction.atomic():
        run = AutomationRun.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None or run.state == "ended" or run.next_at is None or run.next_at > at:
            return None
        task = Task.objects.select_related("record", "request").get(pk=run.record_id)
        is_late = run.state == "called"
        if not is_late and run.tries < TRIES_MAX:
            run.tries += 1
            run.next_at = at + LEASE[run.kind]
            run.save(update_fields=["tries", "next_at"])
            return run, task
    words = gettext("Nobody called back in time.") if is_late else gettext("It was tried often enough.")
    take_outcome(run_id, task, Outcome(state="failed", reason=words), at)
    return None


def _call(run: AutomationRun, task: Task, at: datetime) -> Call:
    action = task.definition["action"]
    hook = Hook.objects.filter(code=action["hook"], is_active=True).first()
    if hook is None:
        raise CallRefusedError(gettext("There is no hook %(action)s.") % {"action": repr(action["hook"])})
    detail = Request.objects.get(pk=task.request_id)
    person = task.request.affected_user
    data = {
        "task": task.record.number,
        "request": task.request.number,
        "code": task.code,
        "for": person.email if person else None,
        "answers": detail.answers,
        "send": action.get("send", {}),
        "callback": callback_address(token_of(run.pk)),
    }
    return signed_call(hook, key=f"{task.record.number}-{run.attempt}", data=data, at=at)


def _run_here(run: AutomationRun, task: Task, at: datetime) -> str:
    """A registered action: what it writes and its outcome are one transaction, so that neither is without the other."""
    given = task.definition["action"]
    action = find_action(given["run"])
    if action is None:
        words = gettext("There is no action %(given)s in this release.") % {"given": repr(given["run"])}
        return take_outcome(run.pk, task, Outcome(state="failed", reason=words), at)
    with transaction.atomic(), request_locked(task.request_id) as (request, _):
        row = AutomationRun.objects.select_for_update().get(pk=run.pk)
        if row.state == "ended":
            return row.state
        try:
            with transaction.atomic():
                lines = action.function(
                    key=f"{task.record.number}-{row.attempt}",
                    request=request,
                    task=task.record,
                    actor=automation(),
                    at=at,
                    **given.get("with", {}),
                )
            outcome = Outcome(state="done", log=tuple(lines))
        except DatabaseError:
            raise
        except DomainError as refused:
            outcome = Outcome(state="failed", reason=refused.message)
        except Exception as error:  # noqa: BLE001  an action of another app: whatever it raises is tried again
            outcome = Outcome(state="again", reason=f"{type(error).__name__}: {error}"[:300])
        return apply_outcome(row, task, outcome, at)
