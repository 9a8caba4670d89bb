"""Rows put in order by record on disk, so that a record's rows may lie anywhere in the file."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

BATCH_ROWS = 2_000
CACHE_KIB = 16_384


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The rows of one record in the order of the file: ``(line, cells)``; ``ordinal`` counts from 1."""

    ordinal: int
    key: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


class Spool:
    """A temporary SQLite file of rows by record. Memory stays flat whatever the size of the history."""

    def __init__(self, *, path: Path) -> None:
        """Make the spool at ``path``, which must not exist; the caller removes it."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KIB}", "temp_store=FILE"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(
            "CREATE TABLE record (ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)"
        )
        self._connection.execute(
            "CREATE TABLE row (ordinal INTEGER, line INTEGER, cells TEXT, PRIMARY KEY (ordinal, line)) "
            "WITHOUT ROWID"
        )
        self._connection.execute("BEGIN")
        self._batch: list[tuple[int, int, str]] = []
        self._last = ("", 0)
        self.record_count = 0
        self.row_count = 0

    def __enter__(self) -> Self:
        """Use as a context; the connection is closed on leaving it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._connection.close()

    def add(self, *, key: str, line: int, cells: Sequence[str]) -> None:
        """Keep one row."""
        last_key, ordinal = self._last
        if key != last_key or not ordinal:
            ordinal = self._ordinal(key)
            self._last = (key, ordinal)
        self._batch.append((ordinal, line, json.dumps(cells, ensure_ascii=False)))
        self.row_count += 1
        if len(self._batch) >= BATCH_ROWS:
            self._flush()

    def records(self, *, after: int = 0) -> Iterator[RecordRows]:
        """Records in the order of their first rows in the file, each with all of its rows.

        ``after`` leaves out the records up to that ordinal, to go on where an earlier run stopped.
        """
        self._flush()
        cursor = self._connection.execute(
            "SELECT row.ordinal, record.key, row.line, row.cells FROM row JOIN record USING (ordinal) "
            "WHERE row.ordinal > ? ORDER BY row.ordinal, row.line",
            (after,),
        )
        current: tuple[int, str] | None = None
        rows: list[tuple[int, tuple[str, ...]]] = []
        for ordinal, key, line, cells in cursor:
            if current is not None and current[0] != ordinal:
                yield RecordRows(*current, tuple(rows))
                rows = []
            current = (ordinal, key)
            rows.append((line, tuple(json.loads(cells))))
        if current is not None:
            yield RecordRows(*current, tuple(rows))

    def _ordinal(self, key: str) -> int:
        found = self._connection.execute("SELECT ordinal FROM record WHERE key = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        self.record_count += 1
        self._connection.execute("INSERT INTO record VALUES (?, ?)", (self.record_count, key))
        return self.record_count

    def _flush(self) -> None:
        self._connection.executemany("INSERT INTO row VALUES (?, ?, ?)", self._batch)
        self._batch.clear()
