"""Background work of the whole platform."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from doors.services.idempotency import forget_before
from itsm.queries import BEAT_KEY
from outbox.public import dispatch_batch, release_expired_leases
from people.public import all_tenants, forget_expired_tokens, tenant_by_code
from sla.public import sweep_once
from tenancy.engine.scope import tenant_scope
from transition.public import import_history

KEY_LIFE = timedelta(hours=24)


@shared_task(name="itsm.watch_loops")
def watch_loops() -> dict[str, int]:
    """The watchdog: does once what the sweep and the dispatcher do all the time, should one of them be gone."""
    cache.set(BEAT_KEY, "alive", 120)
    release_expired_leases()
    return {"told": sweep_once(), "delivered": dispatch_batch()}


@shared_task(name="itsm.forget_keys")
def forget_keys() -> int:
    """Forget idempotency keys after a day, and access tokens that have expired."""
    now = timezone.now()
    limit, forgotten = now - KEY_LIFE, forget_expired_tokens(at=now)
    for tenant in all_tenants():
        with tenant_scope(tenant.pk, actor="system:forget-keys"):
            forgotten += forget_before(limit)
    return forgotten


@shared_task(name="itsm.import_demo_history", soft_time_limit=280)
def import_demo_history(tenant_code: str) -> int:
    """Give a demonstration tenant a past: 2,500 real incidents of another company. Running it again changes nothing."""
    with tenant_scope(tenant_by_code(tenant_code).pk, actor="system:import"):
        outcome = import_history(
            mapping_path=settings.BASE_DIR / "transition" / "mappings" / "incident_event_log.yaml",
            file=settings.BASE_DIR / "itsm" / "demo" / "incident_event_log.csv.gz",
            rejects=settings.ITSM_HOME / "imports" / "demonstration.rejects.csv",
            at=timezone.now(),
            name="demonstration",
        )
    return outcome.records_written
