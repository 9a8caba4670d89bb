"""How good a forecast would have been: trained on what was known at an instant, tried on what was opened later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from sla.engine.forecast import Case, Sight, TallyBook, forecast

TRIED_AT = (25, 50, 75)
# The fixed warning that the forecast is held against: sure of the breach from here on, sure of none before.
WARNED_FROM_PERCENT = 75
DECILES = 10


@dataclass(slots=True)
class Score:
    """Brier scores (mean squared error, 0 is perfect) over `tried` forecasts; `silent` could not be told."""

    tried: int = 0
    silent: int = 0
    forecast: float = 0.0
    fixed: float = 0.0
    base: float = 0.0

    def add(self, *, probability: float, fixed: float, base: float, breached: bool) -> None:
        """Count one forecast."""
        self.tried += 1
        self.forecast += (probability - breached) ** 2
        self.fixed += (fixed - breached) ** 2
        self.base += (base - breached) ** 2

    def means(self) -> tuple[float, float, float]:
        """Return the scores of the forecast, of the fixed warning, and of the base rate."""
        tried = max(self.tried, 1)
        return self.forecast / tried, self.fixed / tried, self.base / tried


@dataclass(slots=True)
class Decile:
    """Forecasts of about one probability, and how often it came true."""

    tried: int = 0
    predicted: float = 0.0
    observed: int = 0


@dataclass(slots=True)
class BackTest:
    """What trying came to: how much was learnt from, scores by point and over all, calibration by decile."""

    learnt: int
    learnt_breached: int
    tried_records: int
    points: dict[int, Score] = field(default_factory=dict)
    whole: Score = field(default_factory=Score)
    deciles: list[Decile] = field(default_factory=lambda: [Decile() for _ in range(DECILES)])


def back_test(
    *,
    cases: Iterable[tuple[int, Case]],
    cut: int,
    tried_at: Sequence[int] = TRIED_AT,
    is_rolling: bool = False,
) -> BackTest:
    """Learn from the cases known by `cut`, try those opened from then on. Each case comes with its opening instant.

    What is tried shows only what could be seen at the point: the record as it stood then. Records opened before the
    cut whose end came after it are not tried, and learnt from only with `is_rolling`, which goes on learning what is
    known before each try, as the nightly count does.
    """
    found_cases = list(cases)
    book = TallyBook()
    for _, case in found_cases:
        if case.known_at < cut:
            book.add(case)
    later = [case for opened_at, case in found_cases if case.known_at >= cut and opened_at >= cut]
    found = BackTest(book.cases, book.breached, len(later), {percent: Score() for percent in tried_at})
    tries = [
        (sight.at, 1, place, sight, case)
        for place, case in enumerate(later)
        for sight in {sight.percent: sight for sight in case.sights}.values()
        if sight.percent in found.points
    ]
    # Something known at the very instant of a try is not yet known to it.
    lessons = [
        (case.known_at, 2, place, None, case)
        for place, (_, case) in enumerate(found_cases)
        if is_rolling and case.known_at >= cut
    ]
    for _, _, _, sight, case in sorted([*tries, *lessons], key=itemgetter(0, 1, 2)):
        if sight is None:
            book.add(case)
        else:
            _try(found, book, sight, breached=case.breached)
    return found


def _try(found: BackTest, book: TallyBook, sight: Sight, *, breached: bool) -> None:
    scores = (found.points[sight.percent], found.whole)
    told = forecast(keys=sight.keys, percent=sight.percent, tallies=book)
    if told is None:
        for score in scores:
            score.silent += 1
        return
    fixed, base = float(sight.percent >= WARNED_FROM_PERCENT), book.breached / book.cases
    for score in scores:
        score.add(probability=told.probability, fixed=fixed, base=base, breached=breached)
    decile = found.deciles[min(int(told.probability * DECILES), DECILES - 1)]
    decile.tried += 1
    decile.predicted += told.probability
    decile.observed += breached
