"""From the cells of one row to values and instants, as the phrases of the mapping say."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from transition.engine.faults import RejectedValueError
from transition.engine.instants import InstantReader
from transition.engine.mapping import (
    NUMBER_RANGES,
    Choice,
    Choices,
    Condition,
    Otherwise,
    Times,
    TimeSource,
    ValueSource,
)
from transition.engine.parse_sources import PLACEHOLDER, own_value
from transition.engine.patterns import fits, fits_any

CACHE_SIZE = 20_000


class Unchanged(Enum):
    """The row says nothing about the attribute."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED
Reading = Choice | Unchanged | None
"""A new value, None for 'nothing any more', or UNCHANGED."""


class ValueReader:
    """Reads one attribute from rows."""

    def __init__(self, source: ValueSource, index: Mapping[str, int], missing: frozenset[str]) -> None:
        """``index`` is the position of each column, ``missing`` the words that mean no value."""
        self.source = source
        self.attribute = source.attribute
        self._positions = [index[name] for name in source.columns]
        self._before = index[source.before] if source.before is not None else None
        self._index = index
        self._missing = missing
        self._pattern = re.compile(source.pattern) if source.pattern else None
        self._column = ", ".join(source.columns) or None
        self._cache: dict[str, Reading] = {}

    def read(self, cells: Sequence[str]) -> Reading:
        """The value in this row. Raises RejectedValueError where the mapping has no place for it."""
        source = self.source
        if source.constant is not None:
            return source.constant
        text = self._text(cells)
        if text is None:
            return self._otherwise(source.missing, "", "value_missing", f"no {self.attribute} is given")
        return self._converted(text)

    def read_before(self, cells: Sequence[str]) -> Reading:
        """The value that held before this row, in logs that tell it; else UNCHANGED."""
        if self._before is None or cells[self._before] in self._missing:
            return UNCHANGED
        return self._converted(cells[self._before])

    def _text(self, cells: Sequence[str]) -> str | None:
        source = self.source
        if source.template is not None:
            return (
                PLACEHOLDER.sub(lambda match: self._cell(cells, match.group(1)), source.template).strip()
                or None
            )
        if source.join is not None:
            parts = ["" if cells[place] in self._missing else cells[place] for place in self._positions]
            return source.join.join(parts) if any(parts) else None
        return next((cells[place] for place in self._positions if cells[place] not in self._missing), None)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        cell = cells[self._index[name]]
        return "" if cell in self._missing else cell

    def _converted(self, text: str) -> Reading:
        try:
            return self._cache[text]
        except KeyError:
            value = self._convert(text)
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        self._cache[text] = value
        return value

    def _convert(self, text: str) -> Reading:
        given = text
        if self._pattern is not None:
            match = self._pattern.search(text)
            if match is None:
                return self._unknown(text, f"{text!r} does not fit the pattern of {self.attribute}")
            given = match.group(match.lastindex or 0)
        if self.source.choices is not None:
            return self._chosen(self.source.choices, given)
        if self.attribute != "state" and self.attribute not in NUMBER_RANGES:
            return self._written(given)
        try:
            return own_value(self.attribute, given)
        except ValueError as error:
            return self._unknown(given, str(error))

    def _chosen(self, choices: Choices, given: str) -> Reading:
        folded = given.casefold()
        if folded in choices.exact:
            return choices.exact[folded]
        if any(fits(pattern, folded) for pattern in choices.ignored):
            return UNCHANGED
        for pattern, ours in choices.patterns:
            if fits(pattern, folded):
                return ours
        return self._unknown(given, f"{given!r} is no {self.attribute} that the mapping knows")

    def _unknown(self, text: str, reason: str) -> Reading:
        return self._otherwise(self.source.unknown, text, "value_unknown", reason)

    def _otherwise(self, otherwise: Otherwise, text: str, code: str, reason: str) -> Reading:
        if otherwise.action == "reject":
            raise RejectedValueError(column=self._column, value=text, reason=reason, code=code)
        if otherwise.action == "value":
            return otherwise.value
        if otherwise.action == "keep":
            return self._written(text)
        return None if otherwise.action == "clear" else UNCHANGED

    def _written(self, text: str) -> str:
        return self.source.write.replace("{value}", text) if self.source.write else text


class TimeReader:
    """Reads one instant from rows."""

    def __init__(
        self, source: TimeSource, times: Times, index: Mapping[str, int], missing: frozenset[str]
    ) -> None:
        """``times`` tells how ambiguous wall times are read."""
        self.source = source
        self.column = ", ".join(source.columns)
        self._positions = [index[name] for name in source.columns]
        self._zone = index[source.zone_column] if source.zone_column is not None else None
        self._missing = missing
        self._times = times
        self._readers: dict[str, InstantReader] = {}

    def text(self, cells: Sequence[str]) -> str | None:
        """The text of the time as it stands in the row, or None where there is none."""
        parts = [cells[place] for place in self._positions if cells[place] not in self._missing]
        return self.source.join.join(parts) if parts else None

    def read(self, cells: Sequence[str]) -> int | None:
        """UTC epoch seconds; None where none is given. Raises RejectedValueError where it cannot be read."""
        text = self.text(cells)
        if text is None:
            if self.source.missing == "reject":
                reason = "no time is given"
                raise RejectedValueError(column=self.column, value="", reason=reason, code="time_missing")
            return None
        zone = self.source.zone
        if self._zone is not None and cells[self._zone] not in self._missing:
            zone = cells[self._zone]
        reader = self._readers.get(zone)
        if reader is None:
            reader = self._readers[zone] = self._reader(zone)
        return reader.read(text)

    def _reader(self, zone: str) -> InstantReader:
        try:
            return InstantReader(
                column=self.column,
                formats=self.source.formats,
                zone=zone or "UTC",
                ambiguous=self._times.ambiguous,
                nonexistent=self._times.nonexistent,
            )
        except (KeyError, ValueError, OSError):
            reason = f"{zone!r} is no time zone"
            raise RejectedValueError(
                column=self.source.zone_column, value=zone, reason=reason, code="zone_unknown"
            ) from None


def condition_test(
    conditions: Sequence[Condition], index: Mapping[str, int], missing: frozenset[str]
) -> Callable[[Sequence[str]], bool]:
    """A test whether a row meets all conditions; a missing word counts as the empty text."""
    tests = [(index[condition.column], condition.patterns, condition.negate) for condition in conditions]

    def meets(cells: Sequence[str]) -> bool:
        return all(
            fits_any(patterns, "" if cells[place] in missing else cells[place]) is not negate
            for place, patterns, negate in tests
        )

    return meets
