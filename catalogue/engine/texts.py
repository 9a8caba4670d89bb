"""Texts that can be kept."""

from typing import Any


def is_text(given: Any) -> bool:
    """Whether this is text that the database can hold: no null character, and no half of a surrogate pair."""
    if not isinstance(given, str) or "\x00" in given:
        return False
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True
