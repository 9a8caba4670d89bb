"""Taking what came of a run: once, whoever says it first."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import RuleError
from people.public import Actor, system_actor
from records.models import Record
from requests_app.engine.outcomes import TRIES_MAX, Outcome, again_after
from requests_app.models import AutomationRun, Task
from requests_app.services.fulfil import request_locked
from requests_app.services.task_steps import complete, fail
from tenancy.engine.words import word
from tenancy.public import current_tenant_id

CALL_BACK_WITHIN = timedelta(hours=1)
_LOG_MAX = 200


def take_outcome(run_id: UUID, task: Task, outcome: Outcome, at: datetime) -> str:
    """Take an outcome unless the run has ended meanwhile; returns the run's state."""
    with transaction.atomic(), request_locked(task.request_id):
        run = AutomationRun.objects.select_for_update().get(pk=run_id)
        return run.state if run.state == "ended" else apply_outcome(run, task, outcome, at)


def apply_outcome(run: AutomationRun, task: Task, outcome: Outcome, at: datetime) -> str:
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
    record, actor = Record.objects.get(pk=task.record_id), automation()
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


def automation() -> Actor:
    """Who does what runs by itself."""
    return system_actor(current_tenant_id(), name=word("Automation"))
