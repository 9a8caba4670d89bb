"""Who is asked before an agreement changes its level.

The hook that the apps above fill: the exchange, that there is where to send to; readiness, that the tests were passed.
"""

from collections.abc import Callable, Mapping
from typing import Any

# Called with `provider`, `process` and `level`; returns what speaks against it, by field.
Gate = Callable[..., Mapping[str, str]]

_gates: list[Gate] = []


def guard_agreements(gate: Gate) -> None:
    """Register a gate. Called once per process of the system, from `apps.py`."""
    if gate not in _gates:
        _gates.append(gate)


def against_level(*, provider: Any, process: str, level: str) -> dict[str, str]:
    """Everything that speaks against working at a level, from every gate; sentences about one field are joined."""
    found: dict[str, str] = {}
    for gate in _gates:
        for field, words in gate(provider=provider, process=process, level=level).items():
            found[field] = f"{found[field]} {words}" if field in found else words
    return found
