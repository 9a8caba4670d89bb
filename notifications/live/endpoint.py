"""Live streams: server-sent events on the event loop, beside Django, without a thread or a database connection each."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from notifications.live.hub import Ear, Hub
from notifications.live.tokens import ListenError, read_listener

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

PATH = "/live/desk/"
KEEP_ALIVE_SECONDS = 25.0
# As long as a session may last: whoever left the organisation since then stops hearing that something changed.
STREAM_SECONDS = 12 * 3600.0
_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # A buffering proxy would hold messages back until it had a page full of them.
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
)


class LiveEndpoint:
    """The ASGI application under /live/. `GET /live/desk/?token=…` streams ids of what changed, never content.

    `token` comes from `notifications.public.live_token`. `kinds`, kinds of message with commas between, narrows the
    stream. Whatever Last-Event-ID says, the stream starts now: a page that reconnects reads its content anew.
    """

    def __init__(self, *, keep_alive_seconds: float = KEEP_ALIVE_SECONDS) -> None:
        self._keep_alive = keep_alive_seconds
        self._hub: Hub | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] != PATH:
            await _refuse(send, 404, b"Not found")
            return
        if scope["method"] != "GET":
            await _refuse(send, 405, b"Use GET", (b"allow", b"GET"))
            return
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        try:
            listener = read_listener(asked.get("token", [""])[0])
        except ListenError as error:
            await _refuse(send, 403, str(error).encode())
            return
        kinds = frozenset(kind for kind in asked.get("kinds", [""])[0].split(",") if kind)
        await self._stream(Ear(listener.topics, kinds), receive, send)

    async def close(self) -> None:
        """End the connection to Redis. It also ends by itself with the last open page."""
        if self._hub is not None:
            await self._hub.close()

    async def _stream(self, ear: Ear, receive: Receive, send: Send) -> None:
        hub = self._hub = self._hub or Hub(settings.LIVE_REDIS_URL)
        hub.join(ear)
        gone = asyncio.ensure_future(_gone(receive))
        speaking = asyncio.ensure_future(self._speak(ear, send))
        try:
            await asyncio.wait({gone, speaking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (gone, speaking):
                task.cancel()
                # The page went away in the middle of a message: nobody is left to tell.
                with suppress(asyncio.CancelledError, OSError):
                    await task
            await hub.leave(ear)

    async def _speak(self, ear: Ear, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await _write(send, b": connected\nretry: 3000\n\n")
        end = time.monotonic() + STREAM_SECONDS
        while time.monotonic() < end:
            try:
                data = await asyncio.wait_for(ear.waiting.get(), self._keep_alive)
            except TimeoutError:
                await _write(send, b": still here\n\n")
            else:
                await _write(send, b"data: " + data + b"\n\n")
        await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    start = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
