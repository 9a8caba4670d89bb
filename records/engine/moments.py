"""Facts as the audit keeps them."""

from datetime import datetime
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """A value as JSON keeps it: keys and instants as text, all else as it is."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def fact(old: Any, new: Any) -> list[Any]:
    """A change of one attribute, old value first."""
    return [plain(old), plain(new)]
