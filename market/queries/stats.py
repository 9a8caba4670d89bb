"""Counts and sums over the rows of a table, grouped."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Avg, Count, Max, Min, Sum

from market.engine.query import Query
from market.queries.compile import rows_of
from market.queries.conditions import Reading
from market.queries.fields import Field, Table
from market.queries.read import Cell, cell_of
from market.queries.tables import find_field

_FIGURES = {"avg": Avg, "min": Min, "max": Max, "sum": Sum}
_NUMBERS = ("whole", "decimal")
_ORDERED = (*_NUMBERS, "instant", "text")
# Of what each can be taken; of anything else it is left out.
_REACHES = {"avg": _NUMBERS, "sum": _NUMBERS, "min": _ORDERED, "max": _ORDERED}
MOST_GROUPS = 10_000


def stats_of(
    table: Table,
    query: Query,
    reading: Reading,
    *,
    group_by: Sequence[str],
    with_count: bool,
    figures: Mapping[str, Sequence[str]],
) -> list[tuple[dict[str, Cell], dict[str, Any]]]:
    """Each group's values and its figures (`count`, and by sort and field). One group of no values without `group_by`.

    Fields beside the header, and those that there are none of, are left out.
    """
    rows = rows_of(table, query, reading).order_by()
    by = [field for field in (_plain(table, name, reading) for name in group_by) if field is not None]
    wanted: dict[str, Any] = {"rows_there": Count("pk")} if with_count else {}
    names: dict[str, tuple[str, str]] = {}
    for sort, fields in figures.items():
        for name in fields:
            field = _plain(table, name, reading)
            if field is not None and field.kind in _REACHES[sort]:
                names[f"{sort}_{len(names)}"] = (sort, name)
                wanted[f"{sort}_{len(names) - 1}"] = _FIGURES[sort](field.path)
    if not wanted:
        return []
    if not by:
        return [({}, _figures(rows.aggregate(**wanted), names))]
    paths = list(dict.fromkeys(path for field in by for path in field.paths))
    found: dict[tuple[Cell, ...], dict[str, Any]] = {}
    for row in rows.values(*paths).annotate(**wanted).order_by(*paths)[:MOST_GROUPS]:
        cells = tuple(cell_of(field, row, reading) for field in by)
        here = _figures(row, names)
        # Several of our values may be one of theirs.
        before = found.get(cells)
        if before and "count" in here:
            here["count"] += before["count"]
        found[cells] = here
    return [
        (dict(zip((field.name for field in by), cells, strict=True)), here) for cells, here in found.items()
    ]


def _plain(table: Table, name: str, reading: Reading) -> Field | None:
    field = find_field(table, name, reading.actor)
    return field if field is not None and field.path and not field.is_detail else None


def _figures(row: dict[str, Any], names: dict[str, tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "rows_there" in row:
        found["count"] = row["rows_there"]
    for column, (sort, name) in names.items():
        found.setdefault(sort, {})[name] = row[column]
    return found
