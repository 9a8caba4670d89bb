"""Background work on reports."""

from celery import shared_task
from django.utils import timezone

from people.public import all_tenants
from reporting.services.schedules import issue_due
from tenancy.engine.scope import tenant_scope


@shared_task(name="reporting.issue_scheduled")
def issue_scheduled() -> int:
    """Issue every scheduled report that is due. Harmless to run twice, and by two at once."""
    issued = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:reports"):
            issued += issue_due(tenant_id=tenant.pk, at=timezone.now())
    return issued
