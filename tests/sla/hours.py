"""The calendars that histories are drawn for: as the engine has them, and looked up instant by instant."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar

_LONDON_ZONE = ZoneInfo("Europe/London")


def office_is_open(at: int) -> bool:
    """Monday to Friday 09:00 to 12:30 and 13:30 to 17:00 UTC, not on 6 January 2026."""
    moment = datetime.fromtimestamp(at, UTC)
    minutes = moment.hour * 60 + moment.minute
    if moment.weekday() >= 5 or moment.date().isoformat() == "2026-01-06":
        return False
    return 540 <= minutes < 750 or 810 <= minutes < 1020


def london_is_open(at: int) -> bool:
    """Office hours with lunch by the clock of London, the small hours of Sunday, when it changes; some days never."""
    moment = datetime.fromtimestamp(at, _LONDON_ZONE)
    minutes = moment.hour * 60 + moment.minute
    if moment.date().isoformat() in ("2026-01-06", "2026-03-31", "2026-10-27"):
        return False
    if moment.weekday() == 6:
        return 30 <= minutes < 330
    return moment.weekday() < 5 and (540 <= minutes < 750 or 810 <= minutes < 1020)


def always_is_open(at: int) -> bool:
    """Around the clock."""
    return at > 0


_HOURS = [["09:00", "12:30"], ["13:30", "17:00"]]
_OFFICE = WorkingTime(
    parse_calendar(
        {
            "zone": "UTC",
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS),
            "holidays": ["2026-01-06"],
        }
    )
)
_ALWAYS = WorkingTime(parse_calendar({"zone": "UTC", "always": True}))
_LONDON = WorkingTime(
    parse_calendar(
        {
            "zone": "Europe/London",
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS)
            | {"sun": [["00:30", "05:30"]]},
            "holidays": ["2026-01-06", "2026-03-31", "2026-10-27"],
        }
    )
)
_WORKING = {"office": _OFFICE, "always": _ALWAYS, "london": _LONDON}
CALENDARS = {code: CalendarVersions([(0, working)]) for code, working in _WORKING.items()}
IS_OPEN: dict[str, Callable[[int], bool]] = {
    "office": office_is_open,
    "always": always_is_open,
    "london": london_is_open,
}
