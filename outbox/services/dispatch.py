"""Delivering: claim the heads of lanes, commit, then hand each message to its subscriber."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection

from outbox.engine.backoff import next_delay
from outbox.engine.registry import Delivered, Subscriber, subscriber
from tenancy.engine.scope import platform_scope, tenant_scope

LOG = logging.getLogger(__name__)
LEASE = "30 seconds"
BATCH = 200

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
RETURNING d.id, d.subscriber, d.attempts, d.error, m.tenant_id, m.id, m.kind, m.record_id, m.payload, m.at
"""  # noqa: S608  the interval is a constant
_RELEASE = (
    "UPDATE outbox_delivery SET status = 'pending', leased_until = NULL"
    " WHERE status = 'leased' AND leased_until < now()"
)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A delivery in hand: its key, how often it was tried, this time included, and its message."""

    delivery_id: int
    attempts: int
    message: Delivered


def dispatch_batch(*, limit: int = BATCH) -> int:
    """Deliver up to `limit` messages that are due; returns how many were claimed.

    At least once: a crash between handling and noting it delivers again after the lease.
    """
    groups = _claim(limit)
    outcome: list[tuple[int, str, float | None, str]] = []
    for (name, _), claimed in groups.items():
        errors = _deliver(name, [each.message for each in claimed])
        outcome += [_outcome(name, each, errors.get(each.message.message_id, "")) for each in claimed]
    if outcome:
        _note(outcome)
    return len(outcome)


def _claim(limit: int) -> dict[tuple[str, int], list[_Claimed]]:
    """The heads of lanes that are due, by subscriber and tenant: no two of a group are about one record."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        rows = cursor.fetchall()
    groups: dict[tuple[str, int], list[_Claimed]] = defaultdict(list)
    for delivery_id, name, attempts, error, tenant_id, message_id, kind, record_id, payload, at in sorted(
        rows
    ):
        # Django leaves jsonb as text on raw cursors. A replayed delivery begins to count anew, but keeps its error.
        message = Delivered(
            tenant_id, message_id, kind, record_id, orjson.loads(payload), at, attempts == 1 and not error
        )
        groups[name, tenant_id].append(_Claimed(delivery_id, attempts, message))
    return groups


def _deliver(name: str, messages: Sequence[Delivered]) -> dict[int, str]:
    """Hand over messages of one tenant; returns what went wrong, by message."""
    target = subscriber(name)
    if target is None:
        return {each.message_id: f"no subscriber is named {name!r} in this release" for each in messages}
    with tenant_scope(messages[0].tenant_id, actor=f"system:{name}"):
        if target.handle_all is not None:
            try:
                failed = target.handle_all(messages)
            except Exception:  # one message may spoil it for all: by themselves they tell which
                LOG.exception("subscriber failed", extra={"subscriber": name, "messages": len(messages)})
            else:
                return {message_id: _words(error) for message_id, error in failed.items()}
        return {each.message_id: _handle(target, each) for each in messages}


def _handle(target: Subscriber, message: Delivered) -> str:
    """Hand over one message; returns what went wrong, or ""."""
    try:
        target.handle(message)
    except Exception as error:  # whatever a handler raises parks its lane, and no other
        LOG.exception(
            "subscriber failed", extra={"subscriber": target.name, "message_id": message.message_id}
        )
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _outcome(name: str, claimed: _Claimed, error: str) -> tuple[int, str, float | None, str]:
    """What is noted of a delivery: key, status, seconds until the next try, error."""
    if not error:
        return claimed.delivery_id, "done", 0, ""
    LOG.warning(
        "delivery failed",
        extra={
            "subscriber": name,
            "message_id": claimed.message.message_id,
            "attempts": claimed.attempts,
        },
    )
    delay = next_delay(claimed.attempts)
    if delay is None:
        return claimed.delivery_id, "dead", 0, error
    return claimed.delivery_id, "pending", delay.total_seconds(), error


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
