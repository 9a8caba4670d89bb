"""The JSON form of calendars, there and back, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from calendars.engine import CalendarError, CalendarSpec, calendar_json, parse_calendar
from tests.calendars.strategies import calendars_and_days

_HOUR = 3600


@given(case=calendars_and_days())
def test_what_is_written_reads_back_equal(case: tuple[CalendarSpec, date]) -> None:
    spec, _ = case
    again = parse_calendar(calendar_json(spec))
    assert again == spec
    assert hash(again) == hash(spec)


def test_an_interval_over_midnight_is_split_into_the_next_day_and_week() -> None:
    spec = parse_calendar(
        {"zone": "UTC", "weekly": {"sun": [["22:00", "06:00"]], "mon": [["06:00", "07:00"]]}}
    )
    assert spec.weekly[6] == ((22 * _HOUR, 24 * _HOUR),)
    assert spec.weekly[0] == ((0, 6 * _HOUR), (6 * _HOUR, 7 * _HOUR))


def test_an_exception_over_midnight_adds_to_what_the_next_day_has() -> None:
    spec = parse_calendar(
        {
            "zone": "UTC",
            "weekly": {"fri": [["05:00", "17:00"]]},
            "exceptions": {"2026-12-24": [["22:00", "06:00"]]},
        }
    )
    assert spec.exceptions[date(2026, 12, 25)] == ((0, 17 * _HOUR),)


def test_dates_may_come_as_dates() -> None:
    spec = parse_calendar({"zone": "UTC", "weekly": {}, "holidays": [date(2026, 12, 25)]})
    assert spec.holidays == {date(2026, 12, 25)}


@pytest.mark.parametrize(
    ("data", "field", "reason"),
    [
        ({}, "zone", "must name"),
        ({"zone": "Europe/Atlantis", "always": True}, "zone", "not a known time zone"),
        ({"zone": "../etc/passwd", "always": True}, "zone", "not a known time zone"),
        ({"zone": "UTC"}, "weekly", "is missing"),
        ({"zone": "UTC", "always": False}, "weekly", "is missing"),
        ({"zone": "UTC", "always": "yes"}, "always", "true or false"),
        ({"zone": "UTC", "always": True, "weekly": {"mon": [["09:00", "10:00"]]}}, "weekly", "beside always"),
        ({"zone": "UTC", "always": True, "holidays": ["2026-12-25"]}, "holidays", "beside always"),
        ({"zone": "UTC", "weekly": {}, "weekley": {}}, "weekley", "not known"),
        ({"zone": "UTC", "weekly": {"monday": []}}, "weekly.monday", "not a day"),
        ({"zone": "UTC", "weekly": []}, "weekly", "object"),
        ({"zone": "UTC", "weekly": {"mon": "09:00-17:00"}}, "weekly.mon", "list"),
        ({"zone": "UTC", "weekly": {"mon": [["09:00"]]}}, "weekly.mon[0]", "two times"),
        ({"zone": "UTC", "weekly": {"mon": [["9:00", "17:00"]]}}, "weekly.mon[0]", "not a time"),
        ({"zone": "UTC", "weekly": {"mon": [["09:00", 795]]}}, "weekly.mon[0]", "in quotes"),
        ({"zone": "UTC", "weekly": {"mon": [["09:00", "24:30"]]}}, "weekly.mon[0]", "past 24:00"),
        ({"zone": "UTC", "weekly": {"mon": [["24:00", "06:00"]]}}, "weekly.mon[0]", "start at 24:00"),
        ({"zone": "UTC", "weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon[0]", "same time"),
        (
            {"zone": "UTC", "weekly": {"mon": [["09:00", "12:00"], ["11:59", "13:00"]]}},
            "weekly.mon",
            "overlap",
        ),
        (
            {"zone": "UTC", "weekly": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}},
            "weekly.tue",
            "overl",
        ),
        ({"zone": "UTC", "weekly": {}, "holidays": ["25/12/2026"]}, "holidays[0]", "not a date"),
        ({"zone": "UTC", "weekly": {}, "holidays": "2026-12-25"}, "holidays", "list"),
        (
            {"zone": "UTC", "weekly": {}, "exceptions": {"2026-02-30": []}},
            "exceptions.2026-02-30",
            "not a date",
        ),
        ({"zone": "UTC", "weekly": {}, "exceptions": []}, "exceptions", "object"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_calendar(data)
    assert refused.value.field == field
    assert reason in refused.value.reason
    assert refused.value.code == "calendar_invalid"


def test_a_calendar_built_in_code_is_checked_too() -> None:
    with pytest.raises(CalendarError, match="overlap"):
        CalendarSpec(zone="UTC", weekly=(((0, 100), (50, 200)), (), (), (), (), (), ()))
    with pytest.raises(CalendarError, match="instead of 7"):
        CalendarSpec(zone="UTC", weekly=((),))
    with pytest.raises(CalendarError, match="always open"):
        CalendarSpec(zone="UTC", always=True, holidays=frozenset({date(2026, 1, 1)}))
