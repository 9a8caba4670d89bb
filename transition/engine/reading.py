"""The whole reading of a history file: open, spool, fold. The door to this package."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from transition.engine.cells import condition_test
from transition.engine.faults import RowFault
from transition.engine.fold import RowFolder, Tools
from transition.engine.fold_cases import CaseFolder
from transition.engine.fold_events import EventFolder
from transition.engine.history import Folded
from transition.engine.mapping import HistoryMapping
from transition.engine.reader import HistoryFile, RawRow, column_index, open_history
from transition.engine.spool import RecordRows, Spool

REPORT_EVERY_ROWS = 500
KEY_JOIN = "/"
Progress = Callable[[int, int], None]
"""Called with the bytes read and the bytes that there are."""


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """A history that has been read once and lies ready by record.

    ``rows_read`` is the number of rows of the file; ``faults()`` and the faults of ``records()`` together
    with the rows used add up to it.
    """

    columns: tuple[str, ...]
    rows_read: int
    record_count: int
    spool: Spool
    set_aside: Spool
    folder: RowFolder

    def records(self, *, after: int = 0) -> Iterator[Folded]:
        """Every record in the order of the file; ``after`` leaves out those up to that ordinal."""
        for _, outcome in self.records_with_rows(after=after):
            yield outcome

    def records_with_rows(self, *, after: int = 0) -> Iterator[tuple[RecordRows, Folded]]:
        """The same, each with the rows it was made of, for a caller that may yet refuse it."""
        for rows in self.spool.records(after=after):
            yield rows, self.folder.fold(rows)

    def faults(self) -> Iterator[RowFault]:
        """The rows that belong to no record: not cut as the header says, without a key, or not wanted."""
        for rows in self.set_aside.records():
            code, column, reason = rows.key.split("\n", 2)
            for line, cells in rows.rows:
                yield RowFault(line, column or None, None, reason, code, cells)


@contextmanager
def read_history(
    *,
    path: Path,
    mapping: HistoryMapping,
    spool_folder: Path | None = None,
    on_progress: Progress | None = None,
) -> Iterator[ReadHistory]:
    """Read the history file at ``path``; memory stays flat, the rows go to a temporary file.

    ``spool_folder`` is where that file lies until the context is left. Raises HistoryFileError where the file
    cannot be read, MappingError where the mapping names columns that it has not.
    """
    with (
        open_history(path=path, mapping=mapping) as file,
        tempfile.TemporaryDirectory(prefix="history-", dir=spool_folder) as folder,
        Spool(path=Path(folder, "rows.sqlite")) as spool,
        Spool(path=Path(folder, "aside.sqlite")) as set_aside,
    ):
        sorter = _Sorter(mapping=mapping, file=file, spool=spool, set_aside=set_aside)
        rows_read = 0
        for row in file.rows():
            rows_read += 1
            sorter.keep(row)
            if on_progress is not None and rows_read % REPORT_EVERY_ROWS == 0:
                on_progress(file.bytes_read, file.bytes_total)
        if on_progress is not None:
            on_progress(file.bytes_total, file.bytes_total)
        tools = Tools(mapping, column_index(file.columns))
        folder_of_rows = EventFolder(tools) if mapping.rows.kind == "events" else CaseFolder(tools)
        yield ReadHistory(file.columns, rows_read, spool.record_count, spool, set_aside, folder_of_rows)


class _Sorter:
    """Puts each row with its record, or aside with the reason."""

    def __init__(self, *, mapping: HistoryMapping, file: HistoryFile, spool: Spool, set_aside: Spool) -> None:
        index = column_index(file.columns)
        self._keys = [index[name] for name in mapping.rows.key]
        self._key_column = ", ".join(mapping.rows.key)
        self._missing = mapping.file.missing
        self._wanted = (
            condition_test(mapping.rows.where, index, mapping.file.missing) if mapping.rows.where else None
        )
        self._spool = spool
        self._set_aside = set_aside

    def keep(self, row: RawRow) -> None:
        if row.problem is not None:
            self._aside(row, "row_malformed", "", row.problem)
            return
        parts = [row.cells[place] for place in self._keys]
        if any(part in self._missing for part in parts):
            self._aside(
                row, "key_missing", self._key_column, "the row does not say which record it belongs to"
            )
        elif self._wanted is not None and not self._wanted(row.cells):
            self._aside(row, "row_not_wanted", "", "rows.where leaves this row out")
        else:
            self._spool.add(key=KEY_JOIN.join(parts), line=row.line, cells=row.cells)

    def _aside(self, row: RawRow, code: str, column: str, reason: str) -> None:
        # Surrogates stand for bytes that are no text; they are shown as escapes, for nothing else
        # can hold them.
        cells = tuple(
            cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for cell in row.cells
        )
        self._set_aside.add(key=f"{code}\n{column}\n{reason}", line=row.line, cells=cells)
