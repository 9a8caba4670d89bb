"""Working time against an oracle that walks every minute."""

from __future__ import annotations

import calendar as gregorian
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine import (
    CalendarRangeError,
    CalendarSpec,
    CalendarVersions,
    NeverOpenError,
    OpenInterval,
    WorkingTime,
    parse_calendar,
    working_time,
)
from tests.calendars.oracle import MINUTE, instant, open_minutes, shown
from tests.calendars.strategies import calendars_and_days

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_SPAN = 3 * 24 * 60


def _office(**more: object) -> WorkingTime:
    hours = [["09:00", "12:30"], ["13:15", "17:30"]]
    return WorkingTime(
        parse_calendar({"zone": "Europe/London", "weekly": dict.fromkeys(_WEEKDAYS, hours), **more})
    )


def _nights(zone: str = "Europe/London") -> WorkingTime:
    hours = [["22:00", "06:00"]]
    return WorkingTime(
        parse_calendar({"zone": zone, "weekly": dict.fromkeys((*_WEEKDAYS, "sat", "sun"), hours)})
    )


def _start_of(day: date) -> int:
    return gregorian.timegm(day.timetuple()) - 24 * 3600


@given(case=calendars_and_days(), data=st.data())
def test_open_seconds_equal_the_minutes_counted_one_by_one(
    case: tuple[CalendarSpec, date], data: st.DataObject
) -> None:
    spec, day = case
    start = _start_of(day)
    minutes = open_minutes(spec=spec, start=start, minutes=_SPAN)
    compiled = WorkingTime(spec)
    for _ in range(5):
        low = data.draw(st.integers(0, _SPAN))
        high = data.draw(st.integers(low, _SPAN))
        counted = sum(minutes[low:high]) * MINUTE
        assert compiled.open_seconds(start + low * MINUTE, start + high * MINUTE) == counted
        assert compiled.open_seconds(start + high * MINUTE, start + low * MINUTE) == -counted
    probe = data.draw(st.integers(0, _SPAN - 1))
    assert compiled.is_open(start + probe * MINUTE) == minutes[probe]


