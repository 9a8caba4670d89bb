"""Telling open pages, through Redis. A page that misses one is out of date for a moment: nothing is retried."""

import logging
import threading
import time
from collections.abc import Iterable
from functools import cache

import orjson
import redis
from django.conf import settings
from prometheus_client import Counter
from redis.exceptions import RedisError

from notifications.live.hub import CHANNEL

LOG = logging.getLogger(__name__)
LOST = Counter("live_pings_lost", "Messages to open pages that Redis did not take.")
TOLD = Counter("live_pings_told", "Messages to open pages that Redis took.")
_TIMEOUT_SECONDS = 1.0
_REST_SECONDS = 5.0


class Publisher:
    """Publishes to Redis. While it is down each try would hold up all other deliveries, so it rests in between."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def tell(self, *, topics: Iterable[str], kind: str, record_id: str) -> bool:
        """Tell whoever listens to a topic that a record changed. False, counted and logged, when Redis is away."""
        if time.monotonic() < self._rests_until:
            LOST.inc()
            return False
        # `id` beside `record`: a page counts each record once, by this name.
        data = {"kind": kind, "record": record_id, "id": record_id}
        try:
            self._redis.publish(CHANNEL, orjson.dumps({"topics": sorted(topics), "data": data}))
        except (RedisError, OSError) as error:
            with self._lock:
                self._rests_until = time.monotonic() + _REST_SECONDS
            LOST.inc()
            LOG.warning("live updates are not told", extra={"error": type(error).__name__})
            return False
        TOLD.inc()
        return True

    def close(self) -> None:
        """End the connection."""
        self._redis.close()


@cache
def publisher() -> Publisher:
    """This process's publisher."""
    return Publisher(settings.LIVE_REDIS_URL)
