"""What the clock chip and the custody bar show: frozen values that a process app fills in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

from design.languages import once_per_language
from design.moments import duration_short, long_moment, machine_moment, phrases
from design.patterns import Pattern

ONE_PERCENT = 0.01
ClockState = Literal["ok", "at_risk", "breached", "paused", "stopped"]

_chip = Pattern("design/clock_chip.html")
_chip_in_list = Pattern("design/clock_in_list.html")
_due = Pattern("design/clock_due.html")


@once_per_language
def _phrases() -> dict[str, str]:
    return {
        "breached": gettext("Breached, %(amount)s over"),
        "over": gettext("%(amount)s over"),
        "paused": gettext("Paused, %(amount)s left"),
        "paused_brief": gettext("Paused"),
        "missed": gettext("Missed, took %(amount)s"),
        "missed_brief": gettext("Missed"),
        "met": gettext("Met, took %(amount)s"),
        "met_brief": gettext("Met"),
        "left": gettext("%(amount)s left"),
    }


@dataclass(frozen=True)
class ClockFace:
    """One clock of a record as a person reads it.

    remaining is in seconds and negative once the target is missed; elapsed, in seconds, is shown
    for a stopped clock. reason says in one sentence why the clock stands where it does. user_elapsed, in
    seconds, is the user's clock, which lists show beside a contractual one.
    """

    label: str
    state: ClockState
    remaining: int | None
    reason: str
    due_at: datetime | None = None
    elapsed: int | None = None
    user_elapsed: int | None = None

    @property
    def text(self) -> str:
        """The words on the chip; the shape beside them says the same without colour."""
        remaining, phrase = self.remaining or 0, _phrases()
        if self.state == "stopped":
            took = phrase["missed"] if remaining < 0 else phrase["met"]
            return took % {"amount": duration_short(self.elapsed or 0)}
        words = self.state if self.state in ("breached", "paused") else "left"
        return phrase[words] % {"amount": duration_short(remaining)}

    @property
    def brief(self) -> str:
        """Fewer words for a list, where the shape carries the state."""
        remaining, phrase = self.remaining or 0, _phrases()
        if self.state == "paused":
            return phrase["paused_brief"]
        if self.state == "stopped":
            return phrase["missed_brief"] if remaining < 0 else phrase["met_brief"]
        words = "over" if self.state == "breached" else "left"
        return phrase[words] % {"amount": duration_short(remaining)}

    @property
    def shape(self) -> str:
        """What is drawn, in colour and outline too: the state, and missed for a stopped clock that was late."""
        if self.state == "stopped" and (self.remaining or 0) < 0:
            return "missed"
        return self.state.replace("_", "-")


def chip(clock: ClockFace) -> SafeString:
    """A clock as shape and words; its reason shows on hover and focus and is always read aloud.

    The shapes are symbols that the page holds once: templates/design/clock_shapes.html.
    """
    at = clock.due_at
    return _chip(
        shape=clock.shape,
        label=clock.label,
        text=clock.text,
        reason=clock.reason,
        due=_due(instant=machine_moment(at), due=long_moment(at)) if at else "",
    )


def chips_in_list() -> Callable[[ClockFace], SafeString]:
    """Draws clocks among many: out of the Tab order, with fewer words, and only the due time to explain them."""
    fill, moments, zone = _chip_in_list.in_language(), phrases(), get_current_timezone()

    def chip_in_list(clock: ClockFace) -> SafeString:
        at, users = clock.due_at, clock.user_elapsed
        return fill(
            shape=clock.shape,
            label=clock.label,
            text=clock.brief,
            due=moments.short_moment(at.astimezone(zone)) if at else "–",
            users="–" if users is None else duration_short(users),
        )

    return chip_in_list


@dataclass(frozen=True)
class CustodyShare:
    """One party's part of the time a record was open: seconds of wall time and share from 0 to 1."""

    label: str
    seconds: int
    share: float
    css_class: str


@dataclass(frozen=True)
class CustodySegment:
    """A drawn part of the custody bar; x and width are percentages of the whole bar."""

    holder: CustodyShare
    x: str
    width: str
    percent: str


def custody_segments(shares: Iterable[CustodyShare]) -> Sequence[CustodySegment]:
    """Lay the shares end to end. The last one ends exactly at 100 %, whatever rounding did before."""
    rows = list(shares)
    whole = sum(row.share for row in rows)
    segments: list[CustodySegment] = []
    position = 0.0
    for row in rows:
        width = 100 * row.share / whole if whole else 0.0
        segments.append(
            CustodySegment(
                holder=row, x=f"{position:.3f}", width=f"{width:.3f}", percent=percent_words(row.share)
            )
        )
        position += width
    return segments


def percent_words(share: float) -> str:
    """A share from 0 to 1 as a whole percentage."""
    # A party that held the record at all never reads as 0 %, nor as 100 % beside another party.
    if 0 < share < ONE_PERCENT:
        return "<1%"
    if 1 - ONE_PERCENT < share < 1:
        return ">99%"
    return f"{round(100 * share)}%"
