"""Instants as the market writes and reads them: `YYYY-MM-DD HH:MM:SS` in UTC, and the functions of its queries."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%d %H:%M:%S"
_CALL = re.compile(r"""^javascript:\s*gs\.(?P<name>\w+)\((?P<arguments>[^)]*)\)\s*;?$""")
_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
_AGO = re.compile(r"(?P<unit>minutes|hours|days|months)Ago(?P<edge>Start|End)?$")
_LONGEST = 100_000
_FIRST_YEAR, _LAST_YEAR = 2, 9998
_DAY = timedelta(days=1)


def written(at: datetime | None) -> str:
    """An instant as a value: UTC, whole seconds; "" for none."""
    return at.astimezone(UTC).strftime(FORMAT) if at else ""


def shown(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant as a display value: the reader's zone."""
    return at.astimezone(zone).strftime(FORMAT) if at else ""


def read_instant(text: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """An instant (UTC) from a value, an ISO time, a date, or a function such as `javascript:gs.daysAgo(3)`.

    What names no zone is UTC; functions reckon days in `zone`. None for anything else.
    """
    try:
        found = _read(text.strip(), now, zone)
    except OverflowError:
        return None
    # Room for what is reckoned from it.
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _read(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    call = _CALL.match(text)
    if call:
        return _called(call["name"], call["arguments"].replace("'", "").replace('"', ""), now, zone)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def read_stretch(text: str, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Both ends of `start@end` or `word@start@end`; None when either is no instant."""
    ends = [part for part in text.split("@") if part][-2:]
    if len(ends) == 1:
        start = read_instant(ends[0], now=now, zone=zone)
        return (start, start + _DAY - timedelta(seconds=1)) if start else None
    if len(ends) < 2:
        return None
    start, end = (read_instant(part, now=now, zone=zone) for part in ends)
    return (start, end) if start and end else None


def _called(name: str, arguments: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    first, _, second = (part.strip() for part in arguments.partition(","))
    if name == "dateGenerate":
        hour = second.replace("start", "00:00:00").replace("end", "23:59:59")
        return read_instant(f"{first} {hour}".strip(), now=now, zone=zone)
    if name in _NAMED:
        return _NAMED[name](now.astimezone(zone).date(), zone)
    ago = _AGO.match(name)
    if ago is None or not first.lstrip("-").isdigit() or abs(int(first)) > _LONGEST:
        return now if name in ("nowDateTime", "now") else None
    return _ago(ago["unit"], int(first), ago["edge"], now, zone)


def _ago(unit: str, many: int, edge: str | None, now: datetime, zone: ZoneInfo) -> datetime:
    if unit == "months":
        return _start(_months(now.astimezone(zone).date(), -many), zone)
    found = now - many * _UNITS[unit]
    day = found.astimezone(zone).date()
    return {"Start": _start, "End": _end}[edge](day, zone) if edge else found


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _end(day: date, zone: ZoneInfo) -> datetime:
    return _start(day + _DAY, zone) - timedelta(seconds=1)


def _months(day: date, many: int) -> date:
    index = day.year * 12 + day.month - 1 + many
    return date(min(max(index // 12, 1), 9999), index % 12 + 1, 1)


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


_NAMED: dict[str, Callable[[date, ZoneInfo], datetime]] = {
    "beginningOfToday": _start,
    "endOfToday": _end,
    "beginningOfYesterday": lambda day, zone: _start(day - _DAY, zone),
    "endOfYesterday": lambda day, zone: _end(day - _DAY, zone),
    "beginningOfTomorrow": lambda day, zone: _start(day + _DAY, zone),
    "endOfTomorrow": lambda day, zone: _end(day + _DAY, zone),
    "beginningOfThisWeek": lambda day, zone: _start(_week(day), zone),
    "endOfThisWeek": lambda day, zone: _end(_week(day) + 6 * _DAY, zone),
    "beginningOfLastWeek": lambda day, zone: _start(_week(day) - 7 * _DAY, zone),
    "endOfLastWeek": lambda day, zone: _end(_week(day) - _DAY, zone),
    "beginningOfThisMonth": lambda day, zone: _start(_months(day, 0), zone),
    "endOfThisMonth": lambda day, zone: _end(_months(day, 1) - _DAY, zone),
    "beginningOfLastMonth": lambda day, zone: _start(_months(day, -1), zone),
    "endOfLastMonth": lambda day, zone: _end(_months(day, 0) - _DAY, zone),
    "beginningOfThisYear": lambda day, zone: _start(date(day.year, 1, 1), zone),
    "endOfThisYear": lambda day, zone: _end(date(day.year, 12, 31), zone),
}
