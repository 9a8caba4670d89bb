"""Figures as people read them."""

from reporting.engine.columns import Unit
from tenancy.engine.words import say, word

NO_DATA = word("No data")


def in_words(value: float | None, unit: Unit) -> str:
    """A figure with its unit. Where nothing was counted it says so, and never 0 or 100 %."""
    if value is None:
        return say(NO_DATA)
    if unit in ("percent", "share"):
        return f"{_rounded(value):,.1f} %"
    if unit == "duration":
        return duration(value)
    return f"{value:,.2f}" if unit == "number" else f"{value:,.0f}"


def _rounded(percent: float) -> float:
    """To one decimal, but never up to all or down to nothing: 99.97 % is not 100 %."""
    if 99.9 < percent < 100:
        return 99.9
    return 0.1 if 0 < percent < 0.1 else percent


def duration(seconds: float) -> str:
    """Hours and minutes; under a minute in seconds."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min"
