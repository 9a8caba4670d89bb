"""Tables as files: a workbook with real numbers, and comma-separated values."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import xlsxwriter

from design.theme import TEXT_ON_COLOUR
from doors.engine.cells import inert
from reporting.engine.wording import NO_DATA
from tenancy.engine.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reporting.engine.documents import Cell, Head, Note, Sheet

DAY = 86_400
# Two decimals, so that 99.97 % is never shown as all.
_FORMATS = {
    "count": "#,##0",
    "number": "#,##0.00",
    "duration": "[h]:mm",
    "percent": "0.00%",
    "share": "0.00%",
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME_MOST = 31
_NARROWEST, _WIDEST = 12, 60


def workbook(
    sheets: Sequence[Sheet],
    *,
    title: str,
    colour: str,
    facts: Sequence[tuple[str, str]],
    notes: Sequence[Note],
    words: Mapping[str, str],
) -> bytes:
    """An XLSX file: a sheet for each table, then one of notes. `words` are those of `reporting.queries.documents`."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title})
        formats = _Formats(book, colour)
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(sheet_name(sheet.title, taken))
            _write(page, sheet, formats, words)
        page = book.add_worksheet(sheet_name(words["notes"], taken))
        _write_notes(page, title, facts, notes, formats, words)
    return target.getvalue()


class _Formats:
    """The formats of one workbook."""

    def __init__(self, book: Any, colour: str) -> None:
        self.head = book.add_format(
            {"bold": True, "font_color": TEXT_ON_COLOUR, "bg_color": colour, "text_wrap": True}
        )
        self.label = [book.add_format({"indent": depth, "text_wrap": True}) for depth in range(9)]
        self.total = book.add_format({"bold": True, "top": 1})
        self.none = book.add_format({"align": "right", "italic": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.number = {unit: book.add_format({"num_format": code}) for unit, code in _FORMATS.items()}
        self.number_total = {
            unit: book.add_format({"num_format": code, "bold": True, "top": 1})
            for unit, code in _FORMATS.items()
        }


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that spreadsheets accept and that no other sheet has; added to `taken`."""
    name = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("'")[:_NAME_MOST].strip("' ") or say("Sheet")
    if name.casefold() == "history":
        # Excel keeps this one for itself.
        name = say("History of records")
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        ending = f" {number}"
        found = name[: _NAME_MOST - len(ending)] + ending
    taken.add(found.casefold())
    return found


def _columns(sheet: Sheet, words: Mapping[str, str]) -> list[tuple[str, Head, int, bool]]:
    """Each column of the file: its head, the figure's, its place, and whether it is what rulings changed."""
    found = []
    for index, head in enumerate(sheet.columns):
        found.append((head.label, head, index, False))
        if any(line.cells[index].before for line in sheet.lines):
            found.append((words["before"] % {"what": head.label}, head, index, True))
    return found


def _write(page: Any, sheet: Sheet, formats: _Formats, words: Mapping[str, str]) -> None:
    columns = _columns(sheet, words)
    longest = max((len(line.label) + 2 * line.depth for line in sheet.lines), default=0)
    page.set_column(0, 0, min(max(longest, len(sheet.heading), _NARROWEST) + 2, _WIDEST))
    for position, (label, *_) in enumerate(columns, start=1):
        page.set_column(position, position, min(max(len(label), _NARROWEST) + 2, 24))
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    page.write_string(0, 0, sheet.heading, formats.head)
    for position, (label, *_) in enumerate(columns, start=1):
        page.write_string(0, position, label, formats.head)
    if sheet.is_empty:
        page.write_string(1, 0, words["no_data"])
    for row, line in enumerate(sheet.lines, start=1):
        depth = formats.label[min(line.depth, 8)]
        page.write_string(row, 0, line.label, formats.total if line.is_total else depth)
        for position, (_, head, index, is_before) in enumerate(columns, start=1):
            number = _number(line.cells[index], head, is_before=is_before)
            if number is None:
                page.write_string(row, position, words["no_data"], formats.none)
            else:
                known = formats.number_total if line.is_total else formats.number
                page.write_number(row, position, number, known[head.unit])


def _number(cell: Cell, head: Head, *, is_before: bool) -> float | None:
    value = cell.measured if is_before or not cell.before else cell.ruled
    if value is None:
        return None
    if head.unit == "duration":
        return value / DAY
    return value / 100 if head.unit in ("percent", "share") else value


def _write_notes(
    page: Any,
    title: str,
    facts: Sequence[tuple[str, str]],
    notes: Sequence[Note],
    formats: _Formats,
    words: Mapping[str, str],
) -> None:
    page.set_column(0, 0, 34)
    page.set_column(1, 2, _WIDEST)
    page.write_string(0, 0, title, formats.bold)
    row = 1
    for name, value in facts:
        page.write_string(row, 0, name, formats.bold)
        page.write_string(row, 1, value, formats.wrap)
        row += 1
    for position, label in enumerate((words["figure"], words["formula"], words["exclusions"])):
        page.write_string(row + 1, position, label, formats.head)
    for number, note in enumerate(notes, start=row + 2):
        page.write_string(number, 0, note.name, formats.bold)
        page.write_string(number, 1, note.formula, formats.wrap)
        page.write_string(number, 2, note.exclusions, formats.wrap)


def values(sheets: Sequence[Sheet], *, words: Mapping[str, str]) -> str:
    """Tables one under the other as comma-separated values, an empty row between them; durations in seconds."""
    target = io.StringIO()
    writer = csv.writer(target)
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        columns = _columns(sheet, words)
        writer.writerow([inert(sheet.title)])
        writer.writerow([inert(each) for each in (sheet.heading, *(label for label, *_ in columns))])
        if sheet.is_empty:
            writer.writerow([words["no_data"]])
        for line in sheet.lines:
            writer.writerow(
                [inert(line.label), *(_plain(line.cells[index], before) for _, _, index, before in columns)]
            )
    return target.getvalue()


def _plain(cell: Cell, is_before: bool) -> str:  # noqa: FBT001  which of a pair
    value = cell.measured if is_before or not cell.before else cell.ruled
    return say(NO_DATA) if value is None else f"{value:.15g}"
