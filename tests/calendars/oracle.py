"""Working time the slow and obvious way: walk every minute and look at the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from calendars.engine import CalendarSpec

MINUTE = 60
# Longer than any zone sets its clocks back, so that a time shown twice is seen both times.
_MARGIN = 180


def open_minutes(*, spec: CalendarSpec, start: int, minutes: int) -> list[bool]:
    """Tell for each of `minutes` minutes from `start` (UTC epoch seconds, whole minutes) whether it is open.

    A minute is open when the wall clock has already shown the opening time and will yet show a time before
    the closing time. Off the days on which clocks change this is just: opening <= wall < closing.
    """
    zone = ZoneInfo(spec.zone)
    first = start - _MARGIN * MINUTE
    walls = [
        datetime.fromtimestamp(first + index * MINUTE, zone).replace(tzinfo=None)
        for index in range(minutes + 2 * _MARGIN)
    ]
    shown = list(accumulate(walls, max))
    to_be_shown = list(accumulate(reversed(walls), min))[::-1]
    return [_open(spec, shown[index], to_be_shown[index]) for index in range(_MARGIN, _MARGIN + minutes)]


def _open(spec: CalendarSpec, latest_shown: datetime, earliest_to_come: datetime) -> bool:
    day = earliest_to_come.date()
    while day <= latest_shown.date():
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        for start, end in _hours(spec, day):
            opens, closes = midnight + timedelta(seconds=start), midnight + timedelta(seconds=end)
            if opens <= latest_shown and earliest_to_come < closes:
                return True
        day += timedelta(days=1)
    return False


def _hours(spec: CalendarSpec, day: date) -> tuple[tuple[int, int], ...]:
    if spec.always:
        return ((0, 86_400),)
    if day in spec.exceptions:
        return spec.exceptions[day]
    if day in spec.holidays:
        return ()
    return spec.weekly[day.weekday()]


def instant(text: str, zone: str = "UTC") -> int:
    """Read a wall time such as 2026-05-01 16:00 in a zone as UTC epoch seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def shown(seconds: int, zone: str = "UTC") -> str:
    """Write an instant as the wall time of a zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M:%S")
