"""What tells most of each dashboard at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.engine.boards import BOARDS
from reporting.engine.columns import Column
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Question
from reporting.queries.boards import Value, today_of, value_of
from reporting.queries.figures import NOTHING, answer


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of a month and of the month before, or of now: then `before` is None."""

    label: str
    now: Value
    before: Value | None

    @property
    def is_counted(self) -> bool:
        """Whether anything at all was counted for it."""
        values = [self.now] if self.before is None else [self.now, self.before]
        return any(value.over != NOTHING or value.under not in (None, NOTHING) for value in values)


def headlines(question: Question, *, now: datetime) -> Mapping[str, Sequence[Headline]]:
    """By dashboard its headlines, of the last month asked for; one statement.

    What was counted in neither month is left out; what counts now and came to nothing is told. `question` must have
    been narrowed to what the actor may see (`reporting.policy.narrowed`).
    """
    month, last = question.end, question.end.plus(-1)
    chosen = {
        board.code: [(label, board.columns[code]) for code, label in board.headlines]
        for board in BOARDS.values()
    }
    measures = sorted({code for pairs in chosen.values() for _, column in pairs for code in column.measures})
    found, today = answer(Question(last, month, question.filters), measures=measures), today_of(now)

    def headline(label: str, column: Column) -> Headline:
        if MEASURES[column.over[0]].period == "day":
            return Headline(label, value_of(column, found, "month", None, today), None)
        this, before = (value_of(column, found, "month", (str(each),), today) for each in (month, last))
        return Headline(label, this, before)

    told = {code: [headline(*pair) for pair in pairs] for code, pairs in chosen.items()}
    return {
        code: [each for each in lines if each.before is None or each.is_counted]
        for code, lines in told.items()
    }
