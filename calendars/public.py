"""The door of `calendars` for other apps."""

from calendars.queries import (
    CalendarLine,
    calendar_lines,
    calendars_in_force,
    due_after,
    find_calendar,
    version_count,
    versions_of,
)
from calendars.services.define import REGIONS, bank_holidays, define_calendar

__all__ = [
    "REGIONS",
    "CalendarLine",
    "bank_holidays",
    "calendar_lines",
    "calendars_in_force",
    "define_calendar",
    "due_after",
    "find_calendar",
    "version_count",
    "versions_of",
]
