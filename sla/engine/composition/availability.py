"""Availability as the product of serial and parallel parts, exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from sla.engine.composition.errors import CompositionTooLargeError
from sla.engine.composition.landscape import Group, Landscape

ONE = Fraction(1)
# Each part that alternatives share doubles the cases to look at.
_MOST_SHARED = 12


class Factor(NamedTuple):
    """A serial part, or a group of alternatives, with its own availability."""

    label: str
    share: Fraction


def availability_of(landscape: Landscape, service: str) -> Fraction:
    """The share of time that a service's parts let it work, if they fail independently of each other.

    A part that is needed in several places fails once for all of them. Parts whose contract says nothing count as
    always up, so that the result is the best that can be hoped for. Raises CompositionTooLargeError.
    """
    ways = landscape.leaves(service)
    needed = set(_always_needed(landscape, service))
    shared = [key for key, count in ways.items() if count > 1 and key not in needed]
    if len(shared) > _MOST_SHARED:
        raise CompositionTooLargeError(f"{len(shared)} parts stand in more than one alternative")
    known = dict.fromkeys((key for key in needed if ways[key] > 1), ONE)
    total = Fraction(0)
    for states in product((ONE, Fraction(0)), repeat=len(shared)):
        case = dict(zip(shared, states, strict=True))
        weight = ONE
        for key, state in case.items():
            weight *= _own(landscape, key) if state else ONE - _own(landscape, key)
        if weight:
            total += weight * _service(landscape, service, known | case)
    for key in known:
        total *= _own(landscape, key)
    return total


def factors_of(landscape: Landscape, service: str) -> tuple[Factor, ...]:
    """The factors of a service's availability as a person writes them down; one for a group of alternatives."""
    found: Counter[Factor] = Counter()
    for group in landscape.services[service].groups:
        shares = [
            Factor(landscape.name_of(member.key), _member(landscape, member.key, {}))
            for member in group.members
        ]
        if group.is_serial:
            found.update(dict.fromkeys(shares, 1))
        else:
            share = _at_least(group.count, [factor.share for factor in shares])
            found[Factor(group.name, share)] = 1
    return tuple(found)


def _always_needed(landscape: Landscape, service: str) -> Iterator[str]:
    for group in landscape.services[service].groups:
        for member in group.members if group.is_serial else ():
            if member.key in landscape.components:
                yield member.key
            else:
                yield from _always_needed(landscape, member.key)


def _service(landscape: Landscape, service: str, known: Mapping[str, Fraction]) -> Fraction:
    result = ONE
    for group in landscape.services[service].groups:
        result *= _group(landscape, group, known)
    return result


def _group(landscape: Landscape, group: Group, known: Mapping[str, Fraction]) -> Fraction:
    return _at_least(group.count, [_member(landscape, member.key, known) for member in group.members])


def _member(landscape: Landscape, key: str, known: Mapping[str, Fraction]) -> Fraction:
    if key in landscape.components:
        return known[key] if key in known else _own(landscape, key)
    return _service(landscape, key, known)


def _own(landscape: Landscape, key: str) -> Fraction:
    terms = landscape.components[key].terms
    return ONE if terms is None or terms.availability is None else terms.availability


def _at_least(count: int, shares: Iterable[Fraction]) -> Fraction:
    """How likely it is that so many of the parts work."""
    working = [ONE]
    for share in shares:
        down, up = [each * (ONE - share) for each in working], [each * share for each in working]
        working = [low + high for low, high in zip([*down, Fraction(0)], [Fraction(0), *up], strict=True)]
    return sum(working[count:], Fraction(0))
