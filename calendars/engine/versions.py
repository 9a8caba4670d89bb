"""A calendar over the years: each edit makes a new version from an instant on."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from calendars.engine.working_time import WorkingTime


class CalendarVersions:
    """The versions of one calendar; called with an instant (UTC epoch seconds) it gives the one in force.

    Before the first version the first one holds: a record imported from before a calendar was written down is
    measured by the oldest that is known. Raises ValueError when there is none.
    """

    __slots__ = ("_from", "_versions")

    def __init__(self, versions: Iterable[tuple[int, WorkingTime]]) -> None:
        ordered = sorted(versions, key=lambda version: version[0])
        if not ordered:
            message = "a calendar has at least one version"
            raise ValueError(message)
        self._from = [effective_from for effective_from, _ in ordered]
        self._versions = [working_time for _, working_time in ordered]

    def replaced_from(self, instant: int, working_time: WorkingTime) -> CalendarVersions:
        """Return the calendar with another working time from an instant on, whatever versions lie after it."""
        kept = [pair for pair in zip(self._from, self._versions, strict=True) if pair[0] < instant]
        return CalendarVersions([*kept, (instant, working_time)])

    def __call__(self, instant: int) -> WorkingTime:
        """Return the version in force at an instant."""
        return self._versions[max(bisect_right(self._from, instant) - 1, 0)]

    def beginnings(self, instant: int) -> tuple[int, ...]:
        """Return an instant, and each later one at which another version comes into force."""
        return (instant, *(begin for begin in self._from if begin > instant))
