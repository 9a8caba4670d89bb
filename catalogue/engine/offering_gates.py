"""Who is asked before an offering is published.

The hook that the apps above fill: whether the groups, calendars and actions of its plans exist, whether what they
promise can be kept. A gate refuses by raising a named error, which undoes the publishing.
"""

from collections.abc import Callable
from typing import Any

# Called with `offering`, `design` (the notation that is to be published), `accepted_because` (the reason given for
# going ahead all the same, "" for none), `actor` and `at`. Gives what is wrong with the design, by path.
Gate = Callable[..., dict[str, str]]

_gates: list[Gate] = []


def guard_offerings(gate: Gate) -> None:
    """Register a gate. Called once per process, from `apps.py`."""
    if gate not in _gates:
        _gates.append(gate)


def faults_at_gates(
    *, offering: Any, design: Any, accepted_because: str, actor: Any, at: Any
) -> dict[str, str]:
    """What every gate finds wrong, by path."""
    faults: dict[str, str] = {}
    for gate in _gates:
        faults |= gate(
            offering=offering, design=design, accepted_because=accepted_because, actor=actor, at=at
        )
    return faults
