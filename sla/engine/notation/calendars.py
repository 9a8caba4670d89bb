"""Calendars as people write them: the JSON form of ``calendars`` with a few shorter ways to write it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import holidays

from calendars.engine import CalendarError, parse_calendar
from calendars.engine.spec import known_zone
from sla.engine.notation.entries import CalendarEntry
from sla.engine.notation.nodes import InvalidValueError, Section, Value
from tenancy.engine.words import say

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INTERVAL = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?)\s*-\s*(\d{1,2}:\d\d(?::\d\d)?)\Z")
YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?\Z")
LONGEST_RANGE_DAYS = 3_660


def parse_calendars(value: Value, *, zone: str = "") -> dict[str, CalendarEntry]:
    """All calendars by code; wrong ones are reported and left out. `zone` is that of calendars that name none."""
    found: dict[str, CalendarEntry] = {}
    for code, child in value.entries():
        try:
            found[code] = _Notation(child, zone).calendar(code)
        except InvalidValueError:
            continue
    return found


class _Notation:
    """Translates one calendar and remembers where each part was written, to point at it."""

    def __init__(self, value: Value, zone: str) -> None:
        self._value = value
        self._zone = zone
        self._places: dict[str, Value] = {}

    def calendar(self, code: str) -> CalendarEntry:
        section = Section(self._value)
        before = len(self._value.faults)
        definition: dict[str, Any] = {"zone": section.take("zone", zone_name, self._zone)}
        if not definition["zone"]:
            self._value.report(say("the calendar has no zone"), "write 'zone: Europe/London' here")
        always = section.take("always", Value.boolean, default=False)
        if always:
            definition["always"] = True
        for key, convert in (
            ("weekly", self._weekly),
            ("holidays", self._holidays),
            ("exceptions", self._exceptions),
        ):
            written = section.take(key, convert, None)
            if written or (written is not None and key == "weekly"):
                definition[key] = written
        name = section.take("name", Value.text, "")
        section.finish()
        if len(self._value.faults) > before:
            raise InvalidValueError(code)
        try:
            spec = parse_calendar(definition)
        except CalendarError as error:
            place = (
                self._places.get(error.field) or self._places.get(error.field.split("[")[0]) or self._value
            )
            raise place.invalid(f"{error.field}: {error.reason}") from error
        if not (spec.always or any(spec.weekly) or any(spec.exceptions.values())):
            raise self._value.invalid(
                say("the calendar is never open"),
                say("give an interval such as mon-fri: 09:00-17:00, or always: true"),
            )
        return CalendarEntry(code, definition, name)

    def _weekly(self, value: Value) -> dict[str, list[list[str]]]:
        week: dict[str, list[list[str]]] = {}
        for name, child in value.entries():
            days = self._days(value, name)
            intervals = self._intervals(child)
            for day in days:
                if day in week:
                    value.key_position(name).report(
                        say("%(day)s is written twice", day=day), say("name each day once")
                    )
                week[day] = intervals
                self._places[f"weekly.{day}"] = child
        return week

    @staticmethod
    def _days(value: Value, text: str) -> list[str]:
        days: list[str] = []
        for part in text.split(","):
            ends = [end.strip().lower()[:3] for end in part.split("-")]
            if any(end not in WEEK for end in ends) or len(ends) > 2:
                value.key_position(text).report(
                    say("%(text)s is no day", text=repr(text)),
                    say("write mon, tue … sun, mon-fri or mon,wed"),
                )
                return days
            first, last = WEEK.index(ends[0]), WEEK.index(ends[-1])
            days += WEEK[first : last + 1] if first <= last else WEEK[first:] + WEEK[: last + 1]
        return days

    def _intervals(self, value: Value) -> list[list[str]]:
        if value.is_null:
            return []
        if value.is_scalar:
            return [self._interval(value)]
        return [self._interval(child) for child in value.sequence()]

    @staticmethod
    def _interval(value: Value) -> list[str]:
        if value.is_scalar:
            match = INTERVAL.match(value.text())
            ends = list(match.groups()) if match else []
        else:
            ends = [end.text() for end in value.sequence()]
        if len(ends) != 2:
            raise value.invalid(
                say("not an interval"), say("write ['09:00', '17:30'] or 09:00-17:30, to 24:00 for midnight")
            )
        return [end.zfill(5) if len(end) == len("9:00") else end for end in ends]

    def _holidays(self, value: Value) -> list[str]:
        if value.is_mapping:
            return self._public_holidays(value)
        dates: list[str] = []
        for child in value.sequence():
            for day in _dates(child, child.text()):
                self._places[f"holidays[{len(dates)}]"] = child
                dates.append(day)
        return dates

    def _public_holidays(self, value: Value) -> list[str]:
        section = Section(value)
        country = section.require("country", Value.text, "", expected=say("an ISO code such as GB"))
        region = section.take("region", Value.text, None)
        years = section.require("years", _years, [], expected=say("write 2016 or 2016-2018"))
        dates = set(section.take("also", self._holidays, []))
        left_out = set(section.take("except", self._holidays, []))
        section.finish()
        if country and years:
            try:
                dates |= {
                    day.isoformat() for day in holidays.country_holidays(country, subdiv=region, years=years)
                }
            except NotImplementedError as error:
                raise value.invalid(str(error), say("or list the dates themselves")) from error
        return sorted(dates - left_out)

    def _exceptions(self, value: Value) -> dict[str, list[list[str]]]:
        days: dict[str, list[list[str]]] = {}
        for name, child in value.entries():
            intervals = self._intervals(child)
            for day in _dates(value.key_position(name), name):
                days[day] = intervals
                self._places[f"exceptions.{day}"] = child
        return days


def zone_name(value: Value) -> str:
    """An IANA time zone such as Europe/London."""
    name = value.text()
    if not known_zone(name):
        raise value.invalid(
            say("%(name)s is no time zone", name=repr(name)),
            say("write an IANA name such as Europe/London or UTC"),
        )
    return name


def _years(value: Value) -> list[int]:
    match = YEARS.match(value.text())
    if not match:
        raise value.invalid(
            say("%(value)s are no years", value=repr(value.text())), say("write 2016 or 2016-2018")
        )
    first = int(match.group(1))
    return list(range(first, int(match.group(2) or first) + 1))


def _dates(value: Value, text: str) -> Iterator[str]:
    """One date, or ``first..last``."""
    first_text, _, last_text = text.partition("..")
    try:
        first = date.fromisoformat(first_text.strip())
        last = date.fromisoformat(last_text.strip()) if last_text else first
    except ValueError:
        raise value.invalid(
            say("%(text)s is no date", text=repr(text)), "write 2016-12-25 or 2016-12-24..2016-12-31"
        ) from None
    if not 0 <= (last - first).days <= LONGEST_RANGE_DAYS:
        raise value.invalid(
            say("%(text)s ends before it starts, or is longer than ten years", text=repr(text)),
            say("write first..last"),
        )
    for offset in range((last - first).days + 1):
        yield (first + timedelta(days=offset)).isoformat()
