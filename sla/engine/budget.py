"""What time a provider has for a record: its own target's, or the customer's where that ends sooner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIVE = frozenset({"running", "paused"})
_PROMISED = frozenset({"resolution", "fulfilment"})


class Measured(Protocol):
    """What is asked of a clock; times are of any kind that can be compared, amounts open seconds."""

    @property
    def kind(self) -> str:
        """SLA, OLA or UC, in small letters."""

    @property
    def metric(self) -> str:
        """What is promised."""

    @property
    def state(self) -> str:
        """Where the clock stands."""

    @property
    def party(self) -> object:
        """The group of an OLA, the provider of a UC."""

    @property
    def duration(self) -> int:
        """What was promised."""

    @property
    def remaining(self) -> int:
        """What is left of it; below zero once it is used up."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one promise, and what it was in all."""

    kind: str
    remaining: int
    duration: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The time there is for a record, and which promise says so: the customer's, or the provider's own.

    `seconds` is below zero when it is used up. Seconds are those of each promise's own hours.
    """

    seconds: int
    limited_by: Literal["customer", "own"]
    customer: Allowance | None
    own: Allowance | None


def budget(*, clocks: Iterable[Measured], group: object, provider: object) -> Budget | None:
    """Return min(own target's remaining, customer's remaining) for a group and its provider, None without either.

    The customer's promises are SLAs, the own ones the OLA of the group and the UC of the provider; of several the one
    with least left counts. Between equals the customer's is named.
    """
    live = [clock for clock in clocks if clock.state in _LIVE and clock.metric in _PROMISED]
    customer = _least(clock for clock in live if clock.kind == "sla")
    own = _least(
        clock
        for clock in live
        if (clock.kind == "ola" and group is not None and clock.party == group)
        or (clock.kind == "uc" and provider is not None and clock.party == provider)
    )
    if customer is not None and (own is None or customer.remaining <= own.remaining):
        return Budget(customer.remaining, "customer", customer, own)
    if own is not None:
        return Budget(own.remaining, "own", customer, own)
    return None


def _least(clocks: Iterable[Measured]) -> Allowance | None:
    least = min(clocks, key=lambda clock: clock.remaining, default=None)
    return None if least is None else Allowance(least.kind, least.remaining, least.duration)
