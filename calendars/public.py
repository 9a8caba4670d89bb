"""The door of `calendars` for other apps."""

from calendars.queries import calendars_in_force, find_calendar, version_count
from calendars.services.define import bank_holidays, define_calendar

__all__ = ["bank_holidays", "calendars_in_force", "define_calendar", "find_calendar", "version_count"]
