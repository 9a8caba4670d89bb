"""Things that need each other in a circle."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

KeyT = TypeVar("KeyT", bound=str)


def find_cycle(needs: Mapping[KeyT, Iterable[KeyT]]) -> list[KeyT]:
    """A circle in what needs what, each before the one that it needs and the first again at the end; empty if none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
