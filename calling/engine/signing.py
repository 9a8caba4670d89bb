"""Signatures of the Standard Webhooks scheme: whoever is called knows that it was us, and when."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"


def signed_headers(*, secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with a body. `secret` is "whsec_" and base64."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{_signature(secret, message_id, timestamp, body)}",
    }


def is_signed(*, secret: str, headers: Mapping[str, str], body: bytes, now: int) -> bool:
    """Whether a message with these headers (lower case) was signed with the secret, not long ago."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return False
    wanted = _signature(secret, headers.get("webhook-id", ""), int(stamp), body)
    given = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    return any(
        version == "v1" and hmac.compare_digest(wanted.encode(), text.encode()) for version, _, text in given
    )


def new_secret() -> str:
    """A secret that nobody had before."""
    return f"{_PREFIX}{base64.b64encode(secrets.token_bytes(32)).decode()}"


def is_secret(secret: str) -> bool:
    """Whether this can be signed with: 24 to 64 bytes."""
    try:
        return secret.startswith(_PREFIX) and 24 <= len(_bytes(secret)) <= 64
    except (binascii.Error, ValueError):
        return False


def _bytes(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)


def _signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(_bytes(secret), signed, hashlib.sha256)).decode()
