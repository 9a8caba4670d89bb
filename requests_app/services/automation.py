"""Running a task's action: claimed, sent under one key however often, and its outcome taken once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext

from lifecycle.public import DomainError, IllegalStepError, NotFoundError, RuleError
from people.public import Actor, system_actor
from records.models import Record
from requests_app.engine.actions import find_action
from requests_app.engine.outcomes import TRIES_MAX, Outcome, again_after, outcome_of, read_outcome
from requests_app.engine.signing import signed_headers
from requests_app.models import AutomationRun, Hook, Request, Task
from requests_app.services.fulfil import request_locked
from requests_app.services.hooks import is_allowed, secret_of
from requests_app.services.send_hook import HookRefusedError, HookUnreachableError, encode, post
from requests_app.services.start_run import token_hash, token_of
from requests_app.services.task_steps import complete, fail
from tenancy.engine.words import word
from tenancy.public import current_tenant_id

# Longer than any call may take: only then may another worker take a run that somebody claimed. What runs here commits
# with its outcome, whoever else tries meanwhile: there it says how soon the work of a killed worker is done again.
LEASE = {"hook": timedelta(seconds=90), "run": timedelta(seconds=5)}
CALL_BACK_WITHIN = timedelta(hours=1)
_LOG_MAX = 200
_Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Call:
    """Exactly what would be sent, to where."""

    url: str
    headers: dict[str, str]
    body: bytes
    timeout: int


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
        reply = post(
            call.url,
            body=call.body,
            headers=call.headers,
            timeout=call.timeout,
            local=settings.AUTOMATION_LOCAL,
        )
        outcome = outcome_of(reply.status, reply.headers, reply.body, is_cut=reply.is_cut)
    except HookRefusedError as refused:
        outcome = Outcome(state="failed", reason=str(refused))
    except HookUnreachableError as error:
        outcome = Outcome(state="again", reason=str(error))
    return _take_outcome(run.pk, task, outcome, read_time())


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
    except HookRefusedError as refused:
        raise RuleError(str(refused)) from refused


def call_back(*, token: str, data: Any, at: datetime) -> str:
    """A called system says how it ended. The same said twice is one; another answer after the end is refused.

    Raises NotFoundError for a token that nobody has, RuleError for no answer, IllegalStepError after another end.
    """
    try:
        outcome = read_outcome(data)
    except ValueError as error:
        raise RuleError(gettext("This is no answer."), fields={"state": str(error)}) from error
    run = AutomationRun.objects.filter(token_hash=token_hash(token)).first()
    if run is None:
        raise NotFoundError(gettext("There is no such run."))
    task = Task.objects.get(pk=run.record_id)
    with transaction.atomic(), request_locked(task.request_id):
        run = AutomationRun.objects.select_for_update().get(pk=run.pk)
        if run.state == "ended":
            if run.outcome == outcome.json():
                return run.state
            raise IllegalStepError(
                gettext("This run has ended otherwise."),
                state=str(run.outcome.get("state", "")),
                action=outcome.state,
                allowed=(),
            )
        return _apply(run, task, outcome, at)


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
    _take_outcome(run_id, task, Outcome(state="failed", reason=words), at)
    return None


def _call(run: AutomationRun, task: Task, at: datetime) -> Call:
    action = task.definition["action"]
    hook = Hook.objects.filter(code=action["hook"], is_active=True).first()
    if hook is None:
        raise HookRefusedError(gettext("There is no hook %(action)s.") % {"action": repr(action["hook"])})
    if not is_allowed(hook.url):
        raise HookRefusedError(gettext("Its host is not on the list of those that may be called."))
    key = f"{task.record.number}-{run.attempt}"
    detail = Request.objects.get(pk=task.request_id)
    person = task.request.affected_user
    body = encode(
        {
            "key": key,
            "task": task.record.number,
            "request": task.request.number,
            "code": task.code,
            "for": person.email if person else None,
            "answers": detail.answers,
            "send": action.get("send", {}),
            "callback": _callback_address(run),
        }
    )
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "User-Agent": "itsm-automation",
        **signed_headers(secret=secret_of(hook), message_id=key, timestamp=int(at.timestamp()), body=body),
    }
    return Call(hook.url, headers, body, hook.timeout_seconds)


def _callback_address(run: AutomationRun) -> str:
    return f"{settings.BASE_URL.rstrip('/')}/api/v1/automation/{token_of(run.pk)}/"


def _run_here(run: AutomationRun, task: Task, at: datetime) -> str:
    """A registered action: what it writes and its outcome are one transaction, so that neither is without the other."""
    given = task.definition["action"]
    action = find_action(given["run"])
    if action is None:
        words = gettext("There is no action %(given)s in this release.") % {"given": repr(given["run"])}
        return _take_outcome(run.pk, task, Outcome(state="failed", reason=words), at)
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
                    actor=_automation(),
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
        return _apply(row, task, outcome, at)


def _take_outcome(run_id: UUID, task: Task, outcome: Outcome, at: datetime) -> str:
    with transaction.atomic(), request_locked(task.request_id):
        run = AutomationRun.objects.select_for_update().get(pk=run_id)
        return run.state if run.state == "ended" else _apply(run, task, outcome, at)


def _apply(run: AutomationRun, task: Task, outcome: Outcome, at: datetime) -> str:
    """Take an outcome. Call with the request, then the run, locked."""
    lines = [
        f"Try {run.tries}: {outcome.state}{': ' + outcome.reason if outcome.reason else ''}",
        *outcome.log,
    ]
    run.log = [*run.log, *({"at": at.isoformat(), "line": line} for line in lines)][-_LOG_MAX:]
    if outcome.state == "again" and run.tries >= TRIES_MAX:
        outcome = Outcome(
            state="failed",
            reason=gettext("%(reason)s It was tried %(tries)s times.")
            % {"reason": outcome.reason, "tries": run.tries},
        )
    if outcome.state == "again":
        run.next_at = at + timedelta(seconds=again_after(run.tries, outcome.wait))
    elif outcome.state == "running":
        run.state, run.next_at = AutomationRun.State.CALLED, at + CALL_BACK_WITHIN
    else:
        run.state, run.next_at, run.ended_at = AutomationRun.State.ENDED, None, at
        run.outcome = outcome.json()
    run.save(update_fields=["state", "next_at", "ended_at", "outcome", "log"])
    if run.state == "ended":
        _end_task(task, outcome, at)
    return run.state


def _end_task(task: Task, outcome: Outcome, at: datetime) -> None:
    record, actor = Record.objects.get(pk=task.record_id), _automation()
    if record.state not in ("ready", "in_progress"):
        return
    if outcome.state == "done":
        try:
            with transaction.atomic():
                complete(record=record, answers=outcome.answers, actor=actor, at=at)
        except RuleError as refused:
            reasons = "; ".join(f"{name}: {words}" for name, words in refused.fields.items())
            record = Record.objects.get(pk=task.record_id)
            fail(
                record=record,
                reason=gettext("Its answers are not right: %(reasons)s") % {"reasons": reasons[:400]},
                actor=actor,
                at=at,
            )
    else:
        fail(record=record, reason=outcome.reason, actor=actor, at=at)


def _automation() -> Actor:
    return system_actor(current_tenant_id(), name=word("Automation"))
