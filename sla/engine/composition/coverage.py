"""Hours that a service promises and in which what it needs has no support."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sla.engine.composition.landscape import Landscape
from sla.engine.composition.network import Hours, intervals


class Gap(NamedTuple):
    """Promised seconds without support, of how many; the first such stretch, and the parts that are off in it."""

    seconds: int
    promised: int
    start: int
    end: int
    parts: tuple[str, ...]


def hours_gap(landscape: Landscape, service: str, *, hours: Hours, low: int, high: int) -> Gap | None:
    """The promised hours in [low, high) in which fewer parts are supported than are needed; None if there are none.

    Parts whose contract names no hours count as supported: that they have none is told of by itself.
    """
    calendars = {
        key: terms.hours
        for key in landscape.leaves(service)
        if (terms := landscape.components[key].terms) is not None
    }
    edges = {low, high}
    for calendar in (hours, *calendars.values()):
        for start, end in intervals(calendar, low, high):
            edges |= {start, end}
    line = sorted(edges)
    without = 0
    first: tuple[int, int] | None = None
    parts: tuple[str, ...] = ()
    for start, end in pairwise(line):
        if not hours.open_seconds(start, start + 1):
            continue
        is_up = {key: calendar.open_seconds(start, start + 1) > 0 for key, calendar in calendars.items()}
        if _supported(landscape, service, is_up):
            continue
        off = tuple(landscape.components[key].name for key, up in is_up.items() if not up)
        if first is None:
            first, parts = (start, end), off
        elif first[1] == start and off == parts:
            first = (first[0], end)
        without += end - start
    if first is None:
        return None
    return Gap(without, hours.open_seconds(low, high), *first, parts)


def _supported(landscape: Landscape, service: str, is_up: dict[str, bool]) -> bool:
    return all(
        sum(
            is_up.get(member.key, True)
            if member.key in landscape.components
            else _supported(landscape, member.key, is_up)
            for member in group.members
        )
        >= group.count
        for group in landscape.services[service].groups
    )
