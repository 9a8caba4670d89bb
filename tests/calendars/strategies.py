"""Random calendars, and moments near which the clocks change."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from calendars.engine import CalendarSpec

# Days on or around which the clocks of the zone go forward or back, and a quiet one.
CHANGES = {
    "UTC": (date(2026, 3, 1),),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 10)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2025, 12, 31)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4), date(2026, 1, 1)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
}
# Minutes of the day, thick where clocks change and at the edges of the day.
_EDGES = (0, 15, 45, 60, 75, 90, 105, 119, 120, 135, 150, 180, 360, 540, 750, 795, 1050, 1320, 1410, 1440)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Draw one day's open intervals in seconds, up to three, some of them touching."""
    edges = sorted(draw(st.lists(st.sampled_from(_EDGES), max_size=6, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    if draw(st.booleans()) and len(pairs) > 1:
        pairs[0] = (pairs[0][0], pairs[1][0])
    return tuple((start * 60, end * 60) for start, end in pairs)


@st.composite
def calendars_and_days(draw: st.DrawFn) -> tuple[CalendarSpec, date]:
    """Draw a calendar and a day near which something happens in it: clock changes, holidays, exceptions."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[zone]))
    near = st.integers(min_value=-3, max_value=3).map(lambda offset: day + timedelta(days=offset))
    week = draw(st.lists(days(), min_size=1, max_size=3))
    spec = CalendarSpec(
        zone=zone,
        weekly=tuple(week[index % len(week)] for index in range(7)),
        holidays=draw(st.frozensets(near, max_size=2)),
        exceptions=draw(st.dictionaries(near, days(), max_size=2)),
    )
    return spec, day
