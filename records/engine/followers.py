"""Who follows each step inside its own transaction.

The hook that the service-level engine fills: clocks and custody are rebuilt in the transaction of the step that
changed them. (What may happen after the fact goes through the outbox instead.)
"""

from collections.abc import Callable, Sequence
from typing import Any

# Called with the record as it is from now on and the entries just made, neither of which the database need have yet:
# what a follower writes goes into the same `batch`. `is_new` says the record is being opened. Without entries nothing
# was done, and definitions changed since the followers were told last.
Follower = Callable[..., None]

_followers: list[Follower] = []


def follow_steps(follower: Follower) -> None:
    """Register a follower. Called once per process, from `apps.py`."""
    if follower not in _followers:
        _followers.append(follower)


def tell_followers(*, record: Any, entries: Sequence[Any], is_new: bool, batch: Any) -> None:
    """Let every follower do its part, in order of registration."""
    for follower in _followers:
        follower(record=record, entries=entries, is_new=is_new, batch=batch)
