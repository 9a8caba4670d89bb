"""Texts that can be kept."""

from typing import Any


def is_text(given: Any) -> bool:
    """Whether this is text that the database can hold."""
    return isinstance(given, str) and "\x00" not in given and is_unicode(given)


def is_unicode(text: str) -> bool:
    """Whether a text can be written at all: it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
