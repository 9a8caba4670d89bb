"""The JSON form of a calendar, as people and mapping files write it, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from calendars.engine.errors import CalendarError
from calendars.engine.spec import (
    DAY_SECONDS,
    WEEKDAYS,
    CalendarSpec,
    Interval,
    Intervals,
    checked_intervals,
    known_zone,
)
from tenancy.engine.words import say

_KEYS = ("zone", "always", "weekly", "holidays", "exceptions")
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?")
_PAIR = 2


def parse_calendar(data: Mapping[str, object]) -> CalendarSpec:
    """Read a calendar from its JSON form.

    `{"zone": "Europe/London", "weekly": {"mon": [["09:00", "12:30"], ["13:15", "17:30"]]}, "holidays":
    ["2026-12-25"], "exceptions": {"2026-12-24": [["09:00", "12:00"]]}}`, or `{"zone": ..., "always": true}`.
    Times are wall times of the zone, "24:00" is the end of the day. An interval that ends before it starts
    runs over midnight and is split: the rest belongs to the next day, in an exception it is added to what
    that day has. Raises CalendarError naming the field, e.g. `weekly.mon[1]`.
    """
    if not isinstance(data, Mapping):
        raise CalendarError("calendar", say("must be an object with zone and weekly, or zone and always"))
    for key in data:
        if key not in _KEYS:
            raise CalendarError(str(key), say("is not known here; known are %(keys)s", keys=", ".join(_KEYS)))
    zone = _zone(data.get("zone"))
    always = data.get("always", False)
    if not isinstance(always, bool):
        raise CalendarError("always", say("must be true or false"))
    if always:
        _only_zone_beside_always(data)
        return CalendarSpec(zone=zone, always=True)
    if "weekly" not in data:
        raise CalendarError(
            "weekly", say("is missing; a calendar open around the clock must say always: true")
        )
    weekly = _weekly(data["weekly"])
    holidays = _holidays(data.get("holidays", ()))
    exceptions = _exceptions(data.get("exceptions", {}), weekly=weekly, holidays=holidays)
    return CalendarSpec(zone=zone, weekly=weekly, holidays=holidays, exceptions=exceptions)


def calendar_json(spec: CalendarSpec) -> dict[str, object]:
    """Write a calendar in its JSON form; parse_calendar of the result gives an equal calendar."""
    if spec.always:
        return {"zone": spec.zone, "always": True}
    data: dict[str, object] = {
        "zone": spec.zone,
        "weekly": {name: _written(day) for name, day in zip(WEEKDAYS, spec.weekly, strict=True) if day},
    }
    if spec.holidays:
        data["holidays"] = [day.isoformat() for day in sorted(spec.holidays)]
    if spec.exceptions:
        data["exceptions"] = {
            day.isoformat(): _written(spec.exceptions[day]) for day in sorted(spec.exceptions)
        }
    return data


def _zone(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise CalendarError("zone", say("must name a time zone such as Europe/London"))
    if not known_zone(value):
        raise CalendarError("zone", say("%(value)s is not a known time zone", value=repr(value)))
    return value


def _only_zone_beside_always(data: Mapping[str, object]) -> None:
    for key in ("weekly", "holidays", "exceptions"):
        if data.get(key):
            raise CalendarError(key, say("cannot stand beside always: true"))


def _weekly(value: object) -> tuple[Intervals, ...]:
    if not isinstance(value, Mapping):
        raise CalendarError("weekly", say("must be an object from mon to sun"))
    own: list[list[Interval]] = [[] for _ in WEEKDAYS]
    for name, written in value.items():
        if name not in WEEKDAYS:
            raise CalendarError(
                f"weekly.{name}", say("is not a day; days are %(weekdays)s", weekdays=", ".join(WEEKDAYS))
            )
        index = WEEKDAYS.index(name)
        today, tomorrow = _day(written, field_name=f"weekly.{name}")
        own[index] += today
        own[(index + 1) % len(WEEKDAYS)] += tomorrow
    return tuple(
        checked_intervals(field_name=f"weekly.{name}", intervals=tuple(day))
        for name, day in zip(WEEKDAYS, own, strict=True)
    )


def _holidays(value: object) -> frozenset[date]:
    return frozenset(
        _date(written, field_name=f"holidays[{index}]")
        for index, written in enumerate(_list(value, field_name="holidays", of="dates"))
    )


def _exceptions(
    value: object, *, weekly: tuple[Intervals, ...], holidays: frozenset[date]
) -> dict[date, Intervals]:
    if not isinstance(value, Mapping):
        raise CalendarError("exceptions", say("must be an object from dates to lists of intervals"))
    own: dict[date, list[Interval]] = {}
    spilt: dict[date, list[Interval]] = {}
    for key, written in value.items():
        day = _date(key, field_name=f"exceptions.{key}")
        today, tomorrow = _day(written, field_name=f"exceptions.{day.isoformat()}")
        own[day] = today
        if tomorrow:
            spilt[day + timedelta(days=1)] = tomorrow
    for day, extra in spilt.items():
        usual = () if day in holidays else weekly[day.weekday()]
        own[day] = _union([*own.get(day, usual), *extra])
    return {
        day: checked_intervals(field_name=f"exceptions.{day.isoformat()}", intervals=tuple(intervals))
        for day, intervals in own.items()
    }


def _union(intervals: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _day(value: object, *, field_name: str) -> tuple[list[Interval], list[Interval]]:
    """Read one day's intervals: what lies in the day, and what runs over into the next."""
    today: list[Interval] = []
    tomorrow: list[Interval] = []
    for index, pair in enumerate(
        _list(value, field_name=field_name, of=say('intervals such as ["09:00", "17:30"]'))
    ):
        place = f"{field_name}[{index}]"
        bounds = _list(pair, field_name=place, of=say("two times"))
        if len(bounds) != _PAIR:
            raise CalendarError(place, say('must be two times such as ["09:00", "17:30"]'))
        start, end = _time(bounds[0], field_name=place), _time(bounds[1], field_name=place)
        if start == DAY_SECONDS:
            raise CalendarError(place, say("cannot start at 24:00; write 00:00 on the next day"))
        if start == end:
            raise CalendarError(
                place, say("starts and ends at the same time; the whole day is 00:00 to 24:00")
            )
        if start < end:
            today.append((start, end))
            continue
        today.append((start, DAY_SECONDS))
        if end:
            tomorrow.append((0, end))
    checked_intervals(field_name=field_name, intervals=tuple(today))
    return today, tomorrow


def _list(value: object, *, field_name: str, of: str) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise CalendarError(field_name, say("must be a list of %(of)s", of=of))
    return value


def _time(value: object, *, field_name: str) -> int:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CalendarError(
            field_name,
            say('%(value)s is not a time written in quotes as "09:00" or "09:00:30"', value=repr(value)),
        )
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total > DAY_SECONDS:
        raise CalendarError(field_name, say("%(value)s is past 24:00", value=repr(value)))
    return total


def _date(value: object, *, field_name: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise CalendarError(field_name, say("%(value)s is not a date written as 2026-12-25", value=repr(value)))


def _written(day: Intervals) -> list[list[str]]:
    return [[_clock_face(start), _clock_face(end)] for start, end in day]


def _clock_face(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    face = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{face}:{rest:02d}" if rest else face
