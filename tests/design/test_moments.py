"""Instants and durations in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from design import moments


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 22, 14, 5, tzinfo=UTC), "22 November 2026 at 2:05pm"),
        (datetime(2026, 6, 1, 14, 5, tzinfo=UTC), "1 June 2026 at 3:05pm"),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "22 November 2026 at 5pm"),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "22 November 2026 at midday"),
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), "22 November 2026 at midnight"),
        (datetime(2026, 11, 22, 0, 30, tzinfo=UTC), "22 November 2026 at 12:30am"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
    ],
)
def test_an_instant_reads_as_people_write_it(at: datetime, words: str) -> None:
    with timezone.override(ZoneInfo("Europe/London")):
        assert moments.long_moment(at) == words


def test_the_two_half_past_ones_of_october_stay_different_for_machines() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert moments.machine_moment(first) == "2026-10-25T00:30:00Z"
    assert moments.machine_moment(second) == "2026-10-25T01:30:00Z"


def test_the_readers_zone_and_language_decide() -> None:
    at = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")), translation.override("cy"):
        assert moments.long_date(at) == "23 Tachwedd 2026"


def test_a_plain_date_is_not_moved_by_a_zone() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert moments.long_date(date(2026, 11, 22)) == "22 November 2026"


@pytest.mark.parametrize(
    ("seconds", "long", "short"),
    [
        (12_000, "3 hours 20 minutes", "3h 20m"),
        (3_600, "1 hour", "1h 00m"),
        (60, "1 minute", "1m"),
        (59, "59 seconds", "59s"),
        (1, "1 second", "1s"),
        (0, "0 seconds", "0s"),
        (-5_700, "1 hour 35 minutes", "1h 35m"),
        (97_200, "27 hours", "27h 00m"),
    ],
)
def test_working_time_stays_in_hours(seconds: int, long: str, short: str) -> None:
    assert moments.duration_words(seconds) == long
    assert moments.duration_short(seconds) == short


def test_wall_time_may_count_days() -> None:
    span = timedelta(days=2, hours=3, minutes=50)
    assert moments.duration_words(span, days=True) == "2 days 3 hours"
    assert moments.duration_short(span, days=True) == "2d 3h"
    assert moments.duration_short(timedelta(days=2), days=True) == "2d"


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=3, seconds=50), "3 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(hours=-2), "in 2 hours"),
    ],
)
def test_distance_from_now(delta: timedelta, words: str) -> None:
    now = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    assert moments.ago(now - delta, now=now) == words


def test_filters_give_a_time_element_and_nothing_for_nothing() -> None:
    template = Template("{% load design %}[{{ at|when }}][{{ none|when }}{{ none|ago }}{{ none|duration }}]")
    html = template.render(Context({"at": datetime(2026, 11, 22, 14, 5, tzinfo=UTC), "none": None}))
    assert html == '[<time datetime="2026-11-22T14:05:00Z">22 November 2026 at 2:05pm</time>][]'
