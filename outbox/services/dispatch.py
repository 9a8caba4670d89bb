"""Delivering: claim the heads of lanes, commit, then hand each message to its subscriber."""

import logging
from datetime import datetime

import orjson
from django.db import connection, transaction

from outbox.engine.backoff import next_delay
from outbox.engine.registry import Delivered, subscriber
from tenancy.engine.scope import platform_scope, tenant_scope

LOG = logging.getLogger(__name__)
LEASE = "30 seconds"

# Only the head of each lane may be claimed, so that messages about a record arrive in order, each subscriber by itself.
_CLAIM = f"""
WITH head AS (
  SELECT d.id FROM outbox_delivery d
  WHERE d.status = 'pending' AND d.next_at <= now()
    AND NOT EXISTS (
      SELECT 1 FROM outbox_delivery e WHERE e.subscriber = d.subscriber AND e.lane = d.lane AND e.id < d.id
        AND e.status IN ('pending', 'leased', 'dead'))
  ORDER BY d.next_at, d.id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE outbox_delivery d
SET status = 'leased', attempts = d.attempts + 1, leased_until = now() + interval '{LEASE}'
FROM head, outbox_message m
WHERE d.id = head.id AND m.id = d.message_id
RETURNING d.id, d.subscriber, d.attempts, m.tenant_id, m.id, m.kind, m.record_id, m.payload, m.at
"""  # noqa: S608  the interval is a constant
_RELEASE = (
    "UPDATE outbox_delivery SET status = 'pending', leased_until = NULL"
    " WHERE status = 'leased' AND leased_until < now()"
)


def dispatch_batch(*, limit: int = 200) -> int:
    """Deliver up to `limit` messages that are due; returns how many were claimed.

    At least once: a crash between handling and noting it delivers again after the lease.
    """
    with platform_scope("worker"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        claimed = cursor.fetchall()
    outcome: list[tuple[int, str, float | None, str]] = []
    for delivery_id, name, attempts, tenant_id, message_id, kind, record_id, payload, at in claimed:
        # Django leaves jsonb as text on raw cursors.
        message = Delivered(tenant_id, message_id, kind, record_id, orjson.loads(payload), at)
        error = _deliver(name, message)
        if not error:
            outcome.append((delivery_id, "done", 0, ""))
            continue
        delay = next_delay(attempts)
        LOG.warning(
            "delivery failed", extra={"subscriber": name, "message_id": message_id, "attempts": attempts}
        )
        outcome.append(
            (delivery_id, "dead", 0, error)
            if delay is None
            else (delivery_id, "pending", delay.total_seconds(), error)
        )
    if outcome:
        _note(outcome)
    return len(claimed)


def _deliver(name: str, message: Delivered) -> str:
    """Hand over one message; returns what went wrong, or ""."""
    target = subscriber(name)
    if target is None:
        return f"no subscriber is named {name!r} in this release"
    try:
        with tenant_scope(message.tenant_id, actor=f"system:{name}"):
            target.handle(message)
    except Exception as error:  # whatever a handler raises parks its lane, and no other
        LOG.exception("subscriber failed", extra={"subscriber": name, "message_id": message.message_id})
        return f"{type(error).__name__}: {error}"[:500]
    return ""


def _note(outcome: list[tuple[int, str, float | None, str]]) -> None:
    ids, statuses, delays, errors = (list(column) for column in zip(*outcome, strict=True))
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_delivery d SET status = o.status, error = o.error, leased_until = NULL,"
            " next_at = now() + o.delay * interval '1 second'"
            " FROM unnest(%s::bigint[], %s::text[], %s::float[], %s::text[]) AS o(id, status, delay, error)"
            " WHERE d.id = o.id",
            [ids, statuses, delays, errors],
        )


def release_expired_leases() -> int:
    """Give back what a killed dispatcher held; returns how many."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(_RELEASE)
        return int(cursor.rowcount)


def replay(*, delivery_id: int, at: datetime) -> bool:
    """Put a dead delivery of the tenant in scope back in line, due at `at` (UTC). False when it is not dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_delivery SET status = 'pending', attempts = 0, next_at = %s"
            " WHERE id = %s AND status = 'dead'",
            [at, delivery_id],
        )
        return bool(cursor.rowcount)
