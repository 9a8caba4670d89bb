"""Delegations as the lines of a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A delegation as a line; `may_end` while it is in force or to come."""

    id: UUID
    name: str
    first_day: date
    last_day: date
    label: Promise
    colour: str
    may_end: bool


def standing_lines(
    delegations: Iterable[Any], member: UUID | None, today: date
) -> tuple[list[DelegationLine], list[DelegationLine]]:
    """What a member delegated, and what was delegated to them."""
    given_away: list[DelegationLine] = []
    taken_on: list[DelegationLine] = []
    for row in delegations:
        label, colour, is_live = _state(row, today)
        is_own = row.delegator_id == member
        line = DelegationLine(
            id=row.pk,
            name=row.delegate.name if is_own else row.delegator.name,
            first_day=row.first_day,
            last_day=row.last_day,
            label=label,
            colour=colour,
            may_end=is_own and is_live,
        )
        (given_away if is_own else taken_on).append(line)
    return given_away, taken_on


def _state(row: Any, today: date) -> tuple[Promise, str, bool]:
    if row.ended_at is not None:
        return _("Ended"), "grey", False
    if row.last_day < today:
        return _("Over"), "grey", False
    if row.first_day > today:
        return _("To come"), "blue", True
    return _("In force"), "green", True
