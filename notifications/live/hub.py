"""One listener to Redis per process, and a bounded queue for each open page.

Pages that read slowly lose their oldest messages, never anyone else's. Without Redis the pages stay connected and
hear nothing until it is back.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import redis.asyncio
from redis.exceptions import RedisError

LOG = logging.getLogger(__name__)
CHANNEL = "itsm:live"
QUEUE_LENGTH = 100
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 5.0
_PING_SECONDS = 10


@dataclass(eq=False)
class Ear:
    """One open page: its topics, the kinds it asked for (none: all), and what it has yet to hear."""

    topics: frozenset[str]
    kinds: frozenset[str] = frozenset()
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def offer(self, data: bytes) -> None:
        """Queue a message; when the queue is full the oldest goes."""
        if self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(data)


class Hub:
    """Hands what Redis publishes to the ears of this process. Listens only while there are ears."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ears: dict[str, set[Ear]] = {}
        self._task: asyncio.Task[None] | None = None
        self.is_listening = asyncio.Event()

    def join(self, ear: Ear) -> None:
        """Start handing messages to an ear. Call on the event loop."""
        for topic in ear.topics:
            self._ears.setdefault(topic, set()).add(ear)
        if self._ears and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._listen())

    async def leave(self, ear: Ear) -> None:
        """Stop handing messages to an ear; with the last one the connection to Redis ends."""
        for topic in ear.topics:
            ears = self._ears.get(topic, set())
            ears.discard(ear)
            if not ears:
                self._ears.pop(topic, None)
        if not self._ears:
            await self.close()

    async def close(self) -> None:
        """End the connection to Redis."""
        task, self._task = self._task, None
        self.is_listening.clear()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                await self._hear_until_lost()
            except (RedisError, OSError) as error:
                LOG.warning("live updates wait for Redis", extra={"error": type(error).__name__})
            wait = _FIRST_WAIT if self.is_listening.is_set() else min(wait * 2, _LONGEST_WAIT)
            self.is_listening.clear()
            await asyncio.sleep(wait)

    async def _hear_until_lost(self) -> None:
        client = redis.asyncio.Redis.from_url(
            self._url, socket_connect_timeout=3, health_check_interval=_PING_SECONDS
        )
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.subscribe(CHANNEL)
                self.is_listening.set()
                while True:
                    # The timeout lets the client check the connection's health in quiet times.
                    said = await channel.get_message(timeout=_PING_SECONDS)
                    if said is not None:
                        self._tell(said["data"])
        finally:
            await client.aclose()

    def _tell(self, envelope: bytes) -> None:
        try:
            said: dict[str, Any] = orjson.loads(envelope)
            topics, kind, data = said["topics"], said["data"]["kind"], orjson.dumps(said["data"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            LOG.warning("a live message was not understood")
            return
        for ear in set().union(*(self._ears.get(topic, set()) for topic in topics)):
            if not ear.kinds or kind in ear.kinds:
                ear.offer(data)
