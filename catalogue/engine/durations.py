"""How long something takes, as plans write it: ISO 8601 without months and years."""

import re
from typing import Any

from tenancy.engine.words import say

LONGEST_SECONDS = 366 * 24 * 3600
_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?")


def read_seconds(given: Any, path: str, faults: dict[str, str]) -> int | None:
    """The seconds of a duration, None for none; what is wrong goes into `faults`. A day is 24 hours."""
    if given in (None, ""):
        return None
    parts = _DURATION.fullmatch(given) if isinstance(given, str) else None
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0, 0)
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not 0 < total <= LONGEST_SECONDS:
        faults[path] = say(
            'Use a duration such as "PT4H" or "PT1H30M": more than no time, and a year at most.'
        )
        return None
    return total
