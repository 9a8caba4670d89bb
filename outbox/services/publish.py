"""Telling of a change, in the change's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from outbox.engine.registry import subscribers_of
from tenancy.public import Batch


def publish(
    *,
    kind: str,
    record_id: UUID | None,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    batch: Batch | None = None,
) -> None:
    """Write one message and a delivery for each subscriber, in one statement; nothing when nobody wants it.

    With a `batch` it is written when that is sent. Must run inside the transaction of the change, after the record's
    row was written, so that the order of messages of a record is the order of its changes.
    """
    names = subscribers_of(kind)
    if not names:
        return
    writes = Batch() if batch is None else batch
    writes.add(
        "SELECT outbox_publish(%s, %s::uuid, %s::jsonb, %s, %s::text[])",
        [kind, record_id, orjson.dumps(payload or {}).decode(), at, names],
    )
    if batch is None:
        writes.send()
