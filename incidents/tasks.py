"""Background work on incidents."""

from celery import shared_task
from django.utils import timezone

from incidents.queries import tenants_with_resolved
from incidents.services.close_resolved import close_resolved
from tenancy.engine.scope import tenant_scope


@shared_task(name="incidents.close_resolved")
def close_resolved_incidents() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    now = timezone.now()
    closed = 0
    for tenant_id in tenants_with_resolved(at=now):
        with tenant_scope(tenant_id, actor="system:closure"):
            closed += close_resolved(tenant_id=tenant_id, at=now)
    return closed
