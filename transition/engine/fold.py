"""The common part of reading a record: rows in, a record and the rows kept aside out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from transition.engine.cells import UNCHANGED, TimeReader, ValueReader
from transition.engine.faults import RejectedValueError, RowFault
from transition.engine.history import Folded, HistoricRecord
from transition.engine.mapping import Choice, Claim, HistoryMapping, TimeSource, ValueSource
from transition.engine.spool import RecordRows

Row = tuple[int, tuple[str, ...]]


class RowFolder(Protocol):
    """Makes a record of its rows; one for event logs, one for case tables."""

    def fold(self, rows: RecordRows) -> Folded:
        """Read the rows of one record."""


@dataclass(frozen=True, slots=True)
class Tools:
    """A mapping made ready for a file with known columns."""

    mapping: HistoryMapping
    index: Mapping[str, int]

    def values(self, sources: Iterable[ValueSource]) -> tuple[ValueReader, ...]:
        """Readers of values."""
        return tuple(self.value(source) for source in sources)

    def value(self, source: ValueSource) -> ValueReader:
        """A reader of one value."""
        return ValueReader(source, self.index, self.mapping.file.missing)

    def time(self, source: TimeSource | None) -> TimeReader | None:
        """A reader of one instant, where the mapping has it."""
        if source is None or not source.columns:
            return None
        return TimeReader(source, self.mapping.times, self.index, self.mapping.file.missing)

    def texts(self) -> Callable[[Sequence[str]], dict[str, str]]:
        """A reader of the texts that a record has once: title, description, requester."""
        readers = self.values(self.mapping.texts)

        def read(cells: Sequence[str]) -> dict[str, str]:
            found: dict[str, str] = {}
            for reader in readers:
                value = reader.read(cells)
                if value is not UNCHANGED and value is not None:
                    found[reader.attribute] = str(value)
            return found

        return read

    def claims(self, cells: Sequence[str]) -> tuple[dict[str, int], dict[str, bool]]:
        """The counters and verdicts that the other system claims; what cannot be read is not claimed."""
        claims = self.mapping.claims
        counters: dict[str, int] = {}
        for name, column in (("reassignments", claims.reassignments), ("reopenings", claims.reopenings)):
            cell = cells[self.index[column]] if column else ""
            if cell.isdecimal():
                counters[name] = int(cell)
        verdicts: dict[str, bool] = {}
        for claim in claims.verdicts:
            verdict = _verdict(claim, cells[self.index[claim.column]].casefold())
            if verdict is not None:
                verdicts[claim.target] = verdict
        return counters, verdicts


def read_settings(readers: Iterable[ValueReader], cells: Sequence[str]) -> dict[str, Choice | None]:
    """The attributes that the row sets. Raises RejectedValueError."""
    settings: dict[str, Choice | None] = {}
    for reader in readers:
        value = reader.read(cells)
        if value is not UNCHANGED:
            settings[reader.attribute] = value
    return settings


def folded(rows: RecordRows, record: HistoricRecord | None, faults: Mapping[int, RowFault]) -> Folded:
    """The outcome for all rows: every row is either used or has a fault."""
    ordered = tuple(faults[line] for line, _ in rows.rows if line in faults)
    return Folded(rows.ordinal, rows.key, record, ordered, len(rows.rows) - len(ordered))


def rejected(rows: RecordRows, faults: Mapping[int, RowFault], reason: str, code: str) -> Folded:
    """The outcome where the record as a whole is given up: rows without a fault of their own get this one."""
    every = {
        line: faults.get(line) or RowFault(line, None, None, reason, code, cells) for line, cells in rows.rows
    }
    return folded(rows, None, every)


def backwards(column: str, value: str | None, reason: str) -> RejectedValueError:
    """A time that lies before what must come first."""
    return RejectedValueError(column=column, value=value, reason=reason, code="time_backwards")


def _verdict(claim: Claim, cell: str) -> bool | None:
    if cell in claim.met:
        return True
    return False if cell in claim.missed else None


def refused(rows: RecordRows, outcome: Folded, *, reason: str, code: str) -> Folded:
    """The outcome where a record that reads well cannot be taken in: all its rows are kept aside."""
    return rejected(rows, {fault.line: fault for fault in outcome.faults}, reason, code)
