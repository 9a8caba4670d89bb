"""From wall time to instants: the open intervals of one calendar year in UTC epoch seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from calendars.engine.spec import CalendarSpec, Interval

FIRST_YEAR = 1900
LAST_YEAR = 2399
_UNIX_ORDINAL = date(1970, 1, 1).toordinal()
_DAY = 86_400
_SECOND = timedelta(seconds=1)


def year_start(year: int) -> int:
    """Return the instant at which a UTC year begins, in epoch seconds."""
    return (date(year, 1, 1).toordinal() - _UNIX_ORDINAL) * _DAY


def year_of(instant: int) -> int:
    """Return the UTC year an instant lies in, one outside the known years for instants beyond them."""
    ordinal = _UNIX_ORDINAL + instant // _DAY
    if ordinal < 1:
        return 0
    return date.fromordinal(ordinal).year if ordinal <= date.max.toordinal() else date.max.year + 1


def open_intervals(*, spec: CalendarSpec, year: int) -> list[Interval]:
    """Return the merged open intervals that fall into one UTC year, clipped to it, in epoch seconds.

    An edge at a wall time that the clocks skip moves to the instant of the change. Where they repeat an hour
    an interval begins when its opening is first shown and ends when a time before its closing is last shown:
    it is one unbroken stretch. So a night shift loses or gains the hour.
    """
    zone = ZoneInfo(spec.zone)
    low, high = year_start(year), year_start(year + 1)
    # Two days of margin on each side: a zone may be a whole day away from UTC, and may skip one.
    first, last = low // _DAY - 2, high // _DAY + 2
    found: list[Interval] = []
    today = _offsets(first, zone)
    for day_number in range(first, last):
        tomorrow = _offsets(day_number + 1, zone)
        for start, end in spec.open_on(date.fromordinal(_UNIX_ORDINAL + day_number)):
            midnight = day_number * _DAY
            if today == tomorrow and today[0] == today[1]:
                opening, closing = midnight + start - today[0], midnight + end - today[0]
            else:
                opening = _opening(midnight + start, zone)
                closing = _closing(midnight + end, zone)
            opening, closing = max(opening, low), min(closing, high)
            if opening < closing:
                found.append((opening, closing))
        today = tomorrow
    return merged(sorted(found))


def merged(intervals: list[Interval]) -> list[Interval]:
    """Join sorted intervals that touch or overlap."""
    joined: list[Interval] = []
    for start, end in intervals:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _offsets(day_number: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the zone's offset at a local midnight, read as the earlier and the later of two equal times."""
    midnight = datetime.fromordinal(_UNIX_ORDINAL + day_number).replace(tzinfo=zone)
    return _seconds(midnight), _seconds(midnight.replace(fold=1))


def _seconds(moment: datetime) -> int:
    return (moment.utcoffset() or timedelta()) // _SECOND


def _opening(wall: int, zone: ZoneInfo) -> int:
    """Return when a wall time, in seconds as if it were UTC, is first shown or passed."""
    first, last = _occurrences(wall, zone)
    return first if first <= last else _change(last, first, zone)


def _closing(wall: int, zone: ZoneInfo) -> int:
    """Return when a time before the given wall time is shown for the last time."""
    # The second before is asked: a shift until 01:00 is over when the hour from 01:00 is about to repeat.
    first, last = _occurrences(wall - 1, zone)
    return last + 1 if first <= last else _change(last, first, zone)


def _occurrences(wall: int, zone: ZoneInfo) -> tuple[int, int]:
    """Read a wall time by the offsets before and after a change; in reverse order when it is skipped."""
    moment = datetime.fromtimestamp(wall, UTC).replace(tzinfo=zone)
    return wall - _seconds(moment), wall - _seconds(moment.replace(fold=1))


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """Return the instant in (low, high] at which the clocks change."""
    offset = _seconds(datetime.fromtimestamp(low, zone))
    while high - low > 1:
        middle = (low + high) // 2
        if _seconds(datetime.fromtimestamp(middle, zone)) == offset:
            low = middle
        else:
            high = middle
    return high
