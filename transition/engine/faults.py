"""What can be wrong with a mapping, with a file, or with one row of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sla.engine.notation.faults import Fault, NotationError

# A mapping is wrong in the same way as any other document of definitions.
MappingFault: TypeAlias = Fault
MappingError: TypeAlias = NotationError


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


class HistoryFileError(Exception):
    """The history file cannot be read at all: missing, empty, broken off, not of its encoding."""

    code = "history_file_unreadable"
