"""Sums of measures, from the totals that are kept of the facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from outbox.public import oldest_waiting
from reporting.engine.dimensions import COLUMNS, DIMENSIONS, MOST_KEPT, NO_VALUE, Dimension, shape_of
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Question
from reporting.services.follow import SUBSCRIBER

# Live measures bear the day they wait for, which no choice of months narrows.
_WHOLE = (date(1970, 1, 1), date(9999, 12, 31))


class Figure(NamedTuple):
    """A sum as measured, and as it counts after rulings on disputes."""

    amount: int
    ruled: int

    def plus(self, other: "Figure") -> "Figure":
        """Both together."""
        return Figure(self.amount + other.amount, self.ruled + other.ruled)


NOTHING = Figure(0, 0)
# By measure, value of the breakdown ("" where there is none), and period.
Figures = Mapping[tuple[str, str, date], Figure]


class Answer:
    """The figures that answer a question, to be summed as a page needs them."""

    def __init__(self, figures: Figures) -> None:
        self._by_measure: dict[str, dict[str, dict[date, Figure]]] = defaultdict(lambda: defaultdict(dict))
        for (measure, value, period), figure in figures.items():
            self._by_measure[measure][value][period] = figure

    def values(self, measures: Iterable[str]) -> list[str]:
        """The values of the breakdown for which any of the measures is there."""
        return sorted({value for measure in measures for value in self._by_measure[measure]})

    def periods(self, measures: Iterable[str]) -> list[date]:
        """The periods in which any of the measures is there, in order."""
        rows = (days for measure in measures for days in self._by_measure[measure].values())
        return sorted({period for days in rows for period in days})

    def total(self, measure: str, *, value: str | None = None, period: date | None = None) -> Figure:
        """The sum of a measure, of one value of the breakdown or all, in one period or all."""
        rows = self._by_measure[measure]
        found = NOTHING
        for name in rows if value is None else [value]:
            for day, figure in rows.get(name, {}).items():
                if period is None or day == period:
                    found = found.plus(figure)
        return found

    def between(self, measure: str, start: date, end: date, *, value: str | None = None) -> Figure:
        """The sum of a measure that bears days, over [start, end)."""
        rows = self._by_measure[measure]
        found = NOTHING
        for name in rows if value is None else [value]:
            for day, figure in rows.get(name, {}).items():
                if start <= day < end:
                    found = found.plus(figure)
        return found


def answer(question: Question, *, measures: Sequence[str], by: Dimension | None = None) -> Answer:
    """Sum `measures` by month (or day), and by the values of a dimension where `by` names one; one statement."""
    dimensions = {*question.filters, *((by,) if by else ())}
    statement, values = (
        _from_cells(question, measures, by, dimensions)
        if len(dimensions) <= MOST_KEPT
        else _from_grains(question, measures, by)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return Answer(
        {
            (measure, value, period): Figure(int(amount), int(ruled))
            for measure, value, period, amount, ruled in rows
        }
    )


def _periods(question: Question, measures: Sequence[str]) -> list[Any]:
    """Bounds of the periods: of measures by month, then of those by day."""
    by_month = [code for code in measures if MEASURES[code].period == "month"]
    by_day = [code for code in measures if MEASURES[code].period == "day"]
    return [by_month, question.start.first, question.end.plus(1).first, by_day, *_WHOLE]


_PERIOD = (
    "((measure = ANY(%s) AND period >= %s AND period < %s)"
    " OR (measure = ANY(%s) AND period >= %s AND period < %s))"
)


def _from_cells(
    question: Question, measures: Sequence[str], by: Dimension | None, dimensions: set[Dimension]
) -> tuple[str, list[Any]]:
    columns = dict(
        zip([each for each in DIMENSIONS if each in dimensions], ("first", "second"), strict=False)
    )
    conditions, values = [], []
    for name, wanted in question.filters.items():
        conditions.append(f"{columns[name]} = ANY(%s)")
        values.append(list(wanted))
    where = "".join(f" AND {condition}" for condition in conditions)
    value = columns[by] if by else "''"
    statement = (
        f"SELECT measure, {value}, period, sum(amount), sum(ruled) FROM reporting_cell"  # noqa: S608  names of ours
        f" WHERE shape = %s AND {_PERIOD}{where} GROUP BY 1, 2, 3"
    )
    return statement, [shape_of(dimensions), *_periods(question, measures), *values]


def _from_grains(question: Question, measures: Sequence[str], by: Dimension | None) -> tuple[str, list[Any]]:
    conditions, values = [], []
    for name, wanted in question.filters.items():
        column = COLUMNS[name]
        chosen = f"{column} = ANY(%s::{'int' if name == 'priority' else 'uuid'}[])"
        conditions.append(f"({chosen} OR {column} IS NULL)" if NO_VALUE in wanted else chosen)
        values.append([value for value in wanted if value != NO_VALUE])
    value = f"coalesce({COLUMNS[by]}::text, '')" if by else "''"
    statement = (
        f"SELECT measure, {value}, period, sum(amount), sum(ruled) FROM reporting_grain"  # noqa: S608  names of ours
        f" WHERE {_PERIOD}{''.join(f' AND {each}' for each in conditions)} GROUP BY 1, 2, 3"
    )
    return statement, [*_periods(question, measures), *values]


def known_at(now: datetime) -> datetime:
    """Up to which instant the figures know what happened: `now` (UTC), unless messages wait to be counted."""
    return oldest_waiting(SUBSCRIBER) or now
