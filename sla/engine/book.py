"""A tenant's targets, arranged so that the one that applies to a record is found at once."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from sla.engine.targets import TargetDefinition, TargetKind, best_match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sla.engine.timeline import Attributes

_KIND_ORDER: tuple[TargetKind, ...] = ("sla", "ola", "uc")


class TargetChain:
    """The targets of one kind and metric: at most one of them applies to a record, or to a party's hold."""

    __slots__ = ("_boundaries", "_remembered", "attributes", "definitions", "kind", "metric", "signature")
    _REMEMBERED_MOST: ClassVar[int] = 8192

    def __init__(self, *, kind: TargetKind, metric: str, definitions: tuple[TargetDefinition, ...]) -> None:
        self.kind = kind
        self.metric = metric
        self.definitions = definitions
        self.attributes = tuple(sorted({name for definition in definitions for name in definition.scope}))
        named = {*self.attributes, *(("organisation_path",) if "organisation" in self.attributes else ())}
        # Gives the values of all attributes that targets of the chain name. Naming `kind` twice makes it answer with
        # a tuple however few they are.
        self.signature: Callable[[Attributes], tuple[Any, ...]] = attrgetter(*sorted(named), "kind", "kind")
        self._remembered: dict[tuple[Any, ...], TargetDefinition | None] = {}
        ends = {definition.effective_to for definition in definitions if definition.effective_to is not None}
        self._boundaries = sorted({definition.effective_from for definition in definitions} | ends)

    def match(self, *, attributes: Attributes, at: int) -> TargetDefinition | None:
        """Return what `best_match` finds among the chain's targets, remembering answers."""
        key = (bisect_right(self._boundaries, at), self.signature(attributes))
        if key in self._remembered:
            return self._remembered[key]
        found = best_match(definitions=self.definitions, attributes=attributes, at=at)
        if len(self._remembered) >= self._REMEMBERED_MOST:
            self._remembered.clear()
        self._remembered[key] = found
        return found

    def matters(
        self, *, before: Attributes, after: Attributes, at: int, current: TargetDefinition | None
    ) -> bool:
        """Tell whether a change calls for a new match: it touches an attribute that a target in force names.

        Only targets in force at the change, and the one being followed, are asked: writing a new target today
        must not make a change of last month count for more than it did then.
        """
        changed = {name for name in self.attributes if getattr(before, name) != getattr(after, name)}
        if "organisation" in self.attributes and before.organisation_path != after.organisation_path:
            changed.add("organisation")
        if current is not None and not changed.isdisjoint(current.scope):
            return True
        return any(
            not changed.isdisjoint(definition.scope) and definition.in_force(at)
            for definition in self.definitions
        )


class TargetBook:
    """All targets of a tenant by kind and metric. Build it once for many records; threads may share it."""

    __slots__ = ("chains",)

    def __init__(self, definitions: Iterable[TargetDefinition]) -> None:
        grouped: dict[tuple[int, str], list[TargetDefinition]] = {}
        for definition in definitions:
            grouped.setdefault((_KIND_ORDER.index(definition.kind), definition.metric), []).append(definition)
        self.chains = tuple(
            TargetChain(kind=_KIND_ORDER[order], metric=metric, definitions=tuple(grouped[order, metric]))
            for order, metric in sorted(grouped)
        )
