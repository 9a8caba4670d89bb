"""The cache when Redis is away: each process remembers for itself until it is back.

What is cached here limits rates; nobody may be kept out because Redis is, and no limit may vanish with it.
"""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# A request must not wait for Redis longer than this, stopped or hung, nor try again: by itself the client would
# sleep for seconds between three tries.
IMPATIENT: dict[str, Any] = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "retry": Retry(NoBackoff(), 0),
}


class FallbackRedisCache(RedisCache):
    """Redis, or this process's memory while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params | {"OPTIONS": IMPATIENT})
        self._own = LocMemCache("redis-away", {})

    def add(self, *args: Any, **options: Any) -> bool:
        """As Django's cache does."""
        return bool(self._try("add", *args, **options))

    def get(self, *args: Any, **options: Any) -> Any:
        """As Django's cache does."""
        return self._try("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> None:
        """As Django's cache does."""
        self._try("set", *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        """As Django's cache does."""
        return bool(self._try("touch", *args, **options))

    def delete(self, *args: Any, **options: Any) -> bool:
        """As Django's cache does."""
        return bool(self._try("delete", *args, **options))

    def incr(self, *args: Any, **options: Any) -> int:
        """As Django's cache does."""
        return int(self._try("incr", *args, **options))

    def _try(self, name: str, *args: Any, **options: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **options)
        except (RedisError, OSError):
            return getattr(self._own, name)(*args, **options)
