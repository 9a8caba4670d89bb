"""How many rows there are in all. Counting them takes longer than reading a page of them."""

import threading
import time
from typing import Any

from django.db.models import QuerySet

from market.queries.conditions import Reading

GOOD_FOR = 2.0
_MOST = 1_000
_lock = threading.Lock()
_held: dict[tuple[Any, ...], tuple[int, float]] = {}


def total_of(rows: QuerySet[Any], reading: Reading, *, shown: int, limit: int, offset: int) -> int:
    """How many rows there are, of which `shown` were read from `offset` on.

    Told without counting where the page is the last one. Counted anew on every page but the first, whose total may be
    two seconds old: who reads on hears the truth there, and nobody is told that the first page is all when it is not.
    """
    if shown < limit and (shown or not offset):
        return offset + shown
    if offset:
        return rows.count()
    key = _key(rows, reading)
    with _lock:
        total, until = _held.get(key, (0, 0.0))
    if time.monotonic() < until and total > limit:
        return total
    total = rows.count()
    with _lock:
        if len(_held) >= _MOST:
            _held.clear()
        _held[key] = total, time.monotonic() + GOOD_FOR
    return total


def _key(rows: QuerySet[Any], reading: Reading) -> tuple[Any, ...]:
    """The statement with its values, and all of the caller that row security goes by."""
    statement, values = rows.order_by().values("pk").query.sql_with_params()
    actor = reading.actor
    return actor.tenant_id, actor.reach, actor.provider_id, statement, tuple(map(str, values))
