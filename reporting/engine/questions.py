"""What a dashboard asks: which measures, in which months, of which part of the tenant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from uuid import UUID

from reporting.engine.dimensions import DIMENSIONS, Dimension
from tenancy.engine.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping


class QuestionError(ValueError):
    """A question that has no sense; `field` names the part, `reason` says what would be right."""

    code: ClassVar[str] = "question_invalid"

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(f"{field_name}: {reason}")
        self.field = field_name
        self.reason = reason


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str, *, field_name: str) -> Month:
        """A month as `YYYY-MM`. Raises QuestionError."""
        try:
            year, month = text.split("-")
            first = date(int(year), int(month), 1)
        except ValueError as error:
            raise QuestionError(
                field_name, say("%(text)s is not a month: write it like 2026-03", text=repr(text))
            ) from error
        return cls.of(first)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    def plus(self, months: int) -> Month:
        """The month so many months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Question:
    """Figures from the first of `start` to the last of `end`, of what `filters` leave.

    A filter gives a dimension the values that count, as text; an organisation stands for itself and everything below
    it once the caller has put those in. Raises QuestionError.
    """

    start: Month
    end: Month
    filters: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise QuestionError("to", say("%(end)s lies before %(start)s", end=self.end, start=self.start))
        if self.start.plus(MOST_MONTHS) <= self.end:
            raise QuestionError("to", say("ask for %(most_months)s months at most", most_months=MOST_MONTHS))
        for name, values in self.filters.items():
            for value in values:
                _check_value(name, value)

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month asked for."""
        found = [self.start]
        while found[-1] < self.end:
            found.append(found[-1].plus(1))
        return tuple(found)

    def narrowed(self, dimension: Dimension, *values: str) -> Question:
        """The same question of one part; what another filter on the dimension leaves out stays out."""
        before = self.filters.get(dimension)
        kept = values if before is None else tuple(value for value in values if value in before)
        return replace(self, filters={**self.filters, dimension: kept})


def _check_value(dimension: str, value: str) -> None:
    if dimension not in DIMENSIONS:
        raise QuestionError(dimension, say("is none of %(dimensions)s", dimensions=", ".join(DIMENSIONS)))
    if not value:
        # Where there is none: of no service, of no support group.
        return
    if dimension == "priority":
        if value not in {"1", "2", "3", "4", "5"}:
            raise QuestionError(dimension, say("%(value)s is no priority: 1 to 5", value=repr(value)))
        return
    try:
        UUID(value)
    except ValueError as error:
        raise QuestionError(dimension, say("%(value)s is no key", value=repr(value))) from error
