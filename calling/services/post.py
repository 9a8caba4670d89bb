"""Calling a hook: to the very address that was checked, within a time, reading no more than so much."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext

from calling.engine.addresses import is_public

ANSWER_MAX = 64 * 1024
CONNECT_SECONDS = 5.0


class CallRefusedError(Exception):
    """The address may not be called: trying again changes nothing."""

    code = "call_refused"


class CallUnreachableError(Exception):
    """Nobody answered in time: it may have got the message, or not."""

    code = "call_unreachable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. `is_cut` when there was more."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool


def encode(data: Mapping[str, Any]) -> bytes:
    """A body as it is sent and signed."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def check_url(url: str, *, local: Collection[str]) -> str:
    """Why an address cannot be called at all, whoever it belongs to; "" when it can. `local` as in `post`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return gettext("This is not an address.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        return gettext("Use an address such as https://host.example/path, without a name and password in it.")
    if any(ord(each) <= 32 or ord(each) > 126 for each in url):
        return gettext("Use an address without spaces and special characters.")
    if f"{parts.hostname}:{port}" in local:
        return "" if parts.scheme in ("http", "https") else gettext("Use http or https.")
    return "" if parts.scheme == "https" else gettext("Use https.")


def host_of(url: str) -> str:
    """The host of an address as it is allowed: small letters, without the port; "" for none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], timeout: float, local: Collection[str] = ()
) -> Reply:
    """Send it, and read the answer. `local` are the "host:port" that may be this machine: for a demonstration.

    Raises CallRefusedError before anything is sent, CallUnreachableError when no whole answer came in time.
    """
    if why := check_url(url, local=local):
        raise CallRefusedError(why)
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or 443
    address = _address(host, port, is_local=f"{host}:{parts.port}" in local)
    connection = _Pinned(host, port, address, is_tls=parts.scheme == "https", timeout=timeout)
    # A socket's own timeout is for each read: who answers a byte at a time is cut off by this.
    alarm = threading.Timer(timeout, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(ANSWER_MAX + 1)
        found = {name.lower(): value for name, value in answer.getheaders()}
        if connection.was_cut:
            raise CallUnreachableError(gettext("It did not answer in time."))
        return Reply(answer.status, found, text[:ANSWER_MAX], len(text) > ANSWER_MAX)
    except ssl.SSLCertVerificationError as error:
        raise CallRefusedError(gettext("Its certificate is not one for this name.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = connection.was_cut or isinstance(error, TimeoutError)
        words = gettext("It did not answer in time.") if late else gettext("It could not be reached.")
        raise CallUnreachableError(words) from error
    finally:
        alarm.cancel()
        connection.close()


def _address(host: str, port: int, *, is_local: bool) -> str:
    """The address of a host, all of whose addresses must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallUnreachableError(gettext("Its name could not be found.")) from error
    addresses = [str(each[4][0]) for each in found]
    if not is_local and not all(is_public(address) for address in addresses):
        raise CallRefusedError(gettext("Its address is not a public one."))
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address, in the name of a host."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address, self._is_tls = address, is_tls
        self.default_port = 443 if is_tls else 80
        self.was_cut = False

    def connect(self) -> None:
        """To the address that was checked: the name is not looked up again."""
        wait = min(CONNECT_SECONDS, float(self.timeout or CONNECT_SECONDS))
        self.sock = socket.create_connection((self._address, self.port), wait)
        self.sock.settimeout(self.timeout)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it now, whatever it is doing."""
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
