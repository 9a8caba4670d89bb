"""Safe retries: the response to a keyed request is kept with the write it answers, and given again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from doors.models import IdempotentRequest


@dataclass(frozen=True, slots=True)
class Kept:
    """A response as it was first given."""

    status: int
    body: bytes
    headers: dict[str, Any]


class KeyInFlightError(Exception):
    """The first request with this key has not been answered yet."""

    code = "idempotency_in_flight"


class KeyReusedError(Exception):
    """The key came with another request before."""

    code = "idempotency_key_reused"


def claim(*, client: UUID, key: str, request_hash: str, at: datetime) -> Kept | None:
    """Claim a key for a request, inside its transaction; returns the kept response when it was answered before.

    A twin that is still running holds the key's row: PostgreSQL would wait for it, so its lock is asked without
    waiting. Raises KeyInFlightError, or KeyReusedError when the key came with another request.
    """
    row = IdempotentRequest.objects.filter(client=client, key=key).first()
    if row is None:
        try:
            with transaction.atomic():
                _lock_or_refuse(client, key)
                IdempotentRequest.objects.create(
                    client=client, key=key, request_hash=request_hash, created_at=at
                )
        except IntegrityError:
            return claim(client=client, key=key, request_hash=request_hash, at=at)
        return None
    if row.request_hash != request_hash:
        raise KeyReusedError
    if row.status is None:
        raise KeyInFlightError
    return Kept(row.status, bytes(row.body or b""), row.headers)


def _lock_or_refuse(client: UUID, key: str) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7))", [f"{client}:{key}"])
        if not cursor.fetchone()[0]:
            raise KeyInFlightError


def keep(*, client: UUID, key: str, status: int, body: bytes, headers: dict[str, Any]) -> None:
    """Keep the response with the write, in the same transaction."""
    IdempotentRequest.objects.filter(client=client, key=key).update(status=status, body=body, headers=headers)


def forget_before(instant: datetime) -> int:
    """Forget keys claimed before an instant (UTC); returns how many."""
    gone, _ = IdempotentRequest.objects.filter(created_at__lt=instant).delete()
    return gone
