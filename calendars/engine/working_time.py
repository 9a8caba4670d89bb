"""Working time of one calendar: how much of it lies between two instants, and when an amount is used up.

All instants are integer UTC epoch seconds, all durations integer seconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from calendars.engine.compilation import FIRST_YEAR, LAST_YEAR, merged, open_intervals, year_of, year_start
from calendars.engine.errors import CalendarRangeError, NeverOpenError
from calendars.engine.spec import DAY_SECONDS

if TYPE_CHECKING:
    from calendars.engine.spec import CalendarSpec, Interval

_FIRST = year_start(FIRST_YEAR)
_LAST = year_start(LAST_YEAR + 1)
# Past its last dated day a calendar that never alternates in a week never opens or closes again.
_REPEATS_WITHIN = 400 * DAY_SECONDS


class OpenInterval(NamedTuple):
    """Open from `start` until `end`; an `end` of None never comes."""

    start: int
    end: int | None


class _Window(NamedTuple):
    """Compiled years, never changed once made; `before[i]` counts the open seconds before `starts[i]`."""

    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


def _window(low: int, high: int, intervals: list[Interval]) -> _Window:
    sums = list(accumulate((end - start for start, end in intervals), initial=0))
    return _Window(
        low=low,
        high=high,
        starts=[start for start, _ in intervals],
        ends=[end for _, end in intervals],
        before=sums[:-1],
        total=sums[-1],
    )


class WorkingTime:
    """The open time of a calendar, compiled year by year as it is asked for. Safe to share between threads.

    Answers lie between the years 1900 and 2399; instants outside raise CalendarRangeError.
    """

    __slots__ = ("_alternates", "_lock", "_window", "_years", "spec")

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self._lock = Lock()
        self._years: dict[int, list[Interval]] = {}
        whole_week = all(merged(list(day)) == [(0, DAY_SECONDS)] for day in spec.weekly)
        self._alternates = any(spec.weekly) and not whole_week
        if spec.always:
            self._window = _window(_FIRST, _LAST, [(_FIRST, _LAST)])
        else:
            self._window = _window(_LAST, _FIRST, [])

    def open_seconds(self, start: int, end: int) -> int:
        """Return the open seconds in [start, end); negative when `end` lies before `start`."""
        low, high, starts, ends, before, _ = self._window
        if not (low <= start <= high and low <= end <= high):
            _, _, starts, ends, before, _ = self._covering(start, end)
        result = 0
        index = bisect_right(starts, end) - 1
        if index >= 0:
            closing = ends[index]
            result = before[index] + min(end, closing) - starts[index]
        index = bisect_right(starts, start) - 1
        if index >= 0:
            closing = ends[index]
            result -= before[index] + min(start, closing) - starts[index]
        return result

    def due(self, start: int, seconds: int) -> int:
        """Return the earliest instant at which `seconds` of open time after `start` have passed.

        Friday's closing time, not Monday's opening, when the last second fits into Friday; `start` itself for
        no seconds. Raises NeverOpenError when the calendar has not that much open time left, ValueError for a
        negative amount.
        """
        if seconds <= 0:
            if seconds < 0:
                message = "an amount of open time cannot be negative"
                raise ValueError(message)
            return start
        window = self._window
        if not window.low <= start <= window.high:
            window = self._covering(start, start)
        wanted = _before(window, start) + seconds
        grow = 1
        while wanted > window.total:
            if window.high >= self._horizon(start):
                message = f"the calendar has less than {seconds} s of open time after {start}"
                raise NeverOpenError(message)
            window = self._covering(start, min(window.high + grow * 366 * DAY_SECONDS, _LAST))
            # A wider window may also have grown to the left, so what lay before `start` is counted anew.
            wanted = _before(window, start) + seconds
            grow *= 2
        index = bisect_left(window.before, wanted) - 1
        return window.starts[index] + wanted - window.before[index]

    def is_open(self, instant: int) -> bool:
        """Tell whether the calendar is open at an instant; closing time itself is closed."""
        window = self._covering(instant, instant + 1)
        index = bisect_right(window.starts, instant) - 1
        return index >= 0 and instant < window.ends[index]

    def next_intervals(self, instant: int, count: int) -> tuple[OpenInterval, ...]:
        """Return the next `count` open intervals from an instant on, the current one cut to begin there."""
        limit = self._last_pattern(instant)
        window = self._covering(instant, instant)
        while True:
            index = bisect_right(window.ends, instant)
            whole = bisect_left(window.ends, window.high)
            if whole - index >= count or window.high >= limit:
                break
            window = self._covering(instant, min(window.high + 1, _LAST))
        return tuple(
            OpenInterval(max(instant, start), end if end < window.high else None)
            for start, end in zip(window.starts[index : index + count], window.ends[index:], strict=False)
        )

    def next_change(self, instant: int) -> int | None:
        """Return the first instant after the given one at which it opens or closes, None if never."""
        for start, end in self.next_intervals(instant, 1):
            return start if start > instant else end
        return None

    def last_change(self, instant: int) -> int | None:
        """Return the last instant, the given one included, at which it opened or closed, None if never."""
        first_dated = min((*self.spec.exceptions, *self.spec.holidays), default=None)
        floor = (
            instant if first_dated is None else min(instant, year_start(max(first_dated.year, FIRST_YEAR)))
        )
        limit = max(floor - _REPEATS_WITHIN, _FIRST)
        window = self._covering(instant, instant + 1)
        while True:
            edges = [edge for edge in _edges_up_to(window, instant) if edge != window.low]
            if edges:
                return edges[-1]
            if window.low <= limit:
                return None
            window = self._covering(max(window.low - 1, _FIRST), instant + 1)

    def _last_pattern(self, instant: int) -> int:
        """Return an instant up to which the next opening or closing must have come if there is one at all."""
        if self._alternates:
            return _LAST
        last_dated = max((*self.spec.exceptions, *self.spec.holidays), default=None)
        ceiling = (
            instant if last_dated is None else max(instant, year_start(min(last_dated.year, LAST_YEAR) + 1))
        )
        return min(ceiling + _REPEATS_WITHIN, _LAST)

    def _horizon(self, instant: int) -> int:
        return _LAST if any(self.spec.weekly) else self._last_pattern(instant)

    def _covering(self, start: int, end: int) -> _Window:
        """Return a window that holds both instants; compiles the missing years and one more on each side."""
        if start > end:
            start, end = end, start
        window = self._window
        if window.low <= start and end <= window.high:
            return window
        if start < _FIRST or end > _LAST:
            message = f"{start} to {end} is not within the years {FIRST_YEAR} to {LAST_YEAR}"
            raise CalendarRangeError(message)
        with self._lock:
            window = self._window
            low, high = min(window.low, start), max(window.high, end)
            first = year_of(low) if low == window.low else max(year_of(low) - 1, FIRST_YEAR)
            last = year_of(high - 1) if high == window.high else min(year_of(high) + 1, LAST_YEAR)
            intervals: list[Interval] = []
            for year in range(first, last + 1):
                if year not in self._years:
                    self._years[year] = open_intervals(spec=self.spec, year=year)
                intervals += self._years[year]
            self._window = _window(year_start(first), year_start(last + 1), merged(intervals))
            return self._window


def _before(window: _Window, instant: int) -> int:
    index = bisect_right(window.starts, instant) - 1
    if index < 0:
        return 0
    return window.before[index] + min(instant, window.ends[index]) - window.starts[index]


def _edges_up_to(window: _Window, instant: int) -> list[int]:
    index = bisect_right(window.starts, instant) - 1
    if index < 0:
        return []
    return (
        [window.starts[index], window.ends[index]]
        if window.ends[index] <= instant
        else [window.starts[index]]
    )


@lru_cache(maxsize=1024)
def working_time(spec: CalendarSpec) -> WorkingTime:
    """Return the compiled working time of a calendar, the same object for equal calendars."""
    return WorkingTime(spec)
