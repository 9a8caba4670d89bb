"""What a task may do by itself: listed by the app above that runs it, so that a plan's designer chooses from a list.

The hook that it fills, so that the catalogue need not know what runs tasks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

KINDS = ("hook", "run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """A hook of the tenant in scope (`kind` "hook") or an action of this release ("run"), with its name for people.

    One that is off is still shown where a task names it, and chosen nowhere else.
    """

    kind: str
    code: str
    name: str
    is_on: bool = True


_listers: list[Callable[[], Sequence[Automation]]] = []


def offer_automations(lister: Callable[[], Sequence[Automation]]) -> None:
    """Register who lists them. Called once per process, from `apps.py`."""
    if lister not in _listers:
        _listers.append(lister)


def automations() -> list[Automation]:
    """All that tasks may do by themselves in the tenant in scope."""
    return [each for lister in _listers for each in lister()]
