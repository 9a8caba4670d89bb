"""The rows kept aside, as a file that can be mended and imported again."""

import csv
from collections.abc import Iterable
from typing import TextIO

from transition.engine.faults import RowFault

FAULT_COLUMNS = ("line", "column", "value", "code", "reason")


class RejectsWriter:
    """Writes one CSV row per fault, under a header: where and why, then the row as it was read."""

    def __init__(self, *, stream: TextIO, columns: tuple[str, ...]) -> None:
        """Write the header; the caller closes the stream."""
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow([*(f"rejected_{name}" for name in FAULT_COLUMNS), *columns])
        self.count = 0

    def write(self, faults: Iterable[RowFault]) -> None:
        """Write more faults; ``count`` says how many there are by now."""
        for fault in faults:
            told = (fault.line, fault.column or "", fault.value or "", fault.code, fault.reason)
            self._writer.writerow([*told, *fault.cells])
            self.count += 1


def write_rejects(*, stream: TextIO, columns: tuple[str, ...], faults: Iterable[RowFault]) -> int:
    """Write faults in one go. Answers how many there were."""
    writer = RejectsWriter(stream=stream, columns=columns)
    writer.write(faults)
    return writer.count
