"""The lines of the list of incidents as markup."""

from collections.abc import Iterable
from datetime import datetime

from django.forms.utils import flatatt
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from design.clocks import chips_in_list
from design.moments import machine_moment, phrases
from design.patterns import Pattern
from desk.engine.pages import IncidentRow

CURRENT = flatatt({"aria-current": "true"})
_row = Pattern("desk/incidents/row.html")


def table_lines(rows: Iterable[IncidentRow], *, link: str, selected: str, now: datetime) -> SafeString:
    """Every line of the table. `link` is the address of an incident in this list but for its number."""
    fill, chip, moments, zone = _row.in_language(), chips_in_list(), phrases(), get_current_timezone()
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
