"""Telling of a change, in the change's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from outbox.engine.registry import subscribers_of


def publish(
    *, kind: str, record_id: UUID | None, at: datetime, payload: Mapping[str, Any] | None = None
) -> None:
    """Write one message and a delivery for each subscriber, in one statement; nothing when nobody wants it.

    Must run inside the transaction of the change, after the record's row was written, so that the order of
    messages of a record is the order of its changes.
    """
    names = subscribers_of(kind)
    if not names:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outbox_publish(%s, %s::uuid, %s::jsonb, %s, %s::text[])",
            [kind, record_id, orjson.dumps(payload or {}).decode(), at, names],
        )
