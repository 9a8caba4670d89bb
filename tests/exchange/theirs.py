"""A supplier's system on this machine: real sockets, keeping what it is told, and answering as a test asks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from calling.public import is_signed

ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "mixed up": (200, {}, b'{"reference": "THEIRS-1"}'),
    "taken": (204, {}, b""),
    "acknowledged": (200, {}, b'{"reference": "THEIRS-NUMBER"}'),
    "html": (200, {"Content-Type": "text/html"}, b"<html>Sign in</html>"),
    "redirect": (302, {"Location": "http://127.0.0.1:1/"}, b""),
    "down": (500, {}, b"oops"),
    "busy": (429, {"Retry-After": "600"}, b""),
    "refused": (422, {}, b'{"error": "no"}'),
}


class TheirSystem:
    """A server on a loopback port. `answers` are taken in turn, the last for ever; `heard` is what came, signed."""

    def __init__(self, *answers: str) -> None:
        self.secret, self.answers = "", list(answers)
        self.heard: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                # By the time that we say it is: tests send days ahead.
                stamp = int(headers["webhook-timestamp"])
                assert is_signed(secret=outer.secret, headers=headers, body=body, now=stamp)
                message = json.loads(body)
                outer.heard.append({"id": headers["webhook-id"], **message})
                name = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                status, extra, text = ANSWERS[name]
                text = text.replace(b"NUMBER", message["data"]["number"].encode())
                self.send_response(status)
                for header, value in extra.items():
                    self.send_header(header, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}/told"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
