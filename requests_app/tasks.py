"""Background work on requests."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from approvals.public import withdraw
from outbox.public import Delivered
from people.public import all_tenants, system_actor
from records.public import close_all_resolved
from requests_app.queries.tasks import due_runs, tenants_with_due_runs, words_of_entry
from requests_app.services.advance import advance
from requests_app.services.automation import run_action
from requests_app.services.basket import forget_unfinished
from requests_app.services.fulfil import begin_tasks, cancel_tasks, put_right
from requests_app.services.hook_calls import forget_deliveries, send_test
from requests_app.services.steps import close
from tenancy.engine.words import word
from tenancy.public import tenant_scope

DUE_MOST = 100
UNFINISHED_LIFE = timedelta(days=7)


@shared_task(name="requests_app.close_fulfilled")
def close_fulfilled_requests() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    return close_all_resolved(kind="request", close=close, at=timezone.now())


@shared_task(name="requests_app.forget_unfinished")
def forget_unfinished_lines() -> int:
    """Forget what was begun a week ago and never finished, and old calls of hooks. Harmless to run twice."""
    limit = timezone.now() - UNFINISHED_LIFE
    forgotten = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:forget-unfinished"):
            forgotten += forget_unfinished(before=limit) + forget_deliveries(at=timezone.now())
    return forgotten


def advance_on_message(message: Delivered) -> None:
    """Outbox handler: a request was made."""
    if message.record_id is not None:
        actor = system_actor(message.tenant_id, name=word("Fulfilment"), door="rule")
        advance(record_id=message.record_id, actor=actor, at=timezone.now())


def begin_on_message(message: Delivered) -> None:
    """Outbox handler: a request begins to be fulfilled. Harmless to run twice."""
    if message.record_id:
        begin_tasks(request_id=message.record_id, at=timezone.now())


def cancel_on_message(message: Delivered) -> None:
    """Outbox handler: a request was cancelled, and so is all that was still to be approved or done."""
    if message.record_id:
        withdraw(record_id=message.record_id, at=timezone.now())
        cancel_tasks(request_id=message.record_id, at=timezone.now())


def put_right_on_message(message: Delivered) -> None:
    """Outbox handler: a request was reopened, and somebody must put it right."""
    if message.record_id:
        entry = str(message.payload["entry"])
        put_right(request_id=message.record_id, entry=entry, words=words_of_entry(entry), at=timezone.now())


@shared_task(name="requests_app.run_automation")
def run_automation(run_id: str) -> str:
    """Do what is due of a run, in the tenant of whoever sent the task. Harmless to run twice."""
    return run_action(run_id=UUID(run_id), read_time=timezone.now)


@shared_task(name="requests_app.test_hook")
def test_hook(hook_id: str, email: str) -> str:
    """Send a test to a hook, in the tenant of whoever asked for it."""
    return send_test(hook_id=UUID(hook_id), email=email, read_time=timezone.now)


@shared_task(name="requests_app.run_due_automation")
def run_due_automation() -> int:
    """Do what is due of every run: tries to be repeated, what killed workers left, what nobody called back about."""
    done = 0
    for tenant_id in tenants_with_due_runs(timezone.now()):
        with tenant_scope(tenant_id, actor="system:automation"):
            for run_id in due_runs(timezone.now(), most=DUE_MOST):
                run_action(run_id=run_id, read_time=timezone.now)
                done += 1
    return done


def test_on_message(message: Delivered) -> None:
    """Outbox handler: hand a test to a worker, as `run_on_message` does a run."""
    test_hook.delay(message.payload["hook"], message.payload["email"])


def run_on_message(message: Delivered) -> None:
    """Outbox handler: hand a run to a worker; never in a web request, and never holding up other messages."""
    run_automation.delay(message.payload["run"])
