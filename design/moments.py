"""Instants and durations in words, in the GOV.UK manner and the reader's time zone and language."""

from datetime import UTC, date, datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.translation import gettext, ngettext

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOON = 12


def clock_time(at: datetime) -> str:
    """Time of day in the reader's zone: 2:05pm, 5pm, midday, midnight."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) == (0, 0):
        return gettext("midnight")
    if (local.hour, local.minute) == (NOON, 0):
        return gettext("midday")
    hour = local.hour % NOON or NOON
    half = "am" if local.hour < NOON else "pm"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minutes}{half}"


def long_date(day: date) -> str:
    """22 November 2026. An instant is taken in the reader's zone, a plain date as it is."""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return dateformat.format(local, "j F Y")


def long_moment(at: datetime) -> str:
    """22 November 2026 at 2:05pm, in the reader's zone."""
    return gettext("%(date)s at %(time)s") % {"date": long_date(at), "time": clock_time(at)}


def short_moment(at: datetime) -> str:
    """22 Nov 2026, 14:05, in the reader's zone; for tables."""
    return dateformat.format(timezone.localtime(at), "j M Y, H:i")


def machine_moment(at: datetime) -> str:
    """The datetime attribute of a time element: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def duration_words(span: float | timedelta, *, days: bool = False) -> str:
    """3 hours 20 minutes; under a minute in seconds. Hours never turn into days unless days=True.

    Working time is counted in hours because a working day has no fixed length; days=True is for
    wall time, where a day has 24 hours. The sign is ignored.
    """
    whole_days, hours, minutes, seconds = _parts(span, days=days)
    parts = [
        ngettext("%(count)d day", "%(count)d days", whole_days) % {"count": whole_days} if whole_days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        if minutes and not whole_days
        else "",
    ]
    words = " ".join(part for part in parts if part)
    return words or ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}


def duration_short(span: float | timedelta, *, days: bool = False) -> str:
    """3h 20m, 45m, 30s; with days=True 2d 4h. The sign is ignored."""
    whole_days, hours, minutes, seconds = _parts(span, days=days)
    if whole_days:
        return f"{whole_days}d {hours}h" if hours else f"{whole_days}d"
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m" if minutes else f"{seconds}s"


def ago(at: datetime, *, now: datetime) -> str:
    """Wall time since or until an instant, in its largest unit: 3 minutes ago, in 2 hours."""
    seconds = round((now - at).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return gettext("just now")
    if size < HOUR:
        count = size // MINUTE
        words = ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    elif size < DAY:
        count = size // HOUR
        words = ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    else:
        count = size // DAY
        words = ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    return (gettext("%(span)s ago") if seconds > 0 else gettext("in %(span)s")) % {"span": words}


def _parts(span: float | timedelta, *, days: bool) -> tuple[int, int, int, int]:
    seconds = abs(int(span.total_seconds() if isinstance(span, timedelta) else span))
    whole_days, seconds = divmod(seconds, DAY) if days else (0, seconds)
    hours, seconds = divmod(seconds, HOUR)
    minutes, seconds = divmod(seconds, MINUTE)
    return whole_days, hours, minutes, seconds
