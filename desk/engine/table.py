"""The lines of a list of records as markup."""

from collections.abc import Iterable
from datetime import datetime

from django.forms.utils import flatatt
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from design.clocks import chips_in_list
from design.moments import machine_moment, phrases
from design.patterns import Pattern
from desk.engine.kinds import LISTINGS
from desk.engine.pages import RecordRow

CURRENT = flatatt({"aria-current": "true"})
_rows = {kind: Pattern(f"desk/{listing.feed}/row.html") for kind, listing in LISTINGS.items()}


def table_lines(
    rows: Iterable[RecordRow], *, kind: str, link: str, selected: str, now: datetime
) -> SafeString:
    """Every line of a kind's table. `link` is the address of a record in this list but for its number."""
    fill, chip, moments, zone = _rows[kind].in_language(), chips_in_list(), phrases(), get_current_timezone()
    lines = []
    for row in rows:
        second = row.second
        line = fill(
            number=row.number,
            version=row.version,
            url=f"{link}{row.number}",
            current=CURRENT if row.number == selected else "",
            title=row.title,
            second=f"{second} · " if second else "",
            opened=machine_moment(row.opened_at),
            opened_words=moments.short_moment(row.opened_at.astimezone(zone)),
            ago=moments.ago(row.opened_at, now=now),
            priority=row.priority,
            level=row.priority or "–",
            clock=chip(row.clock) if row.clock else "",
            state=row.state,
            assignee=row.assignee or "–",
        )
        lines.append(line)
    return format_html_join("", "{}", zip(lines, strict=True))
