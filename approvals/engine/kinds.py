"""What kinds of record can be approved: each names the states that approval leads through."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The step of the life cycle that a decision takes, and the message that tells of it."""

    step: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvable:
    """A kind: the step of its life cycle that asks for approval, and what approval and rejection lead to."""

    kind: str
    asks: str
    approved: Ending
    rejected: Ending


_kinds: dict[str, Approvable] = {}


def register_approvable(approvable: Approvable) -> None:
    """Register a kind. Called once per process, from `apps.py`."""
    _kinds[approvable.kind] = approvable


def approvable(kind: str) -> Approvable:
    """The kind with this code. Raises KeyError for one that nobody approves."""
    return _kinds[kind]
