"""What can be wrong with definitions written as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a document: where (line and column from 1), what, and what would be right."""

    file: str
    line: int
    column: int
    path: str
    problem: str
    expected: str

    def __str__(self) -> str:
        """One line in the manner of a compiler, so that editors can jump to it."""
        return f"{self.file}:{self.line}:{self.column}: {self.words}"

    @property
    def words(self) -> str:
        """The place in the document, the reason and what would be right, without line and file."""
        expected = f"; {self.expected}" if self.expected else ""
        return f"{self.path or 'document'}: {self.problem}{expected}"


class NotationError(Exception):
    """A document is wrong. `faults` holds every mistake found, in the order of the file."""

    code: ClassVar[str] = "notation_invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Sort the faults by place; the message shows them all."""
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
