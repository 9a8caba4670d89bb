"""Background work on the audit."""

from celery import shared_task
from django.utils import timezone

from tenancy.engine.scope import platform_scope
from tenancy.models import Tenant
from tenancy.services.seal import seal_new_rows


@shared_task(name="tenancy.seal_audit")
def seal_audit() -> int:
    """Seal new audit rows of every tenant. Harmless to run twice, or in two places at once."""
    now = timezone.now()
    with platform_scope("worker", actor="system:seal"):
        return sum(
            seal_new_rows(tenant_id=key, at=now) for key in Tenant.objects.values_list("pk", flat=True)
        )
