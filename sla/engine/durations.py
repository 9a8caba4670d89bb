"""Amounts of open time as people write them: "4h", "1h30m", "90 min", "2 days and 3 h", "PT1H30M"."""

import re
from decimal import Decimal

from tenancy.engine.words import say

_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_PART = re.compile(rf"({_NUMBER})\s*([a-z]+)", re.IGNORECASE)
_WHOLE = re.compile(rf"{_PART.pattern}(?:(?:\s+and\s+|\s*(?:[,;]\s*)?){_PART.pattern})*", re.IGNORECASE)
_ISO = re.compile(
    rf"P(?:({_NUMBER})D)?(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?", re.IGNORECASE
)
_HOUR, _MINUTE = 3600, 60
_SHOWN_MOST, _LONGEST = 40, 100
_UNITS = {
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
}
_ISO_UNITS = ("day", "hour", "minute", "second")


class DurationError(ValueError):
    """A text is no duration; the message says what would be right."""

    code = "duration_invalid"


def parse_duration(text: str, *, day: int | None = None) -> int:
    """Return the whole open seconds, more than none, that a text says; m is minutes.

    `day` is how many open seconds a working day has. Without it days are refused: they could be days of opening
    hours, which may differ, or of 24 hours. Weeks always are. Raises DurationError.
    """
    shown, trimmed = text.strip()[:_SHOWN_MOST], text.strip()
    seconds = {"day": day, "hour": _HOUR, "minute": _MINUTE, "second": 1}
    total = Decimal()
    for amount, unit in _parts(trimmed, shown):
        worth = seconds[unit]
        if worth is None:
            message = say(
                "“%(shown)s” is unclear: a day may mean 24 hours, or opening hours that differ "
                "from day to day; give the time in hours, such as 16h",
                shown=shown,
            )
            raise DurationError(message)
        total += Decimal(amount.replace(",", ".")) * worth
    if round(total) <= 0:
        message = say("“%(shown)s” is no time at all; a target needs more than nothing", shown=shown)
        raise DurationError(message)
    return round(total)


def duration_text(seconds: int) -> str:
    """Write open seconds as `parse_duration` reads them, without days: "27h 30min"."""
    hours, rest = divmod(seconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts) or "0s"


def _parts(text: str, shown: str) -> list[tuple[str, str]]:
    """Amounts with their units."""
    iso = _ISO.fullmatch(text[: _LONGEST + 1])
    if iso and any(iso.groups()):
        return [(amount, unit) for amount, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if amount]
    if len(text) > _LONGEST or not _WHOLE.fullmatch(text):
        message = say("“%(shown)s” is not a time such as 4h, 1h30m, 90 min, 45s or PT1H30M", shown=shown)
        raise DurationError(message)
    found = []
    for amount, written in _PART.findall(text):
        unit = _UNITS.get(written.lower())
        if unit is None:
            message = say(
                "“%(written)s” is not days, hours, minutes or seconds; write such as 4h",
                written=written[:_SHOWN_MOST],
            )
            raise DurationError(message)
        found.append((amount, unit))
    return found
