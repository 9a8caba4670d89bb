"""Rate limits that hold under threads (DRF's own let 150 of 20 through)."""

import threading
import time
from functools import cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from doors.engine.cache import IMPATIENT

# How long a Redis that did not answer is left alone, so that a hung one does not cost every request its patience.
REST_SECONDS = 5.0
_MOST_PURSES = 10_000
_resting_until = 0.0


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    storage = (
        storage_from_string(f"{settings.REDIS_URL}/1", **IMPATIENT) if settings.REDIS_URL else MemoryStorage()
    )
    if not isinstance(storage, Storage):
        raise TypeError("REDIS_URL names an asynchronous store")
    return SlidingWindowCounterRateLimiter(storage)


class Purse:
    """Uses that this process has counted at Redis ahead of time, to be spent without asking again.

    Asking costs an API call a twentieth of its time. Of a generous limit a thousandth is therefore counted at once,
    and good for a sixth of its period: a process lets through so many too many, or refuses so many too early, at most.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[tuple[str, str], tuple[int, float]] = {}

    def take(self, key: str, rate: str) -> bool:
        """Spend one use, if one is left."""
        with self._lock:
            left, until = self._held(key, rate)
            if left:
                self._left[key, rate] = left - 1, until
            return bool(left)

    def fill(self, key: str, rate: str, *, uses: int, seconds: float) -> None:
        """Add so many uses, good for so long; another thread may have added some just now."""
        with self._lock:
            if len(self._left) > _MOST_PURSES:
                self._left.clear()
            left, _ = self._held(key, rate)
            self._left[key, rate] = left + uses, time.monotonic() + seconds

    def _held(self, key: str, rate: str) -> tuple[int, float]:
        left, until = self._left.get((key, rate), (0, 0.0))
        return (left, until) if time.monotonic() <= until else (0, 0.0)


_purse = Purse()
_limit = cache(parse)


def seconds_to_wait(key: str, rate: str, *, now: float) -> int:
    """Count one use of `key` against `rate` ("20/minute"): 0 when it is within, else seconds until it may be again.

    `now` is in seconds of Unix time. Open while Redis is away: writes must go on.
    """
    global _resting_until  # noqa: PLW0603  one pause for the whole process
    if _purse.take(key, rate) or time.monotonic() < _resting_until:
        return 0
    limit = _limit(rate)
    try:
        if _counted(limit, key, rate):
            return 0
        return max(1, int(_limiter().get_window_stats(limit, key).reset_time - now))
    except (RedisError, OSError):
        _resting_until = time.monotonic() + REST_SECONDS
        return 0


def used_lately(key: str, rate: str) -> int:
    """How many uses of `key` were counted in the running period of `rate`; 0 while Redis is away.

    Uses that a process counted ahead are among them.
    """
    limit = _limit(rate)
    try:
        return max(0, limit.amount - _limiter().get_window_stats(limit, key).remaining)
    except (RedisError, OSError):
        return 0


def _counted(limit: RateLimitItem, key: str, rate: str) -> bool:
    lump = limit.amount // 1000
    if lump > 1 and _limiter().hit(limit, key, cost=lump):
        _purse.fill(key, rate, uses=lump - 1, seconds=limit.get_expiry() / 6)
        return True
    return _limiter().hit(limit, key)
