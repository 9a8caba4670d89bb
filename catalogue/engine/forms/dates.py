"""Days as answers, and bounds on them. A day is "2026-04-01", from 1900 to 2099."""

import re
from collections.abc import Callable
from datetime import date, timedelta

_RELATIVE = re.compile(r"today(?:([+-])([0-9]{1,4}))?")
_YEARS = "(19|20)[0-9]{2}"
_LEAP = "(19(0[48]|[2468][048]|[13579][26])|20(0[048]|[2468][048]|[13579][26]))"
# Every day that there is: what a schema can say without knowing a calendar.
DAY = (
    f"^({_YEARS}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|{_YEARS}-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|{_YEARS}-02-(0[1-9]|1[0-9]|2[0-8])|{_LEAP}-02-29)$"
)
_FIRST, _LAST = date(1900, 1, 1), date(2099, 12, 31)


def day_of(text: str) -> date | None:
    """The day that a text is; None when it is none."""
    if len(text) != 10 or not text.isascii():
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def is_bound(given: object) -> bool:
    """Whether this names a day, absolute or from today."""
    return isinstance(given, str) and (_RELATIVE.fullmatch(given) is not None or day_of(given) is not None)


def bound(given: str, today: date) -> date:
    """The day that a bound names, on the day `today` of whoever is asked."""
    found = _RELATIVE.fullmatch(given)
    if found is None:
        return date.fromisoformat(given)
    sign, days = found.groups()
    if not days:
        return today
    return today + timedelta(days=int(days) if sign == "+" else -int(days))


def is_never(earliest: str, latest: str) -> bool:
    """Whether no day can be between two bounds, as far as that does not depend on the day."""
    if earliest.startswith("today") != latest.startswith("today"):
        return False
    some = date(2026, 1, 1)
    return bound(earliest, some) > bound(latest, some)


def not_before(day: date) -> str:
    """A pattern of the texts, among those of days, that are this day or a later one."""
    return _beyond(day.isoformat(), lambda digit: (int(digit) + 1, 9))


def not_after(day: date) -> str:
    """A pattern of the texts, among those of days, that are this day or an earlier one."""
    return _beyond(day.isoformat(), lambda digit: (0, int(digit) - 1))


def _beyond(text: str, others: Callable[[str], tuple[int, int]]) -> str:
    ways = [text]
    for place, letter in enumerate(text):
        if letter == "-":
            continue
        low, high = others(letter)
        if low <= high:
            ways.append(f"{text[:place]}[{low}-{high}]")
    return f"^({'|'.join(ways)})"
