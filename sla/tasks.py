"""Background work on service levels."""

from celery import shared_task
from django.utils import timezone

from outbox.public import Delivered
from people.public import all_tenants
from sla.services.escalate import escalate
from sla.services.forecast import rebuild_forecasts
from tenancy.engine.scope import tenant_scope


@shared_task(name="sla.count_forecasts")
def count_forecasts() -> int:
    """Count anew, in each tenant, what became of like records. Harmless to run twice."""
    counted = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:forecast"):
            counted += rebuild_forecasts(at=timezone.now()).records
    return counted


def escalate_point(message: Delivered) -> None:
    """Outbox handler: do what the target says happens at the point that the sweep told of."""
    escalate(message=message, at=timezone.now())
