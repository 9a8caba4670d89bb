"""What a rule may do to a record by itself.

The hook that processes fill in their `apps.py`: sla decides when, the record's own process how, with its life cycle,
its columns and its audit entry.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: The name under which escalating subscribes to the outbox.
ESCALATES = "escalation"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a rule acts: `percent` of the time of the target of this code is used."""

    target: str
    percent: int


class Reassign(Protocol):
    """Hand a record to a support group, by code."""

    def __call__(self, *, record: Any, support_group: str, because: Cause, actor: Any, at: datetime) -> Any:
        """Take the step, or raise DomainError with the reason why not."""


class RaisePriority(Protocol):
    """Raise a record's priority by one."""

    def __call__(self, *, record: Any, because: Cause, actor: Any, at: datetime) -> Any:
        """Take the step, or raise DomainError with the reason why not."""


@dataclass(frozen=True, slots=True)
class RuleActions:
    """How one kind of record is acted upon. Each raises DomainError where it cannot be, or need not."""

    raise_priority: RaisePriority
    reassign: Reassign


_actions: dict[str, RuleActions] = {}


def register_rule_actions(kind: str, actions: RuleActions) -> None:
    """Say how records of a kind are acted upon. Called once per process, from `apps.py`."""
    _actions[kind] = actions


def rule_actions_of(kind: str) -> RuleActions | None:
    """How records of a kind are acted upon; None when nobody said."""
    return _actions.get(kind)
