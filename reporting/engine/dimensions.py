"""What figures are broken down and filtered by, and which totals are kept for that."""

from itertools import combinations
from typing import Literal, get_args

Dimension = Literal["service", "organisation", "support_group", "provider", "priority", "target"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

# Totals are kept by month for every one and every two of the dimensions, which is what a dashboard with a breakdown and
# a filter asks for: it reads as many rows as the tenant has services or groups, however many records there are. Three
# and more are summed from the grains, the totals for all the dimensions at once.
MOST_KEPT = 2
NO_VALUE = ""

# The columns of facts and grains that hold them.
COLUMNS: dict[Dimension, str] = {each: each for each in DIMENSIONS} | {"provider": "provider_id"}


def shape_of(dimensions: frozenset[Dimension] | set[Dimension]) -> int:
    """The number that names a set of dimensions."""
    return sum(1 << DIMENSIONS.index(each) for each in dimensions)


def kept_shapes() -> tuple[tuple[int, tuple[Dimension, ...]], ...]:
    """Every set of dimensions by which totals are kept, as its number and its dimensions in their order."""
    return tuple(
        (shape_of(set(chosen)), chosen)
        for size in range(MOST_KEPT + 1)
        for chosen in combinations(DIMENSIONS, size)
    )
