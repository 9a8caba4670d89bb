"""Background work of the portal."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from people.public import all_tenants
from portal.services.drafts import forget_drafts
from tenancy.engine.scope import tenant_scope

DRAFT_LIFE = timedelta(days=7)


@shared_task(name="portal.forget_drafts")
def forget_old_drafts() -> int:
    """Forget what was typed a week ago and never sent, tenant by tenant. Harmless to run twice."""
    limit = timezone.now() - DRAFT_LIFE
    forgotten = 0
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:forget-drafts"):
            forgotten += forget_drafts(before=limit)
    return forgotten
