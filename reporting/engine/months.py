"""When a monthly report is due, and which month it tells of."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reporting.engine.questions import Month


def due_after(after: datetime, *, day: int, hour: int, zone: str) -> datetime:
    """The first instant (UTC) after `after` at which it is so many hours on that day of a month in the zone.

    An hour that the clocks skip counts as the one that follows; of one that comes twice it is the first.
    """
    local = after.astimezone(ZoneInfo(zone))
    month = Month.of(local.date())
    while True:
        at = datetime(month.year, month.month, day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if at > after:
            return at
        month = month.plus(1)


def month_told(due: datetime, *, zone: str) -> Month:
    """The month before the one that a report falls due in."""
    return Month.of(due.astimezone(ZoneInfo(zone)).date()).plus(-1)
