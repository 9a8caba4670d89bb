"""Working time, pure: no database, no framework, no clock of its own."""

from calendars.engine.errors import CalendarError, CalendarRangeError, NeverOpenError
from calendars.engine.hours import (
    clock_face,
    exceptions_text,
    hours_text,
    parse_days,
    parse_exceptions,
    parse_hours,
    region_of,
    usual_day,
)
from calendars.engine.notation import calendar_json, parse_calendar
from calendars.engine.spec import WEEKDAYS, CalendarSpec
from calendars.engine.versions import CalendarVersions
from calendars.engine.working_time import OpenInterval, WorkingTime, working_time

__all__ = [
    "WEEKDAYS",
    "CalendarError",
    "CalendarRangeError",
    "CalendarSpec",
    "CalendarVersions",
    "NeverOpenError",
    "OpenInterval",
    "WorkingTime",
    "calendar_json",
    "clock_face",
    "exceptions_text",
    "hours_text",
    "parse_calendar",
    "parse_days",
    "parse_exceptions",
    "parse_hours",
    "region_of",
    "usual_day",
    "working_time",
]
