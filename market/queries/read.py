"""Rows as the market shows them: each field a value and a display value, whatever it is here."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from market.engine.query import Query
from market.engine.times import shown, written
from market.queries.compile import ordered, rows_of
from market.queries.conditions import Reading
from market.queries.fields import NO_CHOICES, Field, Table
from market.queries.tables import find_field, is_supplier
from records.models import Comment, WorkNote


class Cell(NamedTuple):
    """A field of a row: value, display value, and the table that it refers to ("" for none)."""

    value: str
    display: str
    table: str = ""


Row = dict[str, Cell]
NO_CELL = Cell("", "")


def asked_fields(table: Table, names: Sequence[str], reading: Reading) -> list[Field]:
    """The fields with these names, those left out that there are none of; all of the table's for no name."""
    if not names:
        return [
            field for field in table.fields.values() if not (field.is_ours and is_supplier(reading.actor))
        ]
    found = (find_field(table, name, reading.actor) for name in names)
    return [field for field in found if field is not None]


def page_of(
    table: Table, query: Query, reading: Reading, *, limit: int, offset: int
) -> tuple[list[UUID], QuerySet[Any]]:
    """The keys of a page of rows, in order, and all rows that the query asks for (to be counted)."""
    rows = rows_of(table, query, reading)
    keys = ordered(rows, table, query.order, reading).values_list("pk", flat=True)[offset : offset + limit]
    return list(keys), rows


def read_rows(
    table: Table, keys: Sequence[UUID], fields: Sequence[Field], reading: Reading, *, with_words: bool
) -> list[Row]:
    """The rows with these keys, which the caller was found to see, in the order given.

    `with_words`: also what was said on them, which only display values hold.
    """
    headers = _columns(table.model, keys, [field for field in fields if not field.is_detail])
    details: Mapping[UUID, Mapping[str, Any]] = {}
    beside = [field for field in fields if field.is_detail]
    if beside and table.detail is not None:
        details = _columns(table.detail, keys, beside)
    asked = {field.name for field in fields if field.kind == "journal"}
    words = _words(keys, asked, reading) if asked and with_words else {}
    # What is the same in every row is written once.
    said = {field.name: Cell(field.said, field.said) for field in fields if field.kind == "said"}
    told = [field for field in fields if field.kind != "said"]
    rows = []
    for key in keys:
        if key not in headers:
            continue
        row = dict(said)
        for field in told:
            if field.kind == "journal":
                row[field.name] = Cell("", words.get((key, field.name), ""))
            else:
                held = details.get(key, {}) if field.is_detail else headers[key]
                row[field.name] = cell_of(field, held, reading)
        rows.append(row)
    return rows


def _columns(model: Any, keys: Collection[UUID], fields: Iterable[Field]) -> dict[UUID, dict[str, Any]]:
    paths = list(dict.fromkeys(path for field in fields for path in field.paths if path != "pk"))
    rows = model.objects.filter(pk__in=keys).values_list("pk", *paths)
    return {key: dict(zip(paths, values, strict=True)) | {"pk": key} for key, *values in rows}


def cell_of(field: Field, held: Mapping[str, Any], reading: Reading) -> Cell:
    """A field's value and display value, from the columns of its row."""
    value = held.get(field.path)
    if value is None and field.kind != "choice":
        return Cell("", "", field.table)
    return _CELLS.get(field.kind, _text)(field, value, held, reading)


def _text(field: Field, value: Any, held: Mapping[str, Any], _reading: Reading) -> Cell:
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if field.said in ("first", "last"):
        first, _, last = text.partition(" ")
        text = first if field.said == "first" else last
    return Cell(text, str(held.get(field.display) or text) if field.display else text)


def _id(_field: Field, value: Any, _held: Mapping[str, Any], _: Reading) -> Cell:
    return Cell(value.hex, value.hex)


def _instant(_field: Field, value: datetime, _held: Mapping[str, Any], reading: Reading) -> Cell:
    return Cell(written(value), shown(value, reading.zone))


def _choice(field: Field, value: Any, _held: Mapping[str, Any], _: Reading) -> Cell:
    choices = field.choices or NO_CHOICES
    if value in (None, ""):
        return NO_CELL
    theirs = choices.value(value)
    return Cell(theirs, choices.label(theirs) if theirs else "")


def _reference(field: Field, value: UUID, held: Mapping[str, Any], _: Reading) -> Cell:
    return Cell(value.hex, str(held.get(field.display) or ""), field.table)


_CELLS: dict[str, Callable[[Field, Any, Mapping[str, Any], Reading], Cell]] = {
    "id": _id,
    "link": _id,
    "instant": _instant,
    "choice": _choice,
    "reference": _reference,
}
_JOURNALS: dict[str, tuple[Any, ...]] = {
    "comments": (Comment,),
    "work_notes": (WorkNote,),
    "comments_and_work_notes": (Comment, WorkNote),
}
_CALLED: dict[type[Any], str] = {Comment: "Additional comments", WorkNote: "Work notes"}


def _words(keys: Collection[UUID], names: Collection[str], reading: Reading) -> dict[tuple[UUID, str], str]:
    """What was said on records, newest first, as the market's product writes a journal."""
    said: dict[type[Any], list[tuple[UUID, datetime, str, str]]] = {}
    for model in {model for name in names for model in _JOURNALS[name]}:
        rows = model.objects.filter(record_id__in=keys).values_list(
            "record_id", "written_at", "author_name", "body"
        )
        said[model] = list(rows)
    found: dict[tuple[UUID, str], str] = {}
    for name in names:
        entries = [(*row, _CALLED[model]) for model in _JOURNALS[name] for row in said[model]]
        for key, at, author, body, called in sorted(entries, key=lambda entry: entry[1], reverse=True):
            text = f"{shown(at, reading.zone)} - {author} ({called})\n{body}\n\n"
            found[key, name] = found.get((key, name), "") + text
    return found
