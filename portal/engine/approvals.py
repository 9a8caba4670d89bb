"""Approvals in words: levels and decisions as the lines of pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

STANDINGS: dict[str, tuple[Promise, str]] = {
    "waiting": (_("Later"), "grey"),
    "asked": (_("Waiting for a decision"), "yellow"),
    "approved": (_("Approved"), "green"),
    "rejected": (_("Not approved"), "red"),
    "skipped": (_("Not needed"), "grey"),
    "withdrawn": (_("Not asked any more"), "grey"),
}
RULES: dict[str, Promise] = {
    "any": _("The first of them to decide decides."),
    "all": _("All of them have to approve it."),
    "quorum": _("%(needed)d of them have to approve it."),
}


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level as a line: what it is about, how it stands, and who said what."""

    id: UUID
    number: str
    title: str
    name: str
    label: Promise
    colour: str
    rule: str
    since: datetime | None
    names: str
    decisions: Sequence["DecisionLine"]
    lacks_approvers: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """Who decided what, when (UTC), in whose stead and why."""

    words: str
    at: datetime | None
    reason: str


def level_lines(levels: Iterable[Any]) -> list[LevelLine]:
    """Levels as lines."""
    return [_line(level) for level in levels]


def _line(level: Any) -> LevelLine:
    label, colour = STANDINGS[level.state]
    asked = [seat for seat in level.seats if not seat.has_left]
    return LevelLine(
        id=level.id,
        number=level.number,
        title=level.title,
        name=level.name,
        label=label,
        colour=colour,
        rule=str(RULES[level.rule]) % {"needed": level.needed} if len(asked) > 1 else "",
        since=level.asked_at,
        names=", ".join(seat.handed_to or seat.name for seat in asked if not seat.decision),
        decisions=[
            DecisionLine(_decision(seat), seat.decided_at, seat.reason)
            for seat in level.seats
            if seat.decision
        ],
        lacks_approvers=level.lacks_approvers and level.state == "asked",
    )


def _decision(seat: Any) -> str:
    patterns = {
        ("approved", False): gettext("%(name)s approved it"),
        ("rejected", False): gettext("%(name)s did not approve it"),
        ("approved", True): gettext("%(by)s approved it for %(name)s"),
        ("rejected", True): gettext("%(by)s did not approve it, for %(name)s"),
    }
    return patterns[seat.decision, bool(seat.decided_by)] % {"name": seat.name, "by": seat.decided_by}


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
