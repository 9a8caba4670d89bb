"""Hours as people type and read them: a day in one line, "09:00-12:30, 13:30-17:00", and lists of days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from calendars.engine.errors import CalendarError
from calendars.engine.spec import DAY_SECONDS
from tenancy.engine.words import say

if TYPE_CHECKING:
    from calendars.engine.spec import CalendarSpec, Intervals

Pairs = list[list[str]]

CLOSED = "closed"
_BETWEEN = re.compile(r"\s*[,;]\s*")
_INTERVAL = re.compile(r"(\d{1,2})[:.](\d\d)\s*(?:-|–|to)\s*(\d{1,2})[:.](\d\d)")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?::\s*(.*))?")


def parse_hours(text: str, *, field_name: str) -> Pairs:
    """Read one day's hours as the notation has them; nothing, or "closed", is a closed day.

    Raises CalendarError that quotes the part which is not an interval.
    """
    text = text.strip()
    if not text or text.lower() == CLOSED:
        return []
    found: Pairs = []
    for part in _BETWEEN.split(text):
        match = _INTERVAL.fullmatch(part)
        if match is None:
            raise CalendarError(
                field_name, say("“%(part)s” is not a stretch of time such as 09:00-12:30", part=part)
            )
        opening, closing = f"{int(match[1]):02d}:{match[2]}", f"{int(match[3]):02d}:{match[4]}"
        found.append([opening, closing])
    return found


def hours_text(day: Intervals) -> str:
    """Write one day's open intervals as parse_hours reads them; "" for a closed day."""
    return ", ".join(f"{clock_face(start)}-{clock_face(end)}" for start, end in day)


def parse_exceptions(text: str, *, field_name: str) -> dict[str, Pairs]:
    """Read one-off days, a line each: "2026-12-24: 09:00-12:00", or "2026-12-24: closed"."""
    found: dict[str, Pairs] = {}
    for line in _lines(text):
        match = _DAY.fullmatch(line)
        if match is None or match[2] is None:
            raise CalendarError(
                field_name,
                say("“%(line)s” is not a day with hours such as 2026-12-24: 09:00-12:00", line=line),
            )
        if match[1] in found:
            raise CalendarError(field_name, say("%(match)s stands here twice", match=match[1]))
        checked_day(match[1], field_name=field_name)
        found[match[1]] = parse_hours(match[2], field_name=field_name)
    return found


def exceptions_text(exceptions: Mapping[date, Intervals]) -> str:
    """Write one-off days as parse_exceptions reads them."""
    return "\n".join(
        f"{day.isoformat()}: {hours_text(exceptions[day]) or CLOSED}" for day in sorted(exceptions)
    )


def parse_days(text: str, *, field_name: str) -> list[str]:
    """Read days, a line each, as 2026-12-24."""
    return [checked_day(line, field_name=field_name) for line in _lines(text)]


def checked_day(text: str, *, field_name: str) -> str:
    """Return a day written as 2026-12-24. Raises CalendarError for any other text."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise CalendarError(field_name, say("“%(text)s” is not a day such as 2026-12-24", text=text))


def clock_face(seconds: int) -> str:
    """Write a time of day, 24:00 for its end."""
    minutes, rest = divmod(seconds, 60)
    face = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{face}:{rest:02d}" if rest else face


def usual_day(spec: CalendarSpec) -> int | None:
    """Return the open seconds of a working day; None when working days differ, so that "a day" says nothing."""
    if spec.always:
        return DAY_SECONDS
    lengths = Counter(sum(end - start for start, end in day) for day in spec.weekly if day)
    return next(iter(lengths)) if len(lengths) == 1 else None


def region_of(
    holidays: Iterable[date], known: Mapping[str, Mapping[int, Sequence[str]]]
) -> tuple[str, int, int, list[str]]:
    """Tell which region's bank holidays of which years a calendar's are, and which days it has besides.

    `known` gives each region's days by year. Answers ("", 0, 0, all days) when they are no region's.
    """
    days = {day.isoformat() for day in holidays}
    best: tuple[str, int, int, list[str]] = ("", 0, 0, sorted(days))
    for region, by_year in known.items():
        whole = [year for year in sorted(by_year) if by_year[year] and days.issuperset(by_year[year])]
        if not whole or whole != list(range(whole[0], whole[-1] + 1)):
            continue
        rest = sorted(days.difference(*(by_year[year] for year in whole)))
        if len(rest) < len(best[3]):
            best = (region, whole[0], whole[-1], rest)
    return best


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
