"""What becomes of a level as its approvers decide: pure, and without any of the rest.

A **seat** is the say of one approver. Whoever is entitled to it decides: its owner, whom the owner handed it on to, or
whoever stands in for the owner on that day. The rules:

- `any`: the first to decide decides, either way.
- `all`: as many approve as were asked first, or the first who rejects rejects.
- `quorum`: so many different people approve; when so many cannot any more, it is rejected.

The seat of somebody who left counts for nothing. When those who are still there are too few to approve, the level lacks
approvers: it waits for others to be seated, and is never approved nor rejected for want of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

APPROVED, REJECTED = "approved", "rejected"
ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """`owner` was asked; `handed_to` decides instead; `decision` is "", APPROVED or REJECTED, taken by `decided_by`."""

    owner: str
    handed_to: str = ""
    decision: str = ""
    decided_by: str = ""
    has_left: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a decision is still waited for."""
        return not self.decision and not self.has_left


@dataclass(frozen=True, slots=True)
class Ballot:
    """A level that is asked: its rule, how many seats must approve, and its seats in order."""

    rule: str
    needed: int
    seats: tuple[Seat, ...]


def verdict(ballot: Ballot) -> str:
    """ASKED while it is open, else APPROVED or REJECTED."""
    approved = sum(1 for seat in ballot.seats if seat.decision == APPROVED)
    rejected = sum(1 for seat in ballot.seats if seat.decision == REJECTED)
    if ballot.rule == "quorum":
        # Nobody who left is held to have rejected: only decisions reject.
        if rejected and len(ballot.seats) - rejected < ballot.needed:
            return REJECTED
    elif rejected:
        return REJECTED
    return APPROVED if approved >= ballot.needed else ASKED


def lacks_approvers(ballot: Ballot) -> bool:
    """Whether those who are still there are too few to approve it."""
    if verdict(ballot) != ASKED:
        return False
    could = sum(1 for seat in ballot.seats if seat.is_open or seat.decision == APPROVED)
    return could < ballot.needed


def seats_of(
    ballot: Ballot, person: str, *, stands_in_for: Iterable[str] = (), barred: Iterable[str] = ()
) -> tuple[int, ...]:
    """The places of the seats that `person` may decide now, their own first.

    Under a quorum somebody decides one seat only, for it counts people. `barred` are those for whom the request is:
    they decide nothing, in nobody's stead.
    """
    if verdict(ballot) != ASKED or person in set(barred):
        return ()
    theirs = {person, *stands_in_for}
    own, others = [], []
    for place, seat in enumerate(ballot.seats):
        if not seat.is_open:
            continue
        if seat.owner == person and not seat.handed_to:
            own.append(place)
        elif seat.handed_to == person or (not seat.handed_to and seat.owner in theirs):
            others.append(place)
    found = (*own, *others)
    if ballot.rule != "quorum":
        return found
    has_decided = any(seat.decided_by == person for seat in ballot.seats)
    return () if has_decided else found[:1]


def decide(ballot: Ballot, places: Sequence[int], *, person: str, decision: str) -> Ballot:
    """The ballot with the decision of `person` in these places, which `seats_of` gave."""
    wanted = set(places)
    return replace(
        ballot,
        seats=tuple(
            replace(seat, decision=decision, decided_by=person) if place in wanted else seat
            for place, seat in enumerate(ballot.seats)
        ),
    )


def hand_on(ballot: Ballot, places: Sequence[int], *, to: str) -> Ballot:
    """The ballot with these seats handed on to somebody who decides instead of their owners."""
    wanted = set(places)
    return replace(
        ballot,
        seats=tuple(
            replace(seat, handed_to="" if to == seat.owner else to) if place in wanted else seat
            for place, seat in enumerate(ballot.seats)
        ),
    )


def leave(ballot: Ballot, gone: Iterable[str]) -> Ballot:
    """The ballot after people left: open seats of theirs count no more, and what was handed to them goes back."""
    left = set(gone)
    return replace(
        ballot,
        seats=tuple(
            seat
            if not seat.is_open
            else replace(
                seat,
                has_left=seat.owner in left,
                handed_to="" if seat.handed_to in left else seat.handed_to,
            )
            for seat in ballot.seats
        ),
    )


def seat(ballot: Ballot, people: Iterable[str]) -> Ballot:
    """The ballot with seats for people who have none in it yet; one who left and is asked again sits again.

    One that ended stays as it ended.
    """
    if verdict(ballot) != ASKED:
        return ballot
    wanted = list(dict.fromkeys(people))
    again = tuple(
        replace(each, has_left=False) if each.has_left and each.owner in wanted else each
        for each in ballot.seats
    )
    known = {each.owner for each in again}
    return replace(ballot, seats=(*again, *(Seat(owner=who) for who in wanted if who not in known)))
