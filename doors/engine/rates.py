"""Rate limits that hold under threads (DRF's own let 150 of 20 through)."""

import time
from functools import cache

from django.conf import settings
from limits import parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from doors.engine.cache import IMPATIENT

# How long a Redis that did not answer is left alone, so that a hung one does not cost every request its patience.
REST_SECONDS = 5.0
_resting_until = 0.0


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    storage = (
        storage_from_string(f"{settings.REDIS_URL}/1", **IMPATIENT) if settings.REDIS_URL else MemoryStorage()
    )
    if not isinstance(storage, Storage):
        raise TypeError("REDIS_URL names an asynchronous store")
    return SlidingWindowCounterRateLimiter(storage)


def seconds_to_wait(key: str, rate: str, *, now: float) -> int:
    """Count one use of `key` against `rate` ("20/minute"): 0 when it is within, else seconds until it may be again.

    `now` is in seconds of Unix time. Open while Redis is away: writes must go on.
    """
    global _resting_until  # noqa: PLW0603  one pause for the whole process
    if time.monotonic() < _resting_until:
        return 0
    limiter, limit = _limiter(), parse(rate)
    try:
        if limiter.hit(limit, key):
            return 0
        return max(1, int(limiter.get_window_stats(limit, key).reset_time - now))
    except (RedisError, OSError):
        _resting_until = time.monotonic() + REST_SECONDS
        return 0
