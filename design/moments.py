"""Instants and durations in words, in the GOV.UK manner and the reader's time zone and language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext, ngettext

from design.languages import once_per_language, spoken

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOON = 12
# So many different "5 hours" of every language are kept; a list shows the same ones again and again.
SPANS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Phrases:
    """What instants are made of in one language, for whoever words many; the months count from 1."""

    language: str | None
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    date_at_time: str
    midnight: str
    midday: str
    now: str
    past: str
    future: str

    def long_date(self, local: date) -> str:
        """22 November 2026."""
        return f"{local.day} {self.months[local.month]} {local.year}"

    def long_moment(self, local: datetime) -> str:
        """22 November 2026 at 2:05pm, for an instant in the reader's zone."""
        return self.date_at_time % {"date": self.long_date(local), "time": self.clock_time(local)}

    def short_moment(self, local: datetime) -> str:
        """22 Nov 2026, 14:05, for an instant in the reader's zone."""
        month = self.short_months[local.month]
        return f"{local.day} {month} {local.year}, {local.hour:02d}:{local.minute:02d}"

    def clock_time(self, local: datetime) -> str:
        """2:05pm, 5pm, midday or midnight, for an instant in the reader's zone."""
        if not local.minute and local.hour in (0, NOON):
            return self.midday if local.hour else self.midnight
        hour = local.hour % NOON or NOON
        half = "am" if local.hour < NOON else "pm"
        minutes = f":{local.minute:02d}" if local.minute else ""
        return f"{hour}{minutes}{half}"

    def ago(self, at: datetime, *, now: datetime) -> str:
        """3 minutes ago, in 2 hours, just now."""
        seconds = round((now - at).total_seconds())
        size = abs(seconds)
        if size < MINUTE:
            return self.now
        unit, length = ("minute", MINUTE) if size < HOUR else ("hour", HOUR) if size < DAY else ("day", DAY)
        words = _count_words(self.language, unit, size // length)
        return (self.past if seconds > 0 else self.future) % {"span": words}


@once_per_language
def phrases() -> Phrases:
    """The phrases of the reader's language."""
    return Phrases(
        language=spoken(),
        months=("", *(str(MONTHS[number]) for number in range(1, 13))),
        short_months=("", *(str(MONTHS_3[number]).title() for number in range(1, 13))),
        date_at_time=gettext("%(date)s at %(time)s"),
        midnight=gettext("midnight"),
        midday=gettext("midday"),
        now=gettext("just now"),
        past=gettext("%(span)s ago"),
        future=gettext("in %(span)s"),
    )


def clock_time(at: datetime) -> str:
    """Time of day in the reader's zone: 2:05pm, 5pm, midday, midnight."""
    return phrases().clock_time(timezone.localtime(at))


def long_date(day: date) -> str:
    """22 November 2026. An instant is taken in the reader's zone, a plain date as it is."""
    return phrases().long_date(timezone.localtime(day) if isinstance(day, datetime) else day)


def long_moment(at: datetime) -> str:
    """22 November 2026 at 2:05pm, in the reader's zone."""
    return phrases().long_moment(timezone.localtime(at))


def short_moment(at: datetime) -> str:
    """22 Nov 2026, 14:05, in the reader's zone; for tables."""
    return phrases().short_moment(timezone.localtime(at))


def machine_moment(at: datetime) -> str:
    """The datetime attribute of a time element: UTC, to the second."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def duration_words(span: float | timedelta, *, days: bool = False) -> str:
    """3 hours 20 minutes; under a minute in seconds. Hours never turn into days unless days=True.

    Working time is counted in hours because a working day has no fixed length; days=True is for
    wall time, where a day has 24 hours. The sign is ignored.
    """
    whole_days, hours, minutes, seconds = _parts(span, days=days)
    counts = {"day": whole_days, "hour": hours, "minute": 0 if whole_days else minutes}
    parts = [count_words(unit, count) for unit, count in counts.items() if count]
    return " ".join(parts) or count_words("second", seconds)


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
    return phrases().ago(at, now=now)


def count_words(unit: str, count: int) -> str:
    """1 day, 2 days. Units: day, hour, minute, second."""
    return _count_words(spoken(), unit, count)


@lru_cache(maxsize=SPANS_KEPT)
def _count_words(_language: str | None, unit: str, count: int) -> str:
    if unit == "day":
        words = ngettext("%(count)d day", "%(count)d days", count)
    elif unit == "hour":
        words = ngettext("%(count)d hour", "%(count)d hours", count)
    elif unit == "minute":
        words = ngettext("%(count)d minute", "%(count)d minutes", count)
    else:
        words = ngettext("%(count)d second", "%(count)d seconds", count)
    return words % {"count": count}


def _parts(span: float | timedelta, *, days: bool) -> tuple[int, int, int, int]:
    seconds = abs(int(span.total_seconds() if isinstance(span, timedelta) else span))
    whole_days, seconds = divmod(seconds, DAY) if days else (0, seconds)
    hours, seconds = divmod(seconds, HOUR)
    minutes, seconds = divmod(seconds, MINUTE)
    return whole_days, hours, minutes, seconds
