"""What can be wrong with a mapping, with a file, or with one row of it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row was kept aside.

    ``line`` is the physical line of the file on which the row begins, counted from 1. ``column`` and
    ``value`` name the cell at fault and are None where the row as a whole is. ``code`` is stable; ``reason``
    is for people. ``cells`` is the row as it was read, so that nothing is lost.
    """

    line: int
    column: str | None
    value: str | None
    reason: str
    code: str
    cells: tuple[str, ...]


class RejectedValueError(Exception):
    """A cell cannot be turned into a value of ours; the reader of the row makes it a :class:`RowFault`."""

    code = "value_rejected"

    def __init__(self, *, column: str | None, value: str | None, reason: str, code: str) -> None:
        """Keep what a fault needs except the row, which the caller knows."""
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason
        self.fault_code = code

    def fault(self, *, line: int, cells: Sequence[str]) -> RowFault:
        """The fault of the row that begins on ``line``."""
        return RowFault(line, self.column, self.value, self.reason, self.fault_code, tuple(cells))


@dataclass(frozen=True, slots=True)
class MappingFault:
    """One mistake in a mapping file: where (line and column from 1), what, and what would be right."""

    file: str
    line: int
    column: int
    path: str
    problem: str
    expected: str

    def __str__(self) -> str:
        """One line in the manner of a compiler, so that editors can jump to it."""
        expected = f"; {self.expected}" if self.expected else ""
        return f"{self.file}:{self.line}:{self.column}: {self.path or 'mapping'}: {self.problem}{expected}"


class MappingError(Exception):
    """The mapping file is wrong. ``faults`` holds every mistake found, in the order of the file."""

    code = "mapping_invalid"

    def __init__(self, faults: Sequence[MappingFault]) -> None:
        """Sort the faults by place; the message shows them all."""
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class HistoryFileError(Exception):
    """The history file cannot be read at all: missing, empty, broken off, not of its encoding."""

    code = "history_file_unreadable"
