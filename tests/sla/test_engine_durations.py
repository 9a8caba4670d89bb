"""Amounts of time as people write them: one reading, and what is unclear is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.engine import DurationError, duration_text, parse_duration

WORDS = {
    3600: ("h", "hr", "hrs", "hour", "hours", "H"),
    60: ("m", "min", "mins", "minute", "minutes", "Min"),
    1: ("s", "sec", "secs", "second", "seconds"),
}
DAY = 8 * 3600


@given(seconds=st.integers(1, 10_000_000))
def test_a_duration_is_read_as_it_is_written(seconds: int) -> None:
    assert parse_duration(duration_text(seconds)) == seconds


@given(data=st.data())
def test_what_is_named_is_added_up(data: st.DataObject) -> None:
    """Against fractions: each amount with up to six places, in any spelling, spacing and order."""
    text, total = "", Fraction()
    for number in range(data.draw(st.integers(1, 4))):
        worth = data.draw(st.sampled_from(sorted(WORDS)))
        amount = data.draw(st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,6})?", fullmatch=True))
        unit = data.draw(st.sampled_from(WORDS[worth]))
        joint = data.draw(st.sampled_from((" ", ", ", " and ", "; "))) if number else ""
        text += f"{joint}{amount}{data.draw(st.sampled_from(('', ' ')))}{unit}"
        total += Fraction(amount.replace(",", ".")) * worth
    if round(total):
        assert parse_duration(text) == round(total)
    else:
        with pytest.raises(DurationError, match="no time at all"):
            parse_duration(text)


@given(hours=st.integers(0, 999), minutes=st.integers(0, 999), seconds=st.integers(1, 999))
def test_the_iso_form_is_read(hours: int, minutes: int, seconds: int) -> None:
    assert parse_duration(f"PT{hours}H{minutes}M{seconds}S") == hours * 3600 + minutes * 60 + seconds
    assert parse_duration(f"PT{seconds}S") == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15h", 54_000),
        ("163.54h", 588_744),
        ("1,5 h", 5_400),
        ("20m", 1_200),
        ("20 min", 1_200),
        ("1h30m", 5_400),
        ("27h 30min", 99_000),
        ("1 hour and 30 minutes", 5_400),
        ("45s", 45),
        ("PT15H", 54_000),
        ("PT1H30M", 5_400),
        ("  4h ", 14_400),
    ],
)
def test_duration_in_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2d", 2 * DAY), ("2 days 3 h", 2 * DAY + 10_800), ("0.5 day", DAY // 2), ("P1DT1H", DAY + 3600)],
)
def test_days_are_read_where_they_are_of_one_length(text: str, seconds: int) -> None:
    assert parse_duration(text, day=DAY) == seconds
    with pytest.raises(DurationError, match="give the time in hours"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 week", "“week” is not days, hours, minutes or seconds"),
        ("4 weeks 2h", "“weeks” is not days"),
        ("8", "is not a time such as"),
        ("", "is not a time such as"),
        ("h", "is not a time such as"),
        ("-3h", "is not a time such as"),
        ("3 hours and a bit", "is not a time such as"),
        ("3h and", "is not a time such as"),
        ("1 000h", "is not a time such as"),
        ("9" * 4000 + "h", "is not a time such as"),
        ("1h and " * 90_000 + "!", "is not a time such as"),
        ("1h" + " " * 400_000 + "!", "is not a time such as"),
        ("P", "is not a time such as"),
        ("PT", "is not a time such as"),
        ("P1W", "is not a time such as"),
        ("0h", "no time at all; a target needs more than nothing"),
        ("0.0001s", "no time at all"),
        ("PT0S", "no time at all"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, said: str) -> None:
    for day in (None, DAY):
        with pytest.raises(DurationError) as refused:
            parse_duration(text, day=day)
        assert said in str(refused.value)
        assert len(str(refused.value)) < 200