@given(case=calendars_and_days(), data=st.data())
def test_due_is_exact_and_the_earliest(case: tuple[CalendarSpec, date], data: st.DataObject) -> None:
    spec, day = case
    start = _start_of(day)
    minutes = open_minutes(spec=spec, start=start, minutes=_SPAN)
    low = data.draw(st.integers(0, _SPAN // 2))
    available = sum(minutes[low:]) * MINUTE
    compiled = WorkingTime(spec)
    begin = start + low * MINUTE
    assert compiled.due(begin, 0) == begin
    if not available:
        return
    seconds = data.draw(st.integers(1, available))
    whole, rest = divmod(seconds, MINUTE)
    index, used = low, 0
    while used < whole or (rest and not minutes[index]):
        used += minutes[index]
        index += 1
    due = compiled.due(begin, seconds)
    assert due == start + index * MINUTE + rest
    assert compiled.open_seconds(begin, due) == seconds
    assert compiled.open_seconds(begin, due - 1) == seconds - 1


@given(case=calendars_and_days(), offsets=st.lists(st.integers(0, _SPAN * MINUTE), min_size=3, max_size=3))
def test_open_seconds_add_up_whatever_was_asked_before(
    case: tuple[CalendarSpec, date], offsets: list[int]
) -> None:
    spec, day = case
    start = _start_of(day)
    first, second, third = (start + offset for offset in sorted(offsets))
    fresh, worn = WorkingTime(spec), WorkingTime(spec)
    worn.open_seconds(start - 5 * 366 * 86_400, start - 4 * 366 * 86_400)
    worn.open_seconds(start + 3 * 366 * 86_400, start + 3 * 366 * 86_400)
    parts = worn.open_seconds(first, second) + worn.open_seconds(second, third)
    assert fresh.open_seconds(first, third) == parts
    assert 0 <= parts <= third - first


@given(case=calendars_and_days(), count=st.integers(1, 8))
def test_next_intervals_are_the_runs_of_open_minutes(case: tuple[CalendarSpec, date], count: int) -> None:
    spec, day = case
    start = _start_of(day)
    minutes = [*open_minutes(spec=spec, start=start, minutes=_SPAN), None]
    edges = [index for index in range(1, _SPAN) if minutes[index] != minutes[index - 1]]
    compiled = WorkingTime(spec)
    found = [
        interval
        for interval in compiled.next_intervals(start, count)
        if interval.start < start + _SPAN * MINUTE
    ]
    expected_starts = ([0] if minutes[0] else []) + [index for index in edges if minutes[index]]
    assert [interval.start for interval in found] == [
        start + index * MINUTE for index in expected_starts[:count]
    ]
    expected_ends = [start + index * MINUTE for index in edges if not minutes[index]]
    for index, interval in enumerate(found):
        if index < len(expected_ends):
            assert interval.end == expected_ends[index]
        else:
            assert interval.end is None or interval.end >= start + _SPAN * MINUTE
    if edges:
        assert compiled.next_change(start) == start + edges[0] * MINUTE
        assert compiled.last_change(start + (_SPAN - 1) * MINUTE) == start + edges[-1] * MINUTE


def test_the_night_shift_loses_an_hour_in_spring_and_gains_one_in_autumn() -> None:
    nights = _nights()
    assert nights.open_seconds(instant("2026-03-28 12:00"), instant("2026-03-29 12:00")) == 7 * 3600
    assert nights.open_seconds(instant("2026-10-24 12:00"), instant("2026-10-25 12:00")) == 9 * 3600
    half_hour = _nights("Australia/Lord_Howe")
    assert half_hour.open_seconds(instant("2026-04-04 05:00"), instant("2026-04-05 05:00")) == 8 * 3600 + 1800


def test_a_shift_until_the_hour_that_repeats_ends_before_it() -> None:
    evening = WorkingTime(parse_calendar({"zone": "Europe/London", "weekly": {"sat": [["22:00", "01:00"]]}}))
    assert evening.open_seconds(instant("2026-10-24 12:00"), instant("2026-10-25 12:00")) == 3 * 3600


@pytest.mark.parametrize(
    ("opened", "hours", "due"),
    [
        ("2026-05-01 16:30", 1, "Fri 2026-05-01 17:30:00"),
        ("2026-05-01 16:30", 2, "Tue 2026-05-05 10:00:00"),
        ("2026-05-02 11:00", 1, "Tue 2026-05-05 10:00:00"),
        ("2026-05-05 12:00", 1, "Tue 2026-05-05 13:45:00"),
    ],
)
def test_due_passes_over_lunch_weekend_and_bank_holiday(opened: str, hours: int, due: str) -> None:
    office = _office(holidays=["2026-05-04"])
    found = office.due(instant(opened, "Europe/London"), hours * 3600)
    assert shown(found, "Europe/London") == due


def test_a_wall_time_that_the_clocks_skip_moves_to_the_change() -> None:
    skipped = WorkingTime(parse_calendar({"zone": "Europe/London", "weekly": {"sun": [["01:30", "03:00"]]}}))
    assert skipped.next_intervals(instant("2026-03-29 00:00"), 1) == (
        OpenInterval(instant("2026-03-29 01:00"), instant("2026-03-29 02:00")),
    )


def test_a_repeated_wall_time_starts_at_its_first_and_ends_at_its_last_occurrence() -> None:
    repeated = WorkingTime(parse_calendar({"zone": "Europe/London", "weekly": {"sun": [["01:15", "01:45"]]}}))
    assert repeated.next_intervals(instant("2026-10-25 00:00"), 1) == (
        OpenInterval(instant("2026-10-25 00:15"), instant("2026-10-25 01:45")),
    )


def test_a_day_that_a_zone_skipped_has_no_open_time() -> None:
    apia = WorkingTime(parse_calendar({"zone": "Pacific/Apia", "weekly": {"fri": [["00:00", "24:00"]]}}))
    assert apia.open_seconds(instant("2011-12-29 00:00"), instant("2012-01-01 00:00")) == 0


def test_a_calendar_always_open_counts_wall_time_and_never_changes() -> None:
    always = WorkingTime(CalendarSpec(zone="Europe/London", always=True))
    noon = instant("2026-03-29 12:00")
    assert always.open_seconds(noon - 86_400, noon) == 86_400
    assert always.due(noon, 90) == noon + 90
    assert always.next_intervals(noon, 3) == (OpenInterval(noon, None),)
    assert (always.next_change(noon), always.last_change(noon)) == (None, None)


def test_a_week_without_a_gap_changes_only_around_its_exceptions() -> None:
    week = {day: [["00:00", "24:00"]] for day in (*_WEEKDAYS, "sat", "sun")}
    whole = WorkingTime(parse_calendar({"zone": "UTC", "weekly": week, "holidays": ["2030-01-01"]}))
    assert whole.next_change(instant("2026-01-01 00:00")) == instant("2030-01-01 00:00")
    assert whole.next_change(instant("2030-01-02 00:00")) is None
    assert whole.last_change(instant("2029-12-31 00:00")) is None
    assert whole.last_change(instant("2035-01-01 00:00")) == instant("2030-01-02 00:00")


def test_a_calendar_that_never_opens_has_no_due_instant() -> None:
    closed = WorkingTime(CalendarSpec(zone="UTC"))
    with pytest.raises(NeverOpenError):
        closed.due(instant("2026-01-01 00:00"), 1)
    assert closed.next_intervals(instant("2026-01-01 00:00"), 2) == ()


def test_a_calendar_open_on_single_days_only_gives_out_after_them() -> None:
    once = WorkingTime(
        parse_calendar({"zone": "UTC", "weekly": {}, "exceptions": {"2031-06-01": [["09:00", "12:00"]]}})
    )
    start = instant("2026-01-01 00:00")
    assert once.due(start, 3 * 3600) == instant("2031-06-01 12:00")
    with pytest.raises(NeverOpenError):
        once.due(start, 3 * 3600 + 1)


def test_many_years_of_work_are_found() -> None:
    office = _office()
    start = instant("2026-01-05 09:00")
    due = office.due(start, 30 * 365 * 24 * 900)
    assert office.open_seconds(start, due) == 30 * 365 * 24 * 900
    assert len(office.next_intervals(start, 3000)) == 3000


def test_instants_of_no_calendar_year_are_refused() -> None:
    with pytest.raises(CalendarRangeError):
        _office().open_seconds(instant("2026-01-05 09:00"), 99_999_999_999_999)


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        _office().due(0, -1)


def test_threads_that_widen_a_calendar_at_once_agree() -> None:
    office, alone = _office(), _office()
    draws = random.Random(7)  # noqa: S311
    spans = [(low, low + draws.randrange(10**8)) for low in (draws.randrange(2 * 10**9) for _ in range(200))]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda span: office.open_seconds(*span), spans))
    assert together == [alone.open_seconds(*span) for span in spans]


def test_equal_calendars_share_one_compilation() -> None:
    data = {"zone": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}, "exceptions": {"2026-01-01": []}}
    assert working_time(parse_calendar(data)) is working_time(parse_calendar(data))


def test_the_version_of_a_calendar_in_force_is_given() -> None:
    old, new = _office(), _nights()
    versions = CalendarVersions([(2000, new), (1000, old)])
    assert [versions(at) for at in (0, 1000, 1999, 2000, 9999)] == [old, old, old, new, new]
    with pytest.raises(ValueError, match="at least one"):
        CalendarVersions([])
