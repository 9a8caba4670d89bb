"""Calendars in words: the week, single days, and what a version changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from calendars.engine import WEEKDAYS, CalendarSpec, hours_text
from design.languages import once_per_language
from design.moments import long_date
from sla.queries.wording import Difference, Fact, differences


@once_per_language
def weekday_words() -> dict[str, str]:
    """The days of the week by the notation's names."""
    words = (
        gettext("Monday"),
        gettext("Tuesday"),
        gettext("Wednesday"),
        gettext("Thursday"),
        gettext("Friday"),
        gettext("Saturday"),
        gettext("Sunday"),
    )
    return dict(zip(WEEKDAYS, words, strict=True))


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day and its hours in words, and why they are not the week's."""

    day: date
    weekday: str
    label: str
    hours: str
    note: str


def day_hours(spec: CalendarSpec, day: date) -> DayHours:
    """One day of a calendar."""
    note = ""
    if not spec.always and day in spec.exceptions:
        note = gettext("exception")
    elif not spec.always and day in spec.holidays:
        note = gettext("holiday")
    hours = gettext("around the clock") if spec.always else in_words(hours_text(spec.open_on(day)))
    return DayHours(day, weekday_words()[WEEKDAYS[day.weekday()]], long_date(day), hours, note)


def next_days(version_at: Any, *, start: datetime, count: int) -> list[DayHours]:
    """So many days from an instant on, each by the version (a CalendarSpec of an instant) in force as it begins."""
    zone = ZoneInfo(version_at(start).zone)
    first = start.astimezone(zone).date()
    found = []
    for offset in range(count):
        day = first + timedelta(days=offset)
        begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        found.append(day_hours(version_at(max(begins, start)), day))
    return found


def in_words(hours: str) -> str:
    """09:00 to 12:30 and 13:30 to 17:00; closed for nothing."""
    if not hours:
        return gettext("closed")
    parts = [gettext("%(start)s to %(end)s") % _ends(part) for part in hours.split(", ")]
    return gettext(" and ").join(parts)


def _ends(part: str) -> dict[str, str]:
    start, _, end = part.partition("-")
    return {"start": start, "end": end}


def week_in_words(spec: CalendarSpec) -> list[Fact]:
    """A calendar's week, a line for each day, days that follow each other with the same hours together."""
    if spec.always:
        return [Fact("always", gettext("Every day"), gettext("around the clock"))]
    words = list(weekday_words().values())
    runs: list[list[int]] = []
    for index, day in enumerate(spec.weekly):
        if runs and spec.weekly[runs[-1][0]] == day:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [
        Fact(
            WEEKDAYS[run[0]],
            words[run[0]]
            if len(run) == 1
            else gettext("%(first)s to %(last)s") % {"first": words[run[0]], "last": words[run[-1]]},
            in_words(hours_text(spec.weekly[run[0]])),
        )
        for run in runs
    ]


def calendar_in_words(spec: CalendarSpec) -> list[Fact]:
    """All that a version of a calendar says, a line each."""
    facts = [Fact("zone", gettext("Time zone"), spec.zone), *week_in_words(spec)]
    if spec.always:
        return facts
    holidays = ", ".join(long_date(day) for day in sorted(spec.holidays))
    days = [day_hours(spec, day) for day in sorted(spec.exceptions)]
    return [
        *facts,
        Fact("holidays", gettext("Holidays"), holidays or gettext("None")),
        Fact(
            "exceptions",
            gettext("Exceptions"),
            "; ".join(f"{each.label}: {each.hours}" for each in days) or gettext("None"),
        ),
    ]


def calendar_differences(old: CalendarSpec, new: CalendarSpec) -> list[Difference]:
    """What changed between two versions of a calendar: day by day, and of the holidays those that came and went."""
    days = weekday_words()
    found = differences(_day_by_day(old, days), _day_by_day(new, days))
    gone, come = sorted(old.holidays - new.holidays), sorted(new.holidays - old.holidays)
    if gone or come:
        found.append(
            Difference(
                gettext("Holidays"),
                gettext("no more: %s") % ", ".join(map(long_date, gone)) if gone else "",
                gettext("added: %s") % ", ".join(map(long_date, come)) if come else "",
            )
        )
    return found


def _day_by_day(spec: CalendarSpec, words: Mapping[str, str]) -> list[Fact]:
    hours = [gettext("around the clock") if spec.always else in_words(hours_text(day)) for day in spec.weekly]
    return [
        Fact("zone", gettext("Time zone"), spec.zone),
        *(Fact(day, words[day], text) for day, text in zip(WEEKDAYS, hours, strict=True)),
        *(fact for fact in calendar_in_words(spec) if fact.field == "exceptions"),
    ]
