"""The rows kept aside, as a file that can be mended and imported again."""

import csv
from collections.abc import Iterable
from typing import TextIO

from transition.engine.faults import RowFault

FAULT_COLUMNS = ("line", "column", "value", "code", "reason")


def write_rejects(*, stream: TextIO, columns: tuple[str, ...], faults: Iterable[RowFault]) -> int:
    """Write one CSV row per fault: where and why, then the row as it was read.

    Answers how many there were.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*(f"rejected_{name}" for name in FAULT_COLUMNS), *columns])
    count = 0
    for fault in faults:
        told = (fault.line, fault.column or "", fault.value or "", fault.code, fault.reason)
        writer.writerow([*told, *fault.cells])
        count += 1
    return count
