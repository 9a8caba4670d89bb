"""Calendars as the engine wants them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from calendars.engine import CalendarVersions, NeverOpenError, WorkingTime, parse_calendar, working_time
from calendars.models import Calendar, CalendarVersion
from tenancy.public import kept


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


def versions_of(calendar: Calendar) -> list[tuple[int, WorkingTime]]:
    """Each version of a calendar as stored this instant: from when it holds (UTC epoch seconds), and its open time."""
    rows = CalendarVersion.objects.filter(calendar=calendar).order_by("effective_from")
    return [
        (int(row.effective_from.timestamp()), working_time(parse_calendar(row.definition))) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar with its versions, the earliest first."""

    calendar: Calendar
    versions: tuple[CalendarVersion, ...]


@kept
def calendar_lines() -> dict[UUID, CalendarLine]:
    """Every calendar of the tenant in scope by key, in order of name."""
    versions: dict[UUID, list[CalendarVersion]] = defaultdict(list)
    for row in CalendarVersion.objects.order_by("effective_from"):
        versions[row.calendar_id].append(row)
    return {
        row.pk: CalendarLine(row, tuple(versions[row.pk])) for row in Calendar.objects.order_by("name", "id")
    }


@kept
def _working_times() -> dict[UUID, CalendarVersions]:
    return {UUID(key): versions for key, versions in calendars_in_force().items()}


def due_after(calendar_id: UUID | None, start: datetime, seconds: int) -> datetime:
    """When `seconds` of a calendar's open time have passed since `start`; without a calendar, of all time.

    The version in force at `start` counts. A calendar that never opens again gives the same as none.
    """
    versions = _working_times().get(calendar_id) if calendar_id else None
    if versions is None:
        return start + timedelta(seconds=seconds)
    begin = int(start.timestamp())
    try:
        return datetime.fromtimestamp(versions(begin).due(begin, seconds), tz=UTC)
    except NeverOpenError:
        return start + timedelta(seconds=seconds)
