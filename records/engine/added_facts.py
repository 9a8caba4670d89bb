"""What the apps above add to a step before it is written.

The hook that the exchange fills: a record handed to a supplier's system is on the wire from that very step on.
"""

from collections.abc import Callable, Mapping
from typing import Any

# Called with the record as it is from now on, the attributes that the step changed (old and new), its verb, who took
# it, when, and the `batch` that is written in its transaction; returns facts for its audit entry.
AddFacts = Callable[..., Mapping[str, Any]]

_adders: list[AddFacts] = []


def add_facts(adder: AddFacts) -> None:
    """Register who adds facts. Called once per process of the system, from `apps.py`."""
    if adder not in _adders:
        _adders.append(adder)


def added_facts(
    *, record: Any, changed: Mapping[str, Any], verb: str, actor: Any, at: Any, batch: Any
) -> dict[str, Any]:
    """All that is added to a step."""
    found: dict[str, Any] = {}
    for adder in _adders:
        found |= adder(record=record, changed=changed, verb=verb, actor=actor, at=at, batch=batch)
    return found
