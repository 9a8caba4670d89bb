"""A report as plain data: what stands on its pages and in its sheets, and what its digest is of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from design.theme import MINIMUM_CONTRAST, TEXT_ON_COLOUR, ColourError, contrast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# GOV.UK's black: stands in for a colour that white text on it, or it on white, could not be read by.
READABLE = "#0b0c0c"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as measured and as ruled (None: no data), and both in words. `before` is "" where no ruling changed it.

    Durations are in seconds, percents of a hundred.
    """

    measured: float | None
    ruled: float | None
    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row; `key` names it among its like, `depth` indents it."""

    label: str
    key: str
    cells: tuple[Cell, ...]
    depth: int = 0
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head."""

    code: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `chart` is the column that bars are drawn of, None for none; without lines there is no data."""

    code: str
    title: str
    heading: str
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    chart: int | None = None
    part: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class Note:
    """How something is counted, and what is left out of it."""

    name: str
    formula: str
    exclusions: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report. `facts` are pairs of words that head it; `words` are the fixed ones of its language."""

    kind: str
    title: str
    tenant: str
    colour: str
    language: str
    period: str
    known: str
    facts: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...]
    words: Mapping[str, str]


def readable_colour(colour: str) -> str:
    """The tenant's colour where it can be read on white and white on it, else black."""
    try:
        return colour.lower() if contrast(one=colour, other=TEXT_ON_COLOUR) >= MINIMUM_CONTRAST else READABLE
    except ColourError:
        return READABLE


def canonical(document: Document) -> str:
    """The one text that a report is frozen as: JSON, keys in order, no white space that means nothing."""
    return json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """SHA-256 of a frozen report, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def thawed(text: str) -> Document:
    """The report that a text was frozen of. Raises ValueError, KeyError or TypeError when it is none."""
    found: dict[str, Any] = json.loads(text)
    found["facts"] = tuple((str(name), str(value)) for name, value in found["facts"])
    found["sheets"] = tuple(_sheet(each) for each in found["sheets"])
    found["notes"] = tuple(Note(**each) for each in found["notes"])
    return Document(**found)


def _sheet(found: dict[str, Any]) -> Sheet:
    columns = tuple(Head(**each) for each in found.pop("columns"))
    lines = tuple(
        Line(**{**each, "cells": tuple(Cell(**cell) for cell in each["cells"])})
        for each in found.pop("lines")
    )
    return Sheet(columns=columns, lines=lines, **found)


class Difference(NamedTuple):
    """A figure that is not what it was; "" where there was or is none."""

    table: str
    row: str
    column: str
    then: str
    now: str


def differences(then: Document, now: Document) -> list[Difference]:
    """What today's figures for the same question say otherwise, table by table in the report's order."""
    before, after = _figures(then.sheets), _figures(now.sheets)
    return [
        Difference(*(before.get(place) or after[place])[0], _words(before, place), _words(after, place))
        for place in dict.fromkeys((*before, *after))
        if (before[place][1:] if place in before else None) != (after[place][1:] if place in after else None)
    ]


_Place = tuple[str, str, bool, str]
_Found = tuple[tuple[str, str, str], float | None, float | None, str]


def _figures(sheets: Sequence[Sheet]) -> dict[_Place, _Found]:
    return {
        (sheet.code, line.key, line.is_total, head.code): (
            (sheet.title, line.label, head.label),
            cell.measured,
            cell.ruled,
            cell.text,
        )
        for sheet in sheets
        for line in sheet.lines
        for head, cell in zip(sheet.columns, line.cells, strict=True)
    }


def _words(found: Mapping[_Place, _Found], place: _Place) -> str:
    return found[place][3] if place in found else ""
