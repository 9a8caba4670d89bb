"""What the clock chip and the custody bar show: frozen values that a process app fills in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from design.moments import duration_short

ONE_PERCENT = 0.01
ClockState = Literal["ok", "at_risk", "breached", "paused", "stopped"]


@dataclass(frozen=True)
class ClockFace:
    """One clock of a record as a person reads it.

    remaining is in seconds and negative once the target is missed; elapsed, in seconds, is shown
    for a stopped clock. reason says in one sentence why the clock stands where it does.
    """

    label: str
    state: ClockState
    remaining: int | None
    reason: str
    due_at: datetime | None = None
    elapsed: int | None = None

    @property
    def text(self) -> str:
        """The words on the chip; the shape beside them says the same without colour."""
        remaining = self.remaining or 0
        amount = duration_short(abs(remaining))
        if self.state == "breached":
            return gettext("Breached, %(amount)s over") % {"amount": amount}
        if self.state == "paused":
            return gettext("Paused, %(amount)s left") % {"amount": amount}
        if self.state == "stopped":
            took = duration_short(self.elapsed or 0)
            if remaining < 0:
                return gettext("Missed, took %(amount)s") % {"amount": took}
            return gettext("Met, took %(amount)s") % {"amount": took}
        return gettext("%(amount)s left") % {"amount": amount}

    @property
    def brief(self) -> str:
        """Fewer words for a list, where the shape carries the state."""
        amount = duration_short(abs(self.remaining or 0))
        if self.state == "breached":
            return gettext("%(amount)s over") % {"amount": amount}
        if self.state == "paused":
            return gettext("Paused")
        if self.state == "stopped":
            return gettext("Missed") if (self.remaining or 0) < 0 else gettext("Met")
        return gettext("%(amount)s left") % {"amount": amount}

    @property
    def css_class(self) -> str:
        """Colour and outline follow the state; a missed clock that stopped keeps the breach's colour."""
        if self.state == "stopped" and (self.remaining or 0) < 0:
            return "app-clock--missed"
        return f"app-clock--{self.state.replace('_', '-')}"


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
            CustodySegment(holder=row, x=f"{position:.3f}", width=f"{width:.3f}", percent=_percent(row.share))
        )
        position += width
    return segments


def _percent(share: float) -> str:
    # A party that held the record at all never reads as 0 %, nor as 100 % beside another party.
    if 0 < share < ONE_PERCENT:
        return "<1%"
    if 1 - ONE_PERCENT < share < 1:
        return ">99%"
    return f"{round(100 * share)}%"
