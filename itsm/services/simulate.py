"""A system that the demonstration's hooks call: it does nothing, and says that it did."""

import base64
import http.client
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from django.utils.crypto import salted_hmac

from requests_app.public import is_signed

LATER_SECONDS = 5.0
HANG_SECONDS = 120.0
_BODY_MAX = 1024 * 1024
_CALL_BACK_TRIES = 5
_RETRY_SECONDS = 2.0
Answer = tuple[int, dict[str, Any] | None]


def simulator_secret() -> str:
    """What calls of the demonstration are signed with: another one in each installation."""
    made = salted_hmac("itsm.simulator", "hooks", algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


class Simulator(ThreadingHTTPServer):
    """Answers signed calls by their path: /done, /failed, /later (by call-back), /shaky (500 first), /hang.

    One call (by its key) has one effect, and gets the same answer again. `later` is how long a call-back takes;
    `read_time` gives seconds since 1970.
    """

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        *,
        secret: str,
        read_time: Callable[[], float],
        later: float = LATER_SECONDS,
    ) -> None:
        self.secret, self.read_time, self.later = secret, read_time, later
        # By path and key: how often it was called.
        self.calls: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def answer(self, path: str, key: str, body: dict[str, Any]) -> Answer:
        """Status and body for a call; None for an empty one."""
        with self._lock:
            before = self.calls.get((path, key), 0)
            self.calls[path, key] = before + 1
        behaviour = _BEHAVIOURS.get(path)
        return (404, {"error": "not_found"}) if behaviour is None else behaviour(self, before, body)


class _Handler(BaseHTTPRequestHandler):
    server: Simulator

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _BODY_MAX:
            self._say(413, {"error": "too_long"})
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        now = int(self.server.read_time())
        if not is_signed(secret=self.server.secret, headers=headers, body=body, now=now):
            self._say(401, {"error": "not_signed"})
            return
        self._say(*self.server.answer(self.path, headers.get("idempotency-key", ""), json.loads(body)))

    def _say(self, status: int, body: dict[str, Any] | None) -> None:
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _done(_: Simulator, __: int, body: dict[str, Any]) -> Answer:
    said = str((body.get("send") or {}).get("says") or "")
    return 200, {"outcome": "done", "message": said}


def _failed(_: Simulator, __: int, ___: dict[str, Any]) -> Answer:
    return 200, {"outcome": "failed", "message": "simulated"}


def _later(simulator: Simulator, before: int, body: dict[str, Any]) -> Answer:
    if not before:
        timer = threading.Timer(simulator.later, call_back, (body["callback"], _done(simulator, 0, body)[1]))
        timer.daemon = True
        timer.start()
    return 202, None


def _shaky(simulator: Simulator, before: int, body: dict[str, Any]) -> Answer:
    return _done(simulator, before, body) if before else (500, {"error": "not_this_time"})


def _hang(simulator: Simulator, before: int, body: dict[str, Any]) -> Answer:
    time.sleep(HANG_SECONDS)
    return _done(simulator, before, body)


_BEHAVIOURS: dict[str, Callable[[Simulator, int, dict[str, Any]], Answer]] = {
    "/done": _done,
    "/failed": _failed,
    "/later": _later,
    "/shaky": _shaky,
    "/hang": _hang,
}


def call_back(url: str, answer: dict[str, Any] | None) -> bool:
    """Say how it ended where the call asked for it; returns whether somebody took it.

    A host under .localhost is this machine, whatever its resolver knows.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    body = json.dumps(answer).encode()
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    for _ in range(_CALL_BACK_TRIES):
        connection = kind("127.0.0.1" if host.endswith(".localhost") else host, parts.port, timeout=10)
        try:
            headers = {"host": parts.netloc, "Content-Type": "application/json"}
            connection.request("POST", parts.path, body=body, headers=headers)
            if connection.getresponse().status < 500:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(_RETRY_SECONDS)
    return False
