"""A calendar as data: when a provider or a service is open, in the wall time of one zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calendars.engine.errors import CalendarError
from tenancy.engine.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY_SECONDS = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

_NO_WEEK: tuple[Intervals, ...] = ((), (), (), (), (), (), ())
_NO_EXCEPTIONS: Mapping[date, Intervals] = MappingProxyType({})


def known_zone(name: str) -> bool:
    """Tell whether `name` is an IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def checked_intervals(*, field_name: str, intervals: Intervals) -> Intervals:
    """Return a day's intervals sorted; CalendarError where one is empty, too long or overlaps another."""
    ordered = tuple(sorted((int(start), int(end)) for start, end in intervals))
    previous_end = 0
    for start, end in ordered:
        if not 0 <= start < end <= DAY_SECONDS:
            raise CalendarError(
                field_name,
                say(
                    "%(start)s-%(end)s is not an interval within the day's 0-%(day_seconds)s seconds",
                    start=start,
                    end=end,
                    day_seconds=DAY_SECONDS,
                ),
            )
        if start < previous_end:
            raise CalendarError(field_name, say("two intervals overlap"))
        previous_end = end
    return ordered


@dataclass(frozen=True)
class CalendarSpec:
    """A working calendar, immutable and hashable, so that what is compiled from it can be shared.

    `weekly` holds Monday to Sunday, each day's open intervals in seconds of local wall time, [start, end),
    end at most 24:00; intervals that touch, also over midnight, are one. A day in `exceptions` is open
    exactly as said there, whatever the week or a holiday says; a day in `holidays` is closed. `always` is
    open around the clock and is never assumed. Raises CalendarError.
    """

    zone: str
    weekly: tuple[Intervals, ...] = _NO_WEEK
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, Intervals] = field(default_factory=dict)
    always: bool = False

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise CalendarError("zone", say("%(zone)s is not a known time zone", zone=repr(self.zone)))
        if len(self.weekly) != len(WEEKDAYS):
            raise CalendarError(
                "weekly",
                say(
                    "has %(weekly)s days instead of %(weekdays)s",
                    weekly=len(self.weekly),
                    weekdays=len(WEEKDAYS),
                ),
            )
        if self.always and (any(self.weekly) or self.holidays or self.exceptions):
            raise CalendarError(
                "always", say("a calendar that is always open has no weekly hours, holidays or exceptions")
            )
        week = tuple(
            checked_intervals(field_name=f"weekly.{name}", intervals=day)
            for name, day in zip(WEEKDAYS, self.weekly, strict=True)
        )
        exceptions = {
            day: checked_intervals(field_name=f"exceptions.{day.isoformat()}", intervals=self.exceptions[day])
            for day in sorted(self.exceptions)
        }
        object.__setattr__(self, "weekly", week)
        object.__setattr__(self, "holidays", frozenset(self.holidays))
        object.__setattr__(self, "exceptions", exceptions)
        identity = (self.zone, week, self.holidays, tuple(exceptions.items()), self.always)
        object.__setattr__(self, "_hash", hash(identity))

    def __hash__(self) -> int:
        return int(self.__dict__["_hash"])

    def open_on(self, day: date) -> Intervals:
        """Return one day's open intervals in seconds of local wall time; a 24x7 day is one interval."""
        if self.always:
            return ((0, DAY_SECONDS),)
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        return () if day in self.holidays else self.weekly[day.weekday()]
