"""Background work on the audit."""

from celery import shared_task
from django.utils import timezone

from tenancy.engine.scope import platform_scope
from tenancy.services.seal import seal_new_rows, tenants_to_seal


@shared_task(name="tenancy.seal_audit")
def seal_audit() -> int:
    """Seal new audit rows of every tenant that has any. Harmless to run twice, or in two places at once."""
    now = timezone.now()
    with platform_scope("worker", actor="system:seal"):
        return sum(seal_new_rows(tenant_id=key, at=now) for key in tenants_to_seal())
