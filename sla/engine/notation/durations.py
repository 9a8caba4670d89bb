"""Durations of targets, written so that nobody can mistake their unit."""

import re
from decimal import Decimal

UNITS_S = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
PART = re.compile(r"(\d+(?:\.\d+)?)\s*(sec|min|s|m|h)")
ISO = re.compile(r"PT(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?\Z")
HAS_DAYS = re.compile(r"\d\s*(?:d|day|days|w|week|weeks)\b|\AP\d", re.IGNORECASE)


class DurationError(ValueError):
    """A text is no duration; the message says what would be right."""

    code = "duration_invalid"


def duration_seconds(*, text: str) -> int:
    """Whole seconds of ``15h``, ``163.54h``, ``1h30m``, ``20m`` (minutes), ``45s`` or ``PT1H30M``.

    Days and weeks are refused: they could be days of opening hours or of 24 hours. Raises DurationError.
    """
    trimmed = text.strip()
    if HAS_DAYS.search(trimmed):
        message = (
            f"{text!r} is unclear: a day may mean 24 hours or a day's opening hours; write hours, such as 16h"
        )
        raise DurationError(message)
    iso = ISO.match(trimmed)
    if iso:
        factors = (3600, 60, 1)
        total = sum(
            (Decimal(part) * factor for part, factor in zip(iso.groups(), factors, strict=True) if part),
            Decimal(),
        )
    else:
        parts = PART.findall(trimmed)
        if not parts or PART.sub("", trimmed).strip():
            message = f"{text!r} is no duration; write 15h, 1h30m, 20m, 45s or PT1H30M"
            raise DurationError(message)
        total = sum((Decimal(number) * UNITS_S[unit] for number, unit in parts), Decimal())
    if total <= 0:
        message = f"{text!r} is no time at all; a target needs a duration above zero"
        raise DurationError(message)
    return round(total)


def duration_text(seconds: int) -> str:
    """Whole seconds as :func:`duration_seconds` reads them: ``27h30m``."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return "".join(f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count)
