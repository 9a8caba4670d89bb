"""Amounts of open time as people write them: "4h", "90 min", "2 days 3 h"."""

from __future__ import annotations

import re

from sla.engine.errors import TargetDefinitionError

_HOUR, _MINUTE = 3600, 60
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]+)", re.IGNORECASE)
_UNITS = {
    "d": "day",
    "day": "day",
    "days": "day",
    "h": "hour",
    "hr": "hour",
    "hrs": "hour",
    "hour": "hour",
    "hours": "hour",
    "m": "minute",
    "min": "minute",
    "mins": "minute",
    "minute": "minute",
    "minutes": "minute",
    "s": "second",
    "sec": "second",
    "second": "second",
    "seconds": "second",
}


def parse_duration(text: str, *, day: int | None) -> int:
    """Return the open seconds that a text says; `day` is how many a working day has, None where days differ.

    Raises TargetDefinitionError for any other text, and for days where a day says nothing.
    """
    rest = _PART.sub("", text.strip())
    parts = _PART.findall(text)
    if not parts or rest.strip(" ,;") not in ("", "and"):
        raise TargetDefinitionError(
            "duration", f"“{text.strip()[:40]}” is not a time such as 4h or 2 days 3 h"
        )
    total = 0.0
    for amount, written in parts:
        unit = _UNITS.get(written.lower())
        if unit is None:
            raise TargetDefinitionError(
                "duration", f"“{written[:20]}” is not days, hours, minutes or seconds"
            )
        if unit == "day" and day is None:
            raise TargetDefinitionError(
                "duration", "the days of this calendar are not of one length, so give the time in hours"
            )
        seconds = {"day": day or 0, "hour": _HOUR, "minute": _MINUTE, "second": 1}[unit]
        total += float(amount.replace(",", ".")) * seconds
    return round(total)


def duration_text(seconds: int) -> str:
    """Write open seconds as parse_duration reads them, without days: "27h 30min"."""
    hours, rest = divmod(seconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts) or "0s"
