"""The kinds of record, registered by the processes that own them."""

from dataclasses import dataclass

from lifecycle.public import Lifecycle


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its code, number prefix, life cycle, and words.

    `feed` is the plural in addresses: `/api/v1/incidents/`, `/desk/incidents/`.
    """

    code: str
    prefix: str
    feed: str
    label: str
    lifecycle: Lifecycle


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known. Called once per process, from `apps.py`."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """A registered kind. Raises KeyError."""
    return _kinds[code]


def kinds() -> tuple[Kind, ...]:
    """Every registered kind."""
    return tuple(_kinds.values())
