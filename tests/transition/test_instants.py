"""Times in other people's formats and zones."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from transition.engine.faults import RejectedValueError
from transition.engine.instants import InstantReader, format_problem


def reader(*formats: str, zone: str = "Europe/London", **rules: str) -> InstantReader:
    ambiguous: Literal["first", "last"] = "last" if rules.get("ambiguous") == "last" else "first"
    nonexistent: Literal["reject", "forward"] = (
        "reject" if rules.get("nonexistent") == "reject" else "forward"
    )
    return InstantReader(
        column="at", formats=formats, zone=zone, ambiguous=ambiguous, nonexistent=nonexistent
    )


def utc(*parts: int) -> int:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("form", "zone", "text", "expected"),
    [
        ("iso", "UTC", "2016-02-29T01:16:00Z", utc(2016, 2, 29, 1, 16)),
        ("iso", "UTC", "2016-02-29T01:16:00.123+0100", utc(2016, 2, 29, 0, 16)),
        ("iso", "Europe/London", "2016-07-01 09:00", utc(2016, 7, 1, 8)),
        ("%d/%m/%Y %H:%M", "Europe/London", "1/7/2016 09:00", utc(2016, 7, 1, 8)),
        ("%m/%d/%Y %I:%M %p", "America/New_York", "07/01/2016 12:05 AM", utc(2016, 7, 1, 4, 5)),
        ("%d-%b-%y %H:%M:%S", "Asia/Kolkata", "05-Mar-24 00:00:30", utc(2024, 3, 4, 18, 30, 30)),
        ("%Y-%m-%dT%H:%M:%S%z", "UTC", "2024-03-05T10:00:00-05:00", utc(2024, 3, 5, 15)),
        ("epoch", "UTC", "1456708560", 1_456_708_560),
        ("epoch_ms", "UTC", "1456708560999", 1_456_708_560),
        ("excel", "UTC", "42429.5", utc(2016, 2, 29, 12)),
    ],
)
def test_time_is_read_to_the_second(form: str, zone: str, text: str, expected: int) -> None:
    assert reader(form, zone=zone).read(text) == expected


def test_formats_are_tried_in_order() -> None:
    both = reader("%d/%m/%Y", "iso", zone="UTC")
    assert both.read("02/03/2024") == utc(2024, 3, 2)
    assert both.read("2024-03-02") == utc(2024, 3, 2)


@pytest.mark.parametrize("text", ["31/02/2016 10:00", "soon", "2016-02-29", "1/1/2016 25:00"])
def test_time_that_does_not_fit_is_rejected(text: str) -> None:
    with pytest.raises(RejectedValueError, match="is no time of the format") as caught:
        reader("%d/%m/%Y %H:%M").read(text)
    assert (caught.value.column, caught.value.value, caught.value.fault_code) == (
        "at",
        text,
        "time_unreadable",
    )


def test_milliseconds_read_as_seconds_are_noticed() -> None:
    with pytest.raises(RejectedValueError):
        reader("epoch").read("1456708560999")


def test_repeated_hour_is_the_first_or_the_last_as_told() -> None:
    first = reader("iso").read("2016-10-30 01:30")
    assert first == utc(2016, 10, 30, 0, 30)
    assert reader("iso", ambiguous="last").read("2016-10-30 01:30") == first + 3600


def test_hour_that_does_not_exist_is_moved_forward_or_refused() -> None:
    assert reader("iso").read("2016-03-27 01:30") == utc(2016, 3, 27, 1, 30)
    with pytest.raises(RejectedValueError, match="does not exist"):
        reader("iso", nonexistent="reject").read("2016-03-27 01:30")


@pytest.mark.parametrize(
    "form", ["dd/mm/yyyy", "%H:%M", "%d/%m %H:%M", "%d/%m/%Y %I:%M", "%Q", "%d/%m/%Y %H:%M %p"]
)
def test_format_that_cannot_be_right_is_named(form: str) -> None:
    assert format_problem(form)
