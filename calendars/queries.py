"""Calendars as the engine wants them."""

from collections import defaultdict

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar, working_time
from calendars.models import Calendar, CalendarVersion


def calendars_in_force() -> dict[str, CalendarVersions]:
    """Each calendar of the tenant in scope, by key as text, over its dated versions."""
    versions: dict[str, list[tuple[int, WorkingTime]]] = defaultdict(list)
    for row in CalendarVersion.objects.order_by("calendar_id", "effective_from"):
        compiled = working_time(parse_calendar(row.definition))
        versions[str(row.calendar_id)].append((int(row.effective_from.timestamp()), compiled))
    return {key: CalendarVersions(rows) for key, rows in versions.items()}


def find_calendar(code: str) -> Calendar | None:
    """The calendar with this code."""
    return Calendar.objects.filter(code=code).first()


def version_count() -> int:
    """How many calendar versions the tenant has: they are only ever added, so a new count means a new book."""
    return CalendarVersion.objects.count()
