"""What is promised, and how it compares with what the parts can keep."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from sla.engine.composition.availability import Factor
from sla.engine.composition.coverage import Gap
from sla.engine.composition.network import Hours, Link

Kind = Literal[
    "resolution",
    "fulfilment",
    "availability",
    "band",
    "hours",
    "missing_contract",
    "contract_not_in_force",
    "missing_terms",
    "missing_components",
    "missing_plan",
    "never_ends",
    "composition_too_large",
]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a target promises: so many seconds of its hours for one metric."""

    metric: Literal["resolution", "fulfilment"]
    code: str
    name: str
    seconds: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class Band:
    """The band of availability that a service is in: its name, and the share of one that it asks for."""

    name: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Verdict:
    """One promise against what is possible: seconds for times and hours, a share of one for availability.

    `subject` names what it is about: the promise, or the part that lacks something. `name` is that of the promise, or
    of the band that asks for it. `chain` is what takes so long or is
    missing, from the service down; `links` are its stages, `worst_start` (UTC epoch) the start that takes longest,
    None where every start takes as long.
    """

    kind: Kind
    subject: str
    is_kept: bool
    name: str = ""
    promised: int | Fraction | None = None
    possible: int | Fraction | None = None
    chain: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    factors: tuple[Factor, ...] = ()
    worst_start: int | None = None
    gap: Gap | None = None
    lacks: str = ""

    @property
    def shortfall(self) -> Fraction | None:
        """By how much the promise is missed; None where that is no number."""
        if self.is_kept or self.promised is None or self.possible is None:
            return None
        return abs(Fraction(self.possible) - Fraction(self.promised))
