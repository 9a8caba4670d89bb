"""Waits: each stretch in which a record stood still, who began and ended it, and how near the breach it began.

Instants are UTC epoch seconds.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sla.engine.timeline import REQUESTER_STATE, is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.engine.clocks import Clock
    from sla.engine.timeline import Change, Identifier

PENDING = "pending"
NEAR_BREACH_PERCENT = 75
# The promises whose pauses can put off a breach of what the user was promised.
PROMISED_METRICS = frozenset({"resolution", "fulfilment"})
_moment = attrgetter("at", "seq")


class Hand(NamedTuple):
    """Who took a step, and the group and provider that had the record then."""

    actor: Identifier | None
    group: Identifier | None
    provider: Identifier | None


class Wait(NamedTuple):
    """The record stood pending in one state in [start, end); `end` is None while it still does.

    `question_sent` tells that somebody who works the record wrote to the requester with the pause or within it,
    `used_percent` how much of the fullest promise to the user was used when it began (None when none was
    measured), `near_breach` that this was at or past the warning share.
    """

    state: str
    start: int
    end: int | None
    paused_by: Hand
    ended_by: Hand | None
    question_sent: bool
    used_percent: int | None
    near_breach: bool

    @property
    def ended_by_pauser(self) -> bool | None:
        """Tell whether who began the wait ended it too; None while it lasts or when nobody is known."""
        if self.ended_by is None or self.ended_by.actor is None or self.paused_by.actor is None:
            return None
        return self.ended_by.actor == self.paused_by.actor

    @property
    def is_unasked(self) -> bool:
        """Tell whether it waited for the requester without a question to them."""
        return self.state == REQUESTER_STATE and not self.question_sent

    def seconds(self, now: int) -> int:
        """Return the wall seconds it has lasted at `now`."""
        return (now if self.end is None else min(self.end, now)) - self.start


def waits(
    *,
    changes: Iterable[Change],
    now: int,
    clocks: Iterable[Clock] = (),
    near_percent: int = NEAR_BREACH_PERCENT,
) -> tuple[Wait, ...]:
    """Return a record's waits as known at `now`, oldest first; those that took no time are none.

    `clocks` are the record's, as computed at `now`: they tell how near the breach each wait began.
    """
    promised = [clock for clock in clocks if clock.kind == "sla" and clock.metric in PROMISED_METRICS]
    found: list[Wait] = []
    state = phase = ""
    group: Identifier | None = None
    provider: Identifier | None = None
    pause: _Pause | None = None
    for change in sorted(changes, key=_moment):
        if change.at > now:
            break
        facts = change.facts
        if "support_group" in facts:
            group = facts["support_group"]
        if "provider" in facts:
            provider = facts["provider"]
        if "state" in facts or "phase" in facts:
            new_state, new_phase = facts.get("state", state), facts.get("phase", phase)
            if new_state != state or new_phase != phase:
                hand = Hand(change.actor, group, provider)
                if pause is not None and pause.at < change.at:
                    found.append(pause.ended(change.at, hand, promised, near_percent))
                pause = _Pause(new_state, change.at, hand) if new_phase == PENDING else None
                state, phase = new_state, new_phase
        if pause is not None and change.human and is_comment(change.verb):
            pause.asked = True
    if pause is not None:
        found.append(pause.ended(None, None, promised, near_percent))
    return tuple(found)


def used_seconds(*, clock: Clock, at: int) -> int:
    """Return the open seconds that a clock had counted at an instant."""
    calendar = clock.working_time
    if calendar is None:
        return 0
    return sum(calendar.open_seconds(start, min(end, at)) for start, end in clock.runs if start < at)


class _Pause:
    """A wait while its record's changes are read."""

    __slots__ = ("asked", "at", "hand", "state")

    def __init__(self, state: str, at: int, hand: Hand) -> None:
        self.state = state
        self.at = at
        self.hand = hand
        self.asked = False

    def ended(self, end: int | None, by: Hand | None, promised: Sequence[Clock], near_percent: int) -> Wait:
        """Return the wait as it stands after it ended, or while it lasts."""
        percent = _used_percent(promised, self.at)
        return Wait(
            state=self.state,
            start=self.at,
            end=end,
            paused_by=self.hand,
            ended_by=by,
            question_sent=self.asked,
            used_percent=percent,
            near_breach=percent is not None and percent >= near_percent,
        )


def _used_percent(promised: Sequence[Clock], at: int) -> int | None:
    """Return how much of the fullest promise in force at an instant was used, in whole percent, rounded down."""
    percents = [
        used_seconds(clock=clock, at=at) * 100 // clock.duration
        for clock in promised
        if clock.matched_at <= at and not (clock.stopped_at is not None and clock.stopped_at <= at)
    ]
    return max(percents, default=None)
