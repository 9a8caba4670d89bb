"""Keeping secrets: hashes of machine secrets, encryption of what must be read again."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare


def random_secret() -> str:
    """A client secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """How a secret of 256 random bits is kept that must be found by itself: its SHA-256, in hex."""
    return hashlib.sha256(secret.strip().encode()).hexdigest()


class RandomSecretHasher(BasePasswordHasher):
    """One salted SHA-256, for secrets of 256 random bits only: nothing can be guessed, so nothing needs stretching."""

    algorithm = "random_secret_sha256"

    def encode(self, password: str, salt: str) -> str:
        """The secret as it is stored."""
        digest = hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
        return f"{self.algorithm}${salt}${digest}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the secret, in constant time."""
        _, salt, _ = encoded.split("$", 2)
        return constant_time_compare(encoded, self.encode(password, salt))

    def decode(self, encoded: str) -> dict[str, str]:
        """The parts of a stored secret."""
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What may be shown of a stored secret."""
        return {"algorithm": self.algorithm, "hash": mask_hash(self.decode(encoded)["hash"])}

    def must_update(self, encoded: str) -> bool:
        """Never: there is one way to store it."""
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """One digest is all this hasher ever does."""


_SEALED = "sealed1:"
_NONCE_BYTES = 12


class UnsealError(ValueError):
    """A sealed secret was altered, or sealed under another key or for another purpose."""

    code = "unseal"


def seal(text: str, *, purpose: str) -> str:
    """The text encrypted (AES-256-GCM) under a key of this installation, good for one purpose only."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return _SEALED + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed for this purpose. Raises UnsealError."""
    if not sealed.startswith(_SEALED):
        raise UnsealError("this was never sealed")
    raw = base64.b64decode(sealed.removeprefix(_SEALED))
    try:
        plain = AESGCM(_key(purpose)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except InvalidTag as error:
        raise UnsealError("this was altered, or sealed under another key") from error
    return plain.decode()


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"seal:{purpose}".encode(), "sha256")
