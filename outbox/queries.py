"""How the outbox is doing."""

from datetime import datetime

from django.db import connection

from tenancy.engine.scope import current_tenant_id, platform_scope, tenant_scope


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


def oldest_waiting(subscriber: str) -> datetime | None:
    """The instant of the oldest message of the tenant in scope that a subscriber has yet to handle; None if none."""
    # By the application's own role: a supplier's people, who read no messages, may know how fresh their figures are.
    with tenant_scope(current_tenant_id()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(m.at) FROM outbox_delivery d JOIN outbox_message m ON m.id = d.message_id"
            " WHERE d.subscriber = %s AND d.status IN ('pending', 'leased', 'dead')",
            [subscriber],
        )
        found: datetime | None = cursor.fetchone()[0]
        return found
