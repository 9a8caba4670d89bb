"""Actions that tasks may run here, registered by the apps that own them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Called with `key` (the same however often it is run for one attempt), `request` and `task` (records), `actor`, `at`,
# and what the plan gives. Answers with lines for the log; raises to be tried again.
Run = Callable[..., list[str]]


@dataclass(frozen=True, slots=True)
class RegisteredAction:
    """An action by name, what it does in words, and the names of what it takes."""

    name: str
    function: Run
    describe: str
    parameters: Mapping[str, str]


_actions: dict[str, RegisteredAction] = {}


def register_action(name: str, function: Run, *, describe: str, parameters: Mapping[str, str]) -> None:
    """Make an action known. Called once per process, from `apps.py`."""
    _actions[name] = RegisteredAction(name, function, describe, dict(parameters))


def find_action(name: str) -> RegisteredAction | None:
    """An action by name; None when this release has none of that name."""
    return _actions.get(name)


def actions() -> list[Any]:
    """Every registered action, by name."""
    return [_actions[name] for name in sorted(_actions)]
