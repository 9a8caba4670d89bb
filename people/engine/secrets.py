"""Hashing of machine secrets."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare


def random_secret() -> str:
    """A client secret of 256 random bits."""
    return secrets.token_urlsafe(32)


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
