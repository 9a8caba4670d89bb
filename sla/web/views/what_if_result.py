"""What a draft comes to, for its page: sentences, tallies as tables, and the records that would change."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from doors.engine.keyset import CursorError, Order, page_of
from people.public import Actor
from records.public import kind_of
from sla.engine.verdicts import DIRECTIONS, Tallies
from sla.queries.drafts import ChangeLine, change_lines, changes_of
from sla.queries.what_if import (
    DIRECTION_WORDS,
    TallyLine,
    measure_words,
    place_names,
    sentences,
    tally_line,
    tally_lines,
)

PAGE_LENGTH = 50
ORDER = Order("id", is_descending=False)
_FILTERED = ("provider", "service")


def result_of(request: HttpRequest, actor: Actor, run: Any) -> dict[str, Any]:
    """What the page shows of a finished run."""
    tallies = Tallies.of(run.tallies)
    return {
        "run": run,
        "sentences": sentences(tallies),
        "records": tallies.records,
        "records_changed": tallies.records_changed,
        "total": _line(tally_line(tallies.total, name=_("All")), ""),
        "tables": [_table(dimension, tallies) for dimension in ("provider", "service")],
        "more_tables": [_table(dimension, tallies) for dimension in ("measure", "priority", "month")],
    } | _changes(request, actor, run, tallies)


def _table(dimension: str, tallies: Tallies) -> dict[str, Any]:
    titles = {
        "provider": _("By provider"),
        "service": _("By service"),
        "measure": _("By promise"),
        "priority": _("By priority"),
        "month": _("By month of opening"),
    }
    lines = [
        _line(line, dimension if dimension in _FILTERED and line.key else "")
        for line in tally_lines(dimension, tallies)
    ]
    return {
        "title": titles[dimension],
        "heading": titles[dimension].partition(" ")[2].capitalize(),
        "lines": lines,
    }


def _line(line: TallyLine, dimension: str) -> dict[str, Any]:
    return asdict(line) | {"url": f"?{dimension}={line.key}#changed" if dimension else ""}


def _changes(request: HttpRequest, actor: Actor, run: Any, tallies: Tallies) -> dict[str, Any]:
    chosen = {name: request.GET.get(name, "") for name in (*_FILTERED, "direction")}
    direction = chosen["direction"] if chosen["direction"] in DIRECTIONS else ""
    rows = changes_of(
        actor, run, service=_key(chosen["service"]), provider=_key(chosen["provider"]), direction=direction
    )
    cursor = request.GET.get("cursor", "")
    try:
        page = page_of(rows, order=ORDER, limit=PAGE_LENGTH, cursor=cursor, read=_lines)
    except CursorError:
        page = page_of(rows, order=ORDER, limit=PAGE_LENGTH, read=_lines)
    names = {dimension: place_names(dimension, tallies.by[dimension]) for dimension in _FILTERED}
    return {
        "lines": [_change(row, names) for row in page.rows],
        "next_url": _address(chosen, page.next_cursor),
        "previous_url": _address(chosen, page.previous_cursor),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "providers": [(place, name) for place, name in names["provider"].items() if place],
        "services": [(place, name) for place, name in names["service"].items() if place],
        "directions": [(name, str(DIRECTION_WORDS[name])) for name in DIRECTIONS],
    }


def _lines(*, keys: Collection[UUID]) -> Iterable[ChangeLine]:
    return change_lines(keys)


def _change(row: Any, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "number": row.number,
        "url": f"/desk/{kind_of(row.kind_of_record).feed}/{row.number}/",
        "title": row.title,
        "code": row.code,
        "measure": measure_words(f"{row.kind}:{row.metric}"),
        "service": names["service"].get(str(row.service or ""), ""),
        "provider": names["provider"].get(str(row.provider or ""), ""),
        "direction": row.direction,
        "direction_words": DIRECTION_WORDS[row.direction],
        "now": {"verdict": row.before, "due_at": row.due_before},
        "then": {"verdict": row.after, "due_at": row.due_after},
    }


def _key(text: str) -> UUID | None:
    """A key from the address; something else is no filter."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _address(chosen: dict[str, str], cursor: str) -> str:
    if not cursor:
        return ""
    query = "&".join(f"{name}={value}" for name, value in {**chosen, "cursor": cursor}.items() if value)
    return f"?{query}#changed"
