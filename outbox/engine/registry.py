"""Who wants to hear what. Apps above subscribe in their `apps.py`; nothing below knows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as its handler receives it, inside the message's tenant.

    `is_first` says that nobody can have handled it before: it was never tried, nor put back in line.
    """

    tenant_id: int
    message_id: int
    kind: str
    record_id: UUID | None
    payload: Mapping[str, Any]
    at: datetime
    is_first: bool = False


Handler = Callable[[Delivered], None]
# Messages of one tenant, each about another record; answers with those that failed, by message.
BatchHandler = Callable[[Sequence[Delivered]], Mapping[int, Exception]]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A named handler of some kinds of message. A handler may be called again after a crash: be idempotent."""

    name: str
    kinds: frozenset[str]
    handle: Handler
    handle_all: BatchHandler | None = None


_subscribers: dict[str, Subscriber] = {}


def subscribe(
    name: str, kinds: frozenset[str], handle: Handler, *, handle_all: BatchHandler | None = None
) -> None:
    """Register a handler. Called once per process, from `apps.py`.

    `handle_all` handles several messages at less cost; should it raise, they are handled one by one.
    """
    if name in _subscribers and _subscribers[name].handle is not handle:
        raise ValueError(f"two subscribers are named {name!r}")
    _subscribers[name] = Subscriber(name, kinds, handle, handle_all)


def subscribers_of(kind: str) -> list[str]:
    """Names of the subscribers that want a kind of message."""
    return [subscriber.name for subscriber in _subscribers.values() if kind in subscriber.kinds]


def subscriber(name: str) -> Subscriber | None:
    """A subscriber by name; None when this release has none of that name."""
    return _subscribers.get(name)


def subscriptions() -> dict[str, list[str]]:
    """Every kind of message that anyone wants, with its subscribers' names."""
    kinds = {kind for each in _subscribers.values() for kind in each.kinds}
    return {kind: subscribers_of(kind) for kind in sorted(kinds)}
