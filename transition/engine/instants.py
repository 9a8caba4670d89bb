"""From the text of a time, in whatever format and zone, to UTC epoch seconds."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from transition.engine.faults import RejectedValueError

WORDS = ("iso", "epoch", "epoch_ms", "excel")
"""Formats with a name; any other is a pattern of strptime codes such as ``%d/%m/%Y %H:%M``."""
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2199
CACHE_SIZE = 20_000
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?\Z")

Ambiguous = Literal["first", "last"]
Nonexistent = Literal["forward", "reject"]


def format_problem(pattern: str) -> str | None:
    """What is wrong with a time format of a mapping, or None."""
    if pattern in WORDS:
        return None
    if "%" not in pattern:
        return f"{pattern!r} is no time format"
    sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        back = datetime.strptime(sample.strftime(pattern), pattern)  # noqa: DTZ007 - only the codes are tried
    except ValueError as error:
        return f"{pattern!r} is no time format: {error}"
    mistakes = (
        ("%I" in pattern and "%p" not in pattern, "has a 12-hour clock (%I) without AM/PM (%p)"),
        ("%H" in pattern and "%p" in pattern, "has AM/PM (%p) with a 24-hour clock (%H); use %I"),
        (back.date() != sample.date(), "does not say the whole date"),
    )
    return next((f"{pattern!r} {words}" for wrong, words in mistakes if wrong), None)


class InstantReader:
    """Reads the instants of one column: formats in order, a zone for times that carry no offset.

    Wall times that occur twice (clocks go back) are taken as the first or the last of the two; those that do
    not exist (clocks go forward) are moved forward by the gap, or refused.
    """

    def __init__(
        self,
        *,
        column: str,
        formats: tuple[str, ...],
        zone: str,
        ambiguous: Ambiguous,
        nonexistent: Nonexistent,
    ) -> None:
        """Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone."""
        self._column = column
        self._formats = formats
        self._zone = ZoneInfo(zone)
        self._fold = 1 if ambiguous == "last" else 0
        self._refuse_gap = nonexistent == "reject"
        self._parsers: tuple[Callable[[str], datetime], ...] = tuple(_parser(pattern) for pattern in formats)
        self._cache: dict[str, int] = {}

    def read(self, text: str) -> int:
        """UTC epoch seconds, fractions dropped. Raises RejectedValueError where no format fits."""
        known = self._cache.get(text)
        if known is None:
            known = self._read(text)
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            self._cache[text] = known
        return known

    def _read(self, text: str) -> int:
        for parse in self._parsers:
            try:
                moment = parse(text)
            except (ValueError, OverflowError):
                continue
            if moment.tzinfo is None:
                moment = self._located(moment, text)
            seconds = math.floor(moment.timestamp())
            if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
                raise self._rejected(
                    text, f"{text!r} is in the year {moment.year}: is the time format right?"
                )
            return seconds
        formats = " or ".join(self._formats)
        raise self._rejected(text, f"{text!r} is no time of the format {formats}")

    def _located(self, moment: datetime, text: str) -> datetime:
        located = moment.replace(tzinfo=self._zone, fold=self._fold)
        if located.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) == moment:
            return located
        if self._refuse_gap:
            raise self._rejected(
                text, f"{text!r} does not exist in {self._zone.key}: the clocks went forward"
            )
        # In a gap fold 0 reads the wall time with the offset before it, which moves it forward by the gap.
        return located.replace(fold=0)

    def _rejected(self, text: str, reason: str) -> RejectedValueError:
        return RejectedValueError(column=self._column, value=text, reason=reason, code="time_unreadable")


def _parser(pattern: str) -> Callable[[str], datetime]:
    named: dict[str, Callable[[str], datetime]] = {
        "iso": datetime.fromisoformat,
        "epoch": lambda text: datetime.fromtimestamp(_number(text), UTC),
        "epoch_ms": lambda text: datetime.fromtimestamp(_number(text) / 1000, UTC),
        # A spreadsheet's serial day has no zone: it is wall time. It is rounded, for it is a
        # binary fraction.
        "excel": lambda text: (EXCEL_EPOCH + timedelta(seconds=round(_number(text) * 86_400))).replace(
            tzinfo=None
        ),
    }
    if pattern in named:
        return named[pattern]
    return lambda text: datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the reader


def _number(text: str) -> float:
    if not NUMBER.match(text):
        msg = "not a number"
        raise ValueError(msg)
    return float(text.replace(",", "."))
