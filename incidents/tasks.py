"""Background work on incidents."""

from celery import shared_task
from django.utils import timezone

from incidents.services.close_resolved import close_resolved
from people.public import all_tenants
from tenancy.engine.scope import tenant_scope


@shared_task(name="incidents.close_resolved")
def close_resolved_incidents() -> int:
    """Close what nobody reopened, tenant by tenant. Harmless to run twice."""
    now = timezone.now()
    closed = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:closure"):
            closed += close_resolved(tenant_id=tenant.pk, at=now)
    return closed
