"""Rate limits that hold under threads (DRF's own let 150 of 20 through)."""

import time
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from doors.engine.cache import IMPATIENT
from people.public import Actor

# How long a Redis that did not answer is left alone, so that a hung one does not cost every request its patience.
REST_SECONDS = 5.0


@cache
def _limiter() -> tuple[SlidingWindowCounterRateLimiter, RateLimitItem]:
    storage = (
        storage_from_string(f"{settings.REDIS_URL}/1", **IMPATIENT) if settings.REDIS_URL else MemoryStorage()
    )
    if not isinstance(storage, Storage):
        raise TypeError("REDIS_URL names an asynchronous store")
    return SlidingWindowCounterRateLimiter(storage), parse(settings.API_RATE)


class ClientThrottle(BaseThrottle):
    """So many requests a minute for each API client. Open when Redis is away: writes must go on."""

    _resting_until: ClassVar[float] = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        actor: Actor | None = request.user  # type: ignore[assignment]  # our authentication classes say who
        if actor is None or actor.client_id is None:
            return True
        if time.monotonic() < ClientThrottle._resting_until:
            return True
        limiter, rate = _limiter()
        try:
            allowed = limiter.hit(rate, str(actor.client_id))
            if not allowed:
                self.reset_at = limiter.get_window_stats(rate, str(actor.client_id)).reset_time
        except (RedisError, OSError):
            ClientThrottle._resting_until = time.monotonic() + REST_SECONDS
            return True
        return allowed

    def wait(self) -> float | None:
        return max(1.0, self.reset_at - time.time())
