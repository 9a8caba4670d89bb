"""A system that hooks call, on this machine: real sockets, and the behaviour that a test asks for."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from calling.public import is_signed


class Called:
    """A server on a loopback port. `behaviours` are taken in turn, the last for ever; `heard` is what came."""

    def __init__(self, secret: str, *behaviours: str) -> None:
        self.secret, self.behaviours = secret, list(behaviours)
        self.heard: list[dict[str, Any]] = []
        self.effects: dict[str, int] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                signed = is_signed(secret=outer.secret, headers=headers, body=body, now=int(time.time()))
                outer.heard.append({"headers": headers, "body": json.loads(body), "signed": signed})
                outer.answer(self, headers)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/do"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, headers: dict[str, str]) -> None:
        """As the next behaviour says; the effect is done once per key, before anything is answered."""
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        key = headers["idempotency-key"]
        self.effects.setdefault(key, 0)
        if not self.effects[key]:
            self.effects[key] += 1
        status, extra, body = {
            "done": (200, {}, b'{"outcome": "done", "log": ["reset"]}'),
            "failed": (200, {}, b'{"outcome": "failed", "message": "No such user"}'),
            "running": (202, {}, b""),
            "500": (500, {}, b"oops"),
            "429": (429, {"Retry-After": "120"}, b""),
            "html": (200, {}, b"<html>Sign in</html>"),
            "redirect": (302, {"Location": "http://127.0.0.1:1/"}, b""),
            "long": (200, {}, b'{"outcome": "done", "log": ["' + b"x" * 200_000 + b'"]}'),
            "wrong": (200, {}, b'{"outcome": "done", "result": {"no": 1}}'),
            "hang": (200, {}, b""),
            "drip": (200, {}, b""),
        }[behaviour]
        if behaviour == "hang":
            time.sleep(3)
            return
        handler.send_response(status)
        for name, value in extra.items():
            handler.send_header(name, value)
        if behaviour == "drip":
            handler.end_headers()
            for _ in range(30):
                time.sleep(0.1)
                handler.wfile.write(b" ")
            return
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
