"""Cells of tables that are given out as comma-separated values."""

import csv
import io
from collections.abc import Iterable, Iterator

# What a spreadsheet takes for the start of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def lines_of_cells(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Rows of texts as comma-separated values, a line at a time, none of them a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
        yield target.getvalue()
        target.seek(0)
        target.truncate()
