"""Writing calendars down."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import holidays
from django.db import transaction

from calendars.engine import calendar_json, parse_calendar
from calendars.models import Calendar, CalendarVersion

# Regions of the United Kingdom whose bank holidays differ, as the `holidays` library names them.
REGIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}


def define_calendar(
    *, code: str, name: str, definition: Mapping[str, Any], effective_from: datetime
) -> Calendar:
    """A calendar, or a new version of the one with this code, in force from an instant (UTC) on.

    Raises CalendarError when the definition is wrong.
    """
    spec = parse_calendar(definition)
    with transaction.atomic():
        calendar, _ = Calendar.objects.get_or_create(code=code, defaults={"name": name})
        CalendarVersion.objects.create(
            calendar=calendar, effective_from=effective_from, definition=dict(calendar_json(spec))
        )
    return calendar


def bank_holidays(region: str, years: Iterable[int]) -> list[str]:
    """Bank holidays of a region (a key of REGIONS) as ISO dates, to seed a definition with.

    Proclaimed days are the tenant's to add: a stored definition does not move when the library learns of one.
    """
    days: Iterable[date] = holidays.country_holidays("GB", subdiv=REGIONS[region], years=list(years))
    return sorted(day.isoformat() for day in days)
