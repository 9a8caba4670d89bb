"""Having a task's action run: noted with the task's release, done by a worker."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from outbox.public import publish
from requests_app.models import AutomationRun, Task


def start_run(*, task: Task, at: datetime) -> AutomationRun:
    """A new attempt, due at `at` (UTC). In the transaction that releases the task."""
    attempt = AutomationRun.objects.filter(record_id=task.record_id).count() + 1
    run = AutomationRun(
        record_id=task.record_id,
        attempt=attempt,
        kind="hook" if "hook" in task.definition["action"] else "run",
        started_at=at,
        next_at=at,
    )
    run.token_hash = token_hash(token_of(run.pk))
    run.save(force_insert=True)
    publish(kind="task.run_due", record_id=task.record_id, at=at, payload={"run": str(run.pk)})
    return run


def end_runs(*, task: Task, at: datetime, why: str) -> None:
    """Nothing runs of itself any more for a task that somebody took out of its hands."""
    for run in AutomationRun.objects.exclude(state="ended").filter(record_id=task.record_id):
        run.state, run.ended_at, run.next_at = AutomationRun.State.ENDED, at, None
        run.outcome = {"state": "given_up", "reason": why}
        run.log = [*run.log, {"at": at.isoformat(), "line": why}]
        run.save(update_fields=["state", "ended_at", "next_at", "outcome", "log"])


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(run_id: UUID) -> str:
    """What a called system names the run by: the same in every try, and only in what is sent."""
    return salted_hmac("requests_app.automation", str(run_id), algorithm="sha256").hexdigest()
