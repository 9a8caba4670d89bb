"""Working time, pure: no database, no framework, no clock of its own."""

from calendars.engine.errors import CalendarError, CalendarRangeError, NeverOpenError
from calendars.engine.notation import calendar_json, parse_calendar
from calendars.engine.spec import CalendarSpec
from calendars.engine.versions import CalendarVersions
from calendars.engine.working_time import OpenInterval, WorkingTime, working_time

__all__ = [
    "CalendarError",
    "CalendarRangeError",
    "CalendarSpec",
    "CalendarVersions",
    "NeverOpenError",
    "OpenInterval",
    "WorkingTime",
    "calendar_json",
    "parse_calendar",
    "working_time",
]
