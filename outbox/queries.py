"""How the outbox is doing."""

from django.db import connection

from tenancy.engine.scope import platform_scope


def lag_seconds() -> float:
    """Seconds that the longest-due delivery has waited, over all tenants; 0 when none is due."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM now() - min(next_at)), 0)::float FROM outbox_delivery"
            " WHERE status = 'pending' AND next_at <= now()"
        )
        return float(cursor.fetchone()[0])


def dead_count() -> int:
    """Deliveries parked after their last attempt, over all tenants."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_delivery WHERE status = 'dead'")
        return int(cursor.fetchone()[0])
