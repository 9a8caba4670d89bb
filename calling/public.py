"""Calling systems that are not ours: only public addresses, signed, in bounded time."""

from calling.engine.addresses import is_public
from calling.engine.signing import is_secret, is_signed, new_secret, signed_headers
from calling.services.post import (
    CallRefusedError,
    CallUnreachableError,
    Reply,
    check_url,
    encode,
    host_of,
    post,
)

__all__ = [
    "CallRefusedError",
    "CallUnreachableError",
    "Reply",
    "check_url",
    "encode",
    "host_of",
    "is_public",
    "is_secret",
    "is_signed",
    "new_secret",
    "post",
    "signed_headers",
]
