"""A dashboard's tables, filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from people.public import get_tenant
from reporting.engine.columns import BREAKDOWNS, Board, By, Column, Section
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Month, Question
from reporting.queries.figures import NOTHING, Answer, Figure, answer, known_at
from reporting.queries.parts import Part, parts_of
from tenancy.engine.scope import current_tenant_id


class Value(NamedTuple):
    """A number of a table: as measured and as ruled, None where there is no data. Durations in seconds, percent 0-100.

    `over` and `under` are the sums it was made of.
    """

    column: Column
    measured: float | None
    ruled: float | None
    over: Figure
    under: Figure | None


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the breakdown; `key` is it as text, "" for none and for the total. `depth` indents a tree."""

    label: str
    key: str
    values: tuple[Value, ...]
    depth: int = 0
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A filled section. The total is the sum of the rows; `is_empty` where nothing was counted at all."""

    section: Section
    by: By
    heading: str
    rows: tuple[Row, ...]
    total: Row
    is_empty: bool


@dataclass(frozen=True, slots=True)
class FilledBoard:
    """A dashboard as of an instant (UTC) up to which its figures know what happened."""

    board: Board
    question: Question
    by: By
    tables: tuple[Table, ...]
    known_at: datetime


def fill(board: Board, question: Question, *, by: By, now: datetime) -> FilledBoard:
    """Answer a dashboard's question, broken down by a dimension or by month. Constant statements.

    `question` must have been narrowed to what the actor may see (`reporting.policy.narrowed`).
    """
    found = answer(question, measures=board.measures, by=None if by == "month" else by)
    today = today_of(now)
    parts = _parts(question, by, found, board)
    tables = [_table(section, found, by, parts, today) for section in board.sections]
    kept = tuple(table for table in tables if not table.is_empty)
    return FilledBoard(board, question, by, kept or (tables[0],), known_at(now))


def today_of(now: datetime) -> date:
    """The day that it is (`now` in UTC) where the tenant is."""
    return now.astimezone(ZoneInfo(get_tenant(current_tenant_id()).time_zone)).date()


def _parts(question: Question, by: By, found: Answer, board: Board) -> Sequence[Part]:
    if by == "month":
        return [
            Part(date_format(month.first, "F Y"), str(month), (str(month),), 0) for month in question.months
        ]
    return parts_of(by, found.values(board.measures))


def _table(section: Section, found: Answer, by: By, parts: Sequence[Part], today: date) -> Table:
    if by == "month" and _is_live(section):
        # What is open now belongs to no month.
        parts = ()
    rows = [
        Row(part.label, part.key, _values(section, found, by, part.values, today), part.depth)
        for part in parts
    ]
    total = _values(section, found, by, None, today)
    if by != "month":
        rows = [row for row in rows if any(value.over != NOTHING or value.under for value in row.values)]
    rows = [_with_shares(row, total) for row in rows]
    is_empty = all(value.over == NOTHING and value.under in (None, NOTHING) for value in total)
    total_row = _with_shares(Row(gettext("Total"), "", total, is_total=True), total)
    return Table(section, by, gettext(BREAKDOWNS[by]), tuple(rows), total_row, is_empty)


def _is_live(section: Section) -> bool:
    return all(MEASURES[code].period == "day" for column in section.columns for code in column.measures)


def _values(
    section: Section, found: Answer, by: By, values: tuple[str, ...] | None, today: date
) -> tuple[Value, ...]:
    return tuple(value_of(column, found, by, values, today) for column in section.columns)


def value_of(column: Column, found: Answer, by: By, values: tuple[str, ...] | None, today: date) -> Value:
    """A column's figure: of some values of the breakdown (of months, where that is by month), or of all."""
    over = _sum(column, column.over, found, by, values, today)
    if not column.under:
        return Value(column, float(over.amount), float(over.ruled), over, None)
    under = _sum(column, column.under, found, by, values, today)
    scale = 100 if column.unit == "percent" else 1
    return Value(
        column,
        over.amount * scale / under.amount if under.amount else None,
        over.ruled * scale / under.ruled if under.ruled else None,
        over,
        under,
    )


def _sum(
    column: Column,
    measures: Sequence[str],
    found: Answer,
    by: By,
    values: tuple[str, ...] | None,
    today: date,
) -> Figure:
    total = NOTHING
    for measure in measures:
        for value in values if values is not None else (None,):
            if column.days is not None:
                start, end = bounds(column.days, today)
                total = total.plus(found.between(measure, start, end, value=value))
            elif by == "month" and value is not None:
                total = total.plus(found.total(measure, period=Month.parse(value, field_name="month").first))
            else:
                total = total.plus(found.total(measure, value=value))
    return total


def bounds(days: tuple[int | None, int | None], today: date) -> tuple[date, date]:
    """The days [from, to) that a column of `days` counts."""
    first, last = days
    start = date(1970, 1, 1) if first is None else today + timedelta(days=first)
    return start, date(9999, 1, 1) if last is None else today + timedelta(days=last)


def _with_shares(row: Row, totals: Sequence[Value]) -> Row:
    """Fill in what share of the total a row has."""
    values = tuple(
        value._replace(
            measured=_share(value.over.amount, total.over.amount),
            ruled=_share(value.over.ruled, total.over.ruled),
        )
        if value.column.unit == "share"
        else value
        for value, total in zip(row.values, totals, strict=True)
    )
    return Row(row.label, row.key, values, row.depth, row.is_total)


def _share(part: int, whole: int) -> float | None:
    return part * 100 / whole if whole else None


def names_of_filters(question: Question) -> Mapping[str, str]:
    """What a question is narrowed to, in words by dimension."""
    return {
        gettext(BREAKDOWNS[name]): ", ".join(part.label for part in parts_of(name, values, as_tree=False))
        for name, values in question.filters.items()
    }
