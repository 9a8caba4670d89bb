"""Who something is for."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Audience:
    """Organisations (each with all below it), roles and support groups; of a sort of which none is named, all."""

    organisations: frozenset[UUID] = frozenset()
    roles: frozenset[UUID] = frozenset()
    groups: frozenset[UUID] = frozenset()


EVERYBODY = Audience()


def fits(
    audience: Audience,
    *,
    organisations: Collection[UUID],
    roles: Collection[UUID],
    groups: Collection[UUID],
) -> bool:
    """Whether somebody belongs to the audience: of each sort that is named at all, one must be theirs.

    `organisations` are the person's own and every one above it.
    """
    named = (
        (audience.organisations, organisations),
        (audience.roles, roles),
        (audience.groups, groups),
    )
    return all(not wanted or not wanted.isdisjoint(theirs) for wanted, theirs in named)
