"""Background work on service levels."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from outbox.public import Delivered
from people.public import all_tenants
from sla.services.escalate import escalate
from sla.services.forecast import rebuild_forecasts
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope

# Half a million records take ten minutes.
LONGEST_S = 3000


@shared_task(name="sla.count_forecasts")
def count_forecasts() -> int:
    """Count anew, in each tenant, what became of like records. Harmless to run twice."""
    counted = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:forecast"):
            counted += rebuild_forecasts(at=timezone.now()).records
    return counted


@shared_task(name="sla.run_what_if", time_limit=LONGEST_S + 60, soft_time_limit=LONGEST_S)
def run_what_if(run_id: str) -> str:
    """Try a draft of definitions on history, in the tenant of whoever sent the task. Harmless to run twice."""
    return run_draft(run_id=UUID(run_id), read_time=timezone.now)


def escalate_point(message: Delivered) -> None:
    """Outbox handler: do what the target says happens at the point that the sweep told of."""
    escalate(message=message, at=timezone.now())


def start_on_message(message: Delivered) -> None:
    """Subscriber of the outbox: hand the trial that was asked for to a worker.

    After the commit that asked for it, and tried again where the broker is away.
    """
    run_what_if.delay(message.payload["run"])
