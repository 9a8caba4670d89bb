"""Sending what is in line: the head of each lane, in bounded time, noting what was answered."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from calling.public import CallRefusedError, CallUnreachableError, post, signed_headers
from exchange.engine.answers import Answer, read_answer
from exchange.engine.breaker import again_in, is_given_up, open_until
from exchange.models import Counterpart, EndpointHealth, Outgoing
from exchange.services.endpoints import local_addresses, secrets_of
from exchange.services.wire import acknowledge
from people.public import system_actor
from tenancy.engine.words import word
from tenancy.public import platform_scope, tenant_scope

BATCH = 200
# Longer than any call may take.
_LEASE_SECONDS = 90
_CLAIM = f"""
WITH head AS (
  SELECT o.id FROM exchange_outgoing o
  JOIN exchange_endpoint e ON e.id = o.endpoint_id
  LEFT JOIN exchange_endpointhealth h ON h.endpoint_id = e.id
  WHERE o.status = 'pending' AND o.next_at <= %s AND e.paused_because = ''
    AND (h.open_until IS NULL OR h.open_until <= %s)
    AND NOT EXISTS (
      SELECT 1 FROM exchange_outgoing p WHERE p.tenant_id = o.tenant_id AND p.endpoint_id = o.endpoint_id
        AND p.record_id = o.record_id AND p.message_id < o.message_id AND p.status IN ('pending', 'leased', 'dead'))
  ORDER BY o.next_at, o.message_id LIMIT %s FOR UPDATE OF o SKIP LOCKED)
UPDATE exchange_outgoing o SET status = 'leased', attempts = o.attempts + 1,
  leased_until = %s + interval '{_LEASE_SECONDS} seconds'
FROM head WHERE o.id = head.id RETURNING o.tenant_id, o.id
"""  # noqa: S608  the interval is a constant
_RELEASE = (
    "UPDATE exchange_outgoing SET status = 'pending', leased_until = NULL"
    " WHERE status = 'leased' AND leased_until < %s"
)


@dataclass(frozen=True, slots=True)
class _Call:
    """A message in hand, with all that sending it needs and no database."""

    row: Outgoing
    url: str
    secrets: tuple[str, ...]
    timeout: int
    local: tuple[str, ...]


def send_due(*, read_time: Callable[[], datetime], pool: ThreadPoolExecutor, limit: int = BATCH) -> int:
    """Send up to `limit` messages that are due, of all tenants, side by side; returns how many were tried.

    At least once: who is killed after sending sends again after the lease, under the same message id.
    """
    tried = 0
    for tenant_id, keys in _claim(read_time(), limit).items():
        with tenant_scope(tenant_id, actor="system:exchange"):
            calls = _calls(keys, read_time())
        answers = zip(calls, pool.map(lambda call: _send(call, read_time()), calls), strict=True)
        with tenant_scope(tenant_id, actor="system:exchange"):
            for call, (status, answer) in answers:
                _note(tenant_id, call.row, status, answer, read_time())
        tried += len(calls)
    return tried


def release_expired(*, at: datetime) -> int:
    """Give back what a killed sender held; returns how many."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(_RELEASE, [at])
        return int(cursor.rowcount)


def _claim(at: datetime, limit: int) -> dict[int, list[UUID]]:
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at, at, limit, at])
        found: dict[int, list[UUID]] = {}
        for tenant_id, key in cursor.fetchall():
            found.setdefault(tenant_id, []).append(UUID(str(key)))
    return found


def _calls(keys: Iterable[UUID], at: datetime) -> list[_Call]:
    rows = Outgoing.objects.select_related("endpoint").filter(pk__in=list(keys)).order_by("message_id")
    local = tuple(local_addresses())
    return [
        _Call(row, row.endpoint.url, secrets_of(row.endpoint, at), row.endpoint.timeout_seconds, local)
        for row in rows
    ]


def _send(call: _Call, at: datetime) -> tuple[int | None, Answer]:
    body = call.row.body.encode()
    stamp = int(at.timestamp())
    headers: dict[str, str] = {}
    signatures = []
    for secret in call.secrets:
        headers = signed_headers(secret=secret, message_id=str(call.row.pk), timestamp=stamp, body=body)
        signatures.append(headers["webhook-signature"])
    headers |= {
        "webhook-signature": " ".join(signatures),
        "Content-Type": "application/json",
        "User-Agent": "itsm-exchange",
    }
    try:
        reply = post(call.url, body=body, headers=headers, timeout=call.timeout, local=call.local)
    except CallRefusedError as refused:
        return None, Answer(state="again", reason=str(refused), is_down=True)
    except CallUnreachableError as error:
        return None, Answer(state="again", reason=str(error), is_down=True)
    return reply.status, read_answer(reply.status, reply.headers, reply.body, is_cut=reply.is_cut)


def _note(tenant_id: int, row: Outgoing, status: int | None, answer: Answer, at: datetime) -> None:
    """Write down what was answered; an acknowledgement counts with it or not at all."""
    with transaction.atomic():
        health, _ = EndpointHealth.objects.select_for_update(no_key=True).get_or_create(
            endpoint=row.endpoint, defaults={"provider_id": row.provider_id}
        )
        # A lease that ran out may have been sent by another: whoever notes first, counts.
        if not Outgoing.objects.filter(pk=row.pk, status=Outgoing.Status.LEASED).exists():
            return
        changes: dict[str, Any] = {"answered": status, "error": answer.reason[:500], "leased_until": None}
        if answer.state == "taken":
            changes |= {"status": Outgoing.Status.DONE, "ended_at": at}
        elif answer.state == "refused" or is_given_up(attempts=row.attempts, made_at=row.made_at, at=at):
            changes |= {"status": Outgoing.Status.DEAD}
        else:
            wait = again_in(row.attempts, answer.wait)
            changes |= {"status": Outgoing.Status.PENDING, "next_at": at + wait}
        Outgoing.objects.filter(pk=row.pk).update(**changes)
        _note_health(health, answer, at)
        if answer.state == "taken" and answer.is_acknowledged:
            counterpart = Counterpart.objects.select_for_update(no_key=True).get(
                record_id=row.record_id, provider_id=row.provider_id
            )
            actor = system_actor(tenant_id, name=word("Exchange"), door="api")
            acknowledge(counterpart=counterpart, reference=answer.reference, actor=actor, at=at)


def _note_health(health: EndpointHealth, answer: Answer, at: datetime) -> None:
    if not answer.is_down and health.open_until is not None and health.open_until > at:
        # Sent before they asked to be left alone: what they asked still holds.
        health.last_good_at = at
    elif not answer.is_down:
        was_down = health.failures > 0
        health.failures, health.open_until, health.last_good_at = 0, None, at
        if was_down:
            # It is back: what waited for it need not wait longer.
            Outgoing.objects.filter(
                endpoint=health.endpoint_id, status=Outgoing.Status.PENDING, next_at__gt=at
            ).update(next_at=at)
    else:
        health.failures, health.last_error = health.failures + 1, answer.reason[:500]
        health.open_until = open_until(failures=health.failures, asked=answer.wait, at=at)
    health.save(update_fields=["failures", "open_until", "last_good_at", "last_error"])
