"""Services, the parts that they are made of, and what contracts say of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from sla.engine.composition.errors import CircularCompositionError
from sla.engine.composition.network import Hours

Problem = Literal["", "missing_contract", "contract_not_in_force", "missing_terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract says at an instant: working seconds in the provider's hours, availability as a share of one."""

    contract: str
    provider: str
    hours: Hours
    resolution: int | None = None
    fulfilment: int | None = None
    availability: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A row of the service register; `problem` says why it has no terms."""

    key: str
    name: str
    terms: Terms | None = None
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A component or a service that is counted on; `handover` is how long it takes to notice and to pass on to it."""

    key: str
    handover: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one service of which `needed` must work: all of them, in series, unless said.

    `is_in_turn`: when all are down, one is restored after another.
    """

    name: str
    members: tuple[Member, ...]
    needed: int | None = None
    is_in_turn: bool = False

    @property
    def count(self) -> int:
        """How many must work."""
        return len(self.members) if self.needed is None else self.needed

    @property
    def is_serial(self) -> bool:
        """Whether all must work."""
        return self.count == len(self.members)


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its hours (of service; hand-overs are worked in them), and the groups of parts that it needs."""

    key: str
    name: str
    hours: Hours | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a fulfilment plan: `seconds` of `hours`, or what a component's contract says, after other tasks."""

    key: str
    name: str
    seconds: int = 0
    hours: Hours | None = None
    component: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landscape:
    """All services and components of a tenant by key. Raises CircularCompositionError naming the circle."""

    services: Mapping[str, Service] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needs = {
            key: [member.key for group in service.groups for member in group.members]
            for key, service in self.services.items()
        }
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            raise CircularCompositionError(
                tuple(self.services[key].name for key in reversed(error.args[1]))
            ) from error

    def name_of(self, key: str) -> str:
        """The name of a service or a component."""
        return (self.services.get(key) or self.components[key]).name

    def leaves(self, service: str) -> dict[str, int]:
        """The components beneath a service, each with the number of ways that lead to it."""
        found: dict[str, int] = {}
        for key in self._walk(service):
            found[key] = found.get(key, 0) + 1
        return found

    def empty_services(self, service: str) -> list[Service]:
        """Services beneath this one that nothing says what they are made of."""
        found: dict[str, Service] = {}
        for group in self.services[service].groups:
            for member in group.members:
                beneath = self.services.get(member.key)
                if beneath is None:
                    continue
                below = self.empty_services(member.key) if beneath.groups else [beneath]
                found |= {row.key: row for row in below}
        return list(found.values())

    def _walk(self, service: str) -> Iterator[str]:
        for group in self.services[service].groups:
            for member in group.members:
                if member.key in self.components:
                    yield member.key
                else:
                    yield from self._walk(member.key)
