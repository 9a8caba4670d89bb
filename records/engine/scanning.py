"""The malware scanner: ClamAV's daemon where one is configured, else none, and `/readyz` says so."""

import os
import socket
import struct
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
_TIMEOUT_SECONDS = 30


class ScannerError(RuntimeError):
    """The scanner could not give a verdict. The file stays in quarantine and is tried again."""

    code = "scanner"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said."""

    is_clean: bool
    detail: str


def scanner_name() -> str:
    """Which scanner is in use: "clamd" when CLAMD_URL (tcp://host:port) is set, else "none".

    Without one, files are passed unscanned.
    """
    return "clamd" if os.environ.get("CLAMD_URL") else "none"


def scan(content: IO[bytes]) -> Verdict:
    """Scan a file by clamd's INSTREAM command. Raises ScannerError when no verdict comes."""
    address = os.environ.get("CLAMD_URL", "")
    if not address:
        return Verdict(is_clean=True, detail="no scanner is configured")
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 3310), _TIMEOUT_SECONDS) as wire:
            wire.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                wire.sendall(struct.pack(">I", len(chunk)) + chunk)
            wire.sendall(struct.pack(">I", 0))
            answer = wire.recv(4096).rstrip(b"\0").decode("utf-8", "replace")
    except OSError as error:
        raise ScannerError(f"clamd: {error}") from error
    if answer.endswith("OK"):
        return Verdict(is_clean=True, detail=answer)
    if answer.endswith("FOUND"):
        return Verdict(is_clean=False, detail=answer)
    raise ScannerError(f"clamd answered {answer!r}")
