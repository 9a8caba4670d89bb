"""Hooks over TLS: only a system that proves its name, by somebody who is trusted, is told anything."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from calling.public import CallRefusedError, CallUnreachableError, post

_NOW = datetime.now(UTC)
_DAY = timedelta(days=1)
_HERE = x509.IPAddress(IPv4Address("127.0.0.1"))


class Authority:
    """Somebody who signs certificates."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(self.name, self.key, is_authority=True)

    def write(self, folder: Path, *, names: x509.GeneralName = _HERE, until: datetime = _NOW + _DAY) -> Path:
        """A certificate for somebody with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "them")])
        made = self._signed(subject, key, names=names, until=until)
        path = folder / "them.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        names: x509.GeneralName | None = None,
        until: datetime = _NOW + _DAY,
        is_authority: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - 3 * _DAY)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([names]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


class Server:
    """An HTTPS server on a loopback port; `heard` is what it was told."""

    def __init__(self, certificate: Path | None) -> None:
        self.heard: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # refused handshakes are meant
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def tell(self) -> int:
        """Send it something; the status that it answers."""
        reply = post(f"https://{self.address}/", body=b"{}", headers={}, timeout=5, local=[self.address])
        return reply.status

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this machine trusts, and no other."""
    authority = Authority("Trusted")
    path = tmp_path / "trusted.pem"
    path.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


@pytest.fixture
def serve() -> Iterator[Any]:
    """Starts servers."""
    started: list[Server] = []

    def start(certificate: Path | None) -> Server:
        started.append(Server(certificate))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_who_is_trusted_is_told(trusted: Authority, serve: Any, tmp_path: Path) -> None:
    server = serve(trusted.write(tmp_path))
    assert server.tell() == 200
    assert server.heard == [b"{}"]


@pytest.mark.parametrize("fault", ["of nobody", "for another name", "over"])
def test_nobody_else_is_told_anything(trusted: Authority, serve: Any, tmp_path: Path, fault: str) -> None:
    certificate = {
        "of nobody": lambda: Authority("Nobody").write(tmp_path),
        "for another name": lambda: trusted.write(tmp_path, names=x509.DNSName("hooks.example.org")),
        "over": lambda: trusted.write(tmp_path, until=_NOW - _DAY),
    }[fault]()
    server = serve(certificate)
    with pytest.raises(CallRefusedError, match="certificate"):
        server.tell()
    assert server.heard == []


@pytest.mark.usefixtures("trusted")
def test_who_speaks_without_tls_is_not_told_either(serve: Any) -> None:
    server = serve(None)
    with pytest.raises(CallUnreachableError):
        server.tell()
    assert server.heard == []
