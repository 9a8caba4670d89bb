"""A small HTTP/1.1 client over asyncio: one kept-alive connection, as one user's browser or system has it."""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class AnswerError(RuntimeError):
    """An answer that is not what the operation must get."""

    code = "bench_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Client:
    """One user. `data` is what the operations choose from; `number` tells the clients of a run apart."""

    port: int
    host: str
    number: int
    clients: int
    data: Mapping[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
    turn: int = 0
    _wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def __post_init__(self) -> None:
        self.chance.seed(self.number)

    def pick(self, key: str) -> Any:
        """One of the things called so, at random."""
        return self.chance.choice(self.data[key])

    def own(self, key: str) -> Any:
        """The next of the things called so that are this client's alone."""
        mine = self.data[key][self.number :: self.clients]
        return mine[self.turn % len(mine)]

    async def get(self, path: str, **options: Any) -> Answer:
        """GET a path."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: Any, **options: Any) -> Answer:
        """POST an object as JSON."""
        return await self.request("POST", path, body=json.dumps(body).encode(), **options)

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        must: bytes = b"",
    ) -> Answer:
        """Send a request and read its answer.

        Raises AnswerError when the status is another, or `must` is not in the body.
        """
        sent = {"Host": self.host, **self.headers, **(headers or {})}
        if body:
            sent.setdefault("Content-Type", "application/json")
            sent["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        message = f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
        try:
            answer = await self._exchange(message)
        except (ConnectionError, asyncio.IncompleteReadError):
            # A kept-alive connection may have been closed meanwhile; a fresh one must answer.
            self.close()
            answer = await self._exchange(message)
        if answer.status != status or must not in answer.body:
            raise AnswerError(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def close(self) -> None:
        """End the connection."""
        if self._wire:
            self._wire[1].close()
        self._wire = None

    async def _exchange(self, message: bytes) -> Answer:
        if self._wire is None:
            self._wire = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        reader, writer = self._wire
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:])
        }
        if fields.get("transfer-encoding", "").lower() == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(fields.get("content-length") or 0))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return b"".join(parts)
