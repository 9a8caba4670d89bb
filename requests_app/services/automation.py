"""Running a task's action: claimed, and sent under one key however often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext

from lifecycle.public import DomainError, RuleError
from people.public import get_tenant, site_of
from requests_app.engine.actions import find_action
from requests_app.engine.outcomes import TRIES_MAX, Outcome, outcome_of
from requests_app.engine.signing import signed_headers
from requests_app.models import AutomationRun, Hook, Request, Task
from requests_app.services.fulfil import request_locked
from requests_app.services.hooks import is_allowed, local_addresses, secret_of
from requests_app.services.send_hook import HookRefusedError, HookUnreachableError, encode, post
from requests_app.services.start_run import token_of
from requests_app.services.take_outcome import apply_outcome, automation, take_outcome
from tenancy.public import current_tenant_id

# Longer than any call may take: only then may another worker take a run that somebody claimed. What runs here commits
# with its outcome, whoever else tries meanwhile: there it says how soon the work of a killed worker is done again.
LEASE = {"hook": timedelta(seconds=90), "run": timedelta(seconds=5)}
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
            local=local_addresses(),
        )
        outcome = outcome_of(reply.status, reply.headers, reply.body, is_cut=reply.is_cut)
    except HookRefusedError as refused:
        outcome = Outcome(state="failed", reason=str(refused))
    except HookUnreachableError as error:
        outcome = Outcome(state="again", reason=str(error))
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
    except HookRefusedError as refused:
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
    return f"{site_of(get_tenant(current_tenant_id()))}/api/v1/automation/{token_of(run.pk)}/"


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
