import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from bench.client import Answer, Client
from bench.measure import run_operation
from bench.meter import Meter, cpu_seconds
from tests.support.stack import ADMIN_URL


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers every request with `fine`, in a thread."""
    loop = asyncio.new_event_loop()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=5)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(server.wait_closed())
    loop.close()


def meter() -> Meter:
    """A meter that books this process as the web."""
    return Meter((os.getpid(),), (), os.getpid(), os.getpid(), os.environ[ADMIN_URL])


def test_clients_in_a_loop_are_counted_and_timed(port: int) -> None:
    async def ask(client: Client) -> Answer:
        return await client.get("/", must=b"fine")

    found = run_operation(
        name="ask",
        operation=ask,
        headers={},
        clients=2,
        seconds=0.5,
        port=port,
        data={"host": "localhost"},
        meter=meter(),
        min_ops=10,
    )
    assert found["errors"] == 0
    assert found["ops"] >= 10
    assert found["bytes"] == 4
    assert found["p95_ms"] >= found["p50_ms"] > 0
    assert found["web_ms"] > 0


def test_a_wrong_answer_is_an_error(port: int) -> None:
    async def ask(client: Client) -> Answer:
        return await client.get("/", must=b"something else")

    found = run_operation(
        name="ask",
        operation=ask,
        headers={},
        clients=1,
        seconds=0.1,
        port=port,
        data={"host": "localhost"},
        meter=meter(),
        min_ops=1,
    )
    assert found["ops"] == 0
    assert found["errors"] > 0
    assert "without" in found["error"] or "fine" in found["error"]


def test_processor_time_is_booked_with_descendants() -> None:
    busy = "sum(range(20_000_000)); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    with (
        subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE) as working,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as idle,
    ):
        for _ in range(200):
            if cpu_seconds([working.pid]) > 3 * cpu_seconds([idle.pid]) + 0.1:
                break
            threading.Event().wait(0.1)
        else:
            pytest.fail("the busy grandchild's time was not booked")
        assert working.stdin is not None
        assert idle.stdin is not None
        working.stdin.close()
        idle.stdin.close()
