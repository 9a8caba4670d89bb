"""What a dashboard is made of: sections of columns, each column a sum or a ratio of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tenancy.engine.words import word

Unit = Literal["count", "percent", "duration", "number", "share"]
By = Literal["month", "service", "organisation", "support_group", "provider", "priority", "target"]
BREAKDOWNS: dict[By, str] = {
    "month": word("Month"),
    "service": word("Service"),
    "organisation": word("Business unit"),
    "support_group": word("Support group"),
    "provider": word("Supplier"),
    "priority": word("Priority"),
    "target": word("Target"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A figure: the sum of measures (`over`), or its ratio to another sum (`under`).

    percent: over / under of a hundred. number, duration: over / under, or over where `under` is empty.
    share: over of all rows' over. `days` narrows measures that bear days to [today + first, today + second), None
    standing for no bound.
    """

    code: str
    label: str
    over: tuple[str, ...]
    under: tuple[str, ...] = ()
    unit: Unit = "count"
    days: tuple[int | None, int | None] | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that the figure is made of."""
        return tuple(dict.fromkeys((*self.under, *self.over)))


@dataclass(frozen=True, slots=True)
class Section:
    """One table, and which of its columns the chart beside it draws. Left out where none of its measures has facts."""

    code: str
    title: str
    columns: tuple[Column, ...]
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard. `by` are the breakdowns that make sense, the first of them unless asked otherwise.

    `headlines` are those of its columns that tell most at a glance, with a name that needs no table around it.
    """

    code: str
    title: str
    lede: str
    by: tuple[By, ...]
    sections: tuple[Section, ...]
    headlines: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> dict[str, Column]:
        """Every column by its code."""
        return {column.code: column for section in self.sections for column in section.columns}

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that the board sums."""
        return tuple(dict.fromkeys(code for column in self.columns.values() for code in column.measures))
