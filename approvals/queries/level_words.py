"""Levels of approval in words, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.queries.levels import LevelView, SeatView

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
    may_assign: bool = False


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """Who decided what, when (UTC), in whose stead and why."""

    words: str
    at: datetime | None
    reason: str


def level_lines(levels: Iterable[LevelView], *, may_assign: bool = False) -> list[LevelLine]:
    """Levels as lines; with `may_assign` those that are asked lead on to asking somebody else."""
    return [_line(level, may_assign=may_assign and level.state == "asked") for level in levels]


def _line(level: LevelView, *, may_assign: bool) -> LevelLine:
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
        may_assign=may_assign,
    )


def _decision(seat: SeatView) -> str:
    patterns = {
        ("approved", False): gettext("%(name)s approved it"),
        ("rejected", False): gettext("%(name)s did not approve it"),
        ("approved", True): gettext("%(by)s approved it for %(name)s"),
        ("rejected", True): gettext("%(by)s did not approve it, for %(name)s"),
    }
    return patterns[seat.decision, bool(seat.decided_by)] % {"name": seat.name, "by": seat.decided_by}
