"""Resolved records that wait for the end of their reopen window."""

from datetime import datetime

from django.db import connection

from records.models import Record
from tenancy.public import platform_scope


def tenants_with_resolved(*, kind: str, at: datetime) -> list[int]:
    """The tenants with a record whose reopen window may have ended at `at` (UTC), found over all in one look."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM tenancy_tenant t WHERE EXISTS (SELECT FROM records_record r WHERE r.tenant_id = t.id"
            " AND r.kind = %s AND r.phase = 'resolved'"
            " AND r.resolved_at < %s - make_interval(days => t.reopen_working_days)) ORDER BY t.id",
            [kind, at],
        )
        return [key for (key,) in cursor.fetchall()]


def resolved_before(instant: datetime, *, kind: str, limit: int) -> list[Record]:
    """Records of the tenant in scope resolved before `instant` (UTC) and not closed yet, oldest first."""
    return list(
        Record.objects.select_related("service")
        .filter(kind=kind, phase="resolved", resolved_at__lt=instant)
        .order_by("resolved_at", "id")[:limit]
    )
