"""Who is asked before a service goes live, and before what it is made of changes while it is.

The hook that the apps above fill: the service-level engine, readiness. A gate refuses by raising a named error, which
undoes the transaction of the change. Before a service is published all of them are asked, so that whoever publishes it
is told everything at once; before a change is saved the first to refuse is enough.
"""

from collections.abc import Callable, Sequence
from typing import Any

from lifecycle.public import DomainError

# Called with `services` as they are to be, `occasion` ("publish" or "save"), `accepted_because` (the reason given for
# going ahead all the same, "" for none), `actor` and `at`. It is for the gate to tell whom else the change concerns.
Gate = Callable[..., None]

_gates: list[Gate] = []


def guard_services(gate: Gate) -> None:
    """Register a gate. Called once per process, from `apps.py`."""
    if gate not in _gates:
        _gates.append(gate)


def pass_gates(
    *, services: Sequence[Any], occasion: str, accepted_because: str, actor: Any, at: Any
) -> list[DomainError]:
    """Ask every gate, in order of registration; on publishing returns what they raise, else lets the first raise it."""
    refused: list[DomainError] = []
    for gate in _gates:
        try:
            gate(services=services, occasion=occasion, accepted_because=accepted_because, actor=actor, at=at)
        except DomainError as error:
            if occasion != "publish":
                raise
            refused.append(error)
    return refused
