"""Composition the slow way: second by second, every path, every combination of parts that work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from calendars.engine import OpenInterval
from sla.engine.composition import Landscape, Task


@dataclass(frozen=True)
class Toy:
    """Working time that repeats a short pattern of open and closed seconds, looked at one by one."""

    pattern: tuple[bool, ...]

    def is_open(self, instant: int) -> bool:
        return self.pattern[instant % len(self.pattern)]

    def open_seconds(self, start: int, end: int) -> int:
        if end < start:
            return -self.open_seconds(end, start)
        return sum(self.is_open(instant) for instant in range(start, end))

    def due(self, start: int, seconds: int) -> int:
        instant = start
        while seconds:
            seconds -= self.is_open(instant)
            instant += 1
        return instant

    def next_intervals(self, instant: int, count: int) -> tuple[OpenInterval, ...]:
        if all(self.pattern):
            return (OpenInterval(instant, None),)
        found: list[OpenInterval] = []
        while len(found) < count:
            while not self.is_open(instant):
                instant += 1
            start = instant
            while self.is_open(instant):
                instant += 1
            found.append(OpenInterval(start, instant))
        return tuple(found)


def restored(landscape: Landscape, service: str, start: int) -> int:
    """When a service works again whose parts all failed at `start`."""
    here, ready = landscape.services[service], []
    for group in here.groups:
        ends, begin = [], start
        for member in group.members:
            handed = begin
            if member.handover:
                handed = here.hours.due(begin, member.handover) if here.hours else begin + member.handover
            if member.key in landscape.services:
                end = restored(landscape, member.key, handed)
            else:
                terms = landscape.components[member.key].terms
                end = terms.hours.due(handed, terms.resolution or 0) if terms else handed
            ends.append(end)
            if group.is_in_turn:
                begin = end
        ready.append(sorted(ends)[group.count - 1])
    return max([start, *ready])


def delivered(landscape: Landscape, plan: Sequence[Task], start: int) -> int:
    """When the last task of a plan is done: the latest end of any path through it."""
    tasks = {task.key: task for task in plan}

    def paths(key: str) -> list[list[str]]:
        before = tasks[key].after
        return [[*path, key] for earlier in before for path in paths(earlier)] if before else [[key]]

    latest = start
    for last in tasks:
        for path in paths(last):
            instant = start
            for key in path:
                task = tasks[key]
                terms = landscape.components[task.component].terms if task.component else None
                if terms is not None:
                    instant = terms.hours.due(instant, terms.fulfilment or 0)
                elif task.hours is not None:
                    instant = task.hours.due(instant, task.seconds)
                elif not task.component:
                    instant += task.seconds
            latest = max(latest, instant)
    return latest


def works(landscape: Landscape, service: str, up: dict[str, bool]) -> bool:
    """Whether a service works while just these components do."""
    return all(
        sum(
            works(landscape, member.key, up) if member.key in landscape.services else up[member.key]
            for member in group.members
        )
        >= (len(group.members) if group.needed is None else group.needed)
        for group in landscape.services[service].groups
    )


def availability(landscape: Landscape, service: str) -> Fraction:
    """The weight of all combinations of working components in which the service works."""
    total, keys = Fraction(0), list(landscape.components)
    for states in product((True, False), repeat=len(keys)):
        up = dict(zip(keys, states, strict=True))
        weight = Fraction(1)
        for key, is_up in up.items():
            terms = landscape.components[key].terms
            share = Fraction(1) if terms is None or terms.availability is None else terms.availability
            weight *= share if is_up else 1 - share
        total += weight if works(landscape, service, up) else 0
    return total


def unsupported(landscape: Landscape, service: str, hours: Toy, low: int, high: int) -> list[int]:
    """The promised seconds in which too few parts have support."""
    return [
        instant
        for instant in range(low, high)
        if hours.is_open(instant)
        and not works(
            landscape,
            service,
            {
                key: part.terms is None or part.terms.hours.open_seconds(instant, instant + 1) > 0
                for key, part in landscape.components.items()
            },
        )
    ]
