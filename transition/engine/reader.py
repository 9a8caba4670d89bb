"""Rows of a history file, in whatever text they come, without ever holding the file in memory."""

import bz2
import csv
import gzip
import io
import lzma
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sla.engine.notation.nodes import nearest
from transition.engine.faults import HistoryFileError, MappingError, MappingFault
from transition.engine.mapping import FileFormat, HistoryMapping

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

LARGEST_CELL = 16 * 1024 * 1024
BOM_AWARE = {"utf-8": "utf-8-sig"}
SIGNATURE_BYTES = 6


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as read.

    ``line`` is the line of the file on which it begins; ``problem`` is set if it is no row.
    """

    line: int
    cells: tuple[str, ...]
    problem: str | None = None


class HistoryFile:
    """An open history file: its column names, and its rows once through."""

    def __init__(self, *, stream: BinaryIO, counted: "_Counted", file_format: FileFormat, path: Path) -> None:
        """Read the header.

        Raises HistoryFileError where the file is empty or is not of the encoding it claims.
        """
        self._format = file_format
        self._path = path
        self._counted = counted
        self.bytes_total = path.stat().st_size
        encoding = BOM_AWARE.get(file_format.encoding, file_format.encoding)
        # Single bad bytes become lone surrogates, so that they cost one row and not the file.
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
        self._skipped = file_format.skip_lines
        try:
            for _ in range(file_format.skip_lines):
                self._text.readline()
            self._rows = _csv_reader(self._text, file_format)
            self.columns = self._header()
        except (UnicodeError, EOFError, OSError, lzma.LZMAError, zipfile.BadZipFile) as error:
            raise self._unreadable(error) from error

    @property
    def bytes_read(self) -> int:
        """How far into the (compressed) file the reading is; of ``bytes_total``, for a progress bar."""
        return self._counted.position

    def rows(self) -> Iterator[RawRow]:
        """Every row after the header.

        Empty lines are no rows. Raises HistoryFileError if the file breaks off.
        """
        width = len(self.columns)
        trim = self._format.trim
        while True:
            begin = self._skipped + self._rows.line_num + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield RawRow(begin, (), f"the row cannot be cut into cells: {error}")
                continue
            except (UnicodeError, EOFError, OSError, lzma.LZMAError, zipfile.BadZipFile) as error:
                raise self._unreadable(error) from error
            if not cells:
                continue
            row = tuple(cell.strip() for cell in cells) if trim else tuple(cells)
            if len(row) != width:
                yield RawRow(begin, row, f"the row has {len(row)} cells where the header has {width}")
            elif _has_bad_bytes("".join(row)):
                yield RawRow(begin, row, f"the row has bytes that are not {self._format.encoding}")
            else:
                yield RawRow(begin, row)

    def _header(self) -> tuple[str, ...]:
        if not self._format.header:
            return self._format.column_names
        names = next((row for row in self._rows if row), None)
        if names is None:
            message = f"{self._path.name}: the file is empty"
            raise HistoryFileError(message)
        return numbered_names([name.strip().removeprefix("\ufeff") for name in names])

    def _unreadable(self, error: Exception) -> HistoryFileError:
        return HistoryFileError(f"{self._path.name}: cannot be read as {self._format.encoding}: {error}")


@contextmanager
def open_history(*, path: Path, mapping: HistoryMapping) -> Iterator[HistoryFile]:
    """The file at ``path``: plain, .gz, .bz2, .xz or a .zip of one file, told by its content.

    Raises HistoryFileError where it cannot be read, and MappingError where the mapping names columns that
    it has not.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise HistoryFileError(message) from error
    csv.field_size_limit(min(LARGEST_CELL, sys.maxsize))
    with raw:
        counted = _Counted(raw)
        with _unpacked(io.BufferedReader(counted), path) as stream:
            history = HistoryFile(stream=stream, counted=counted, file_format=mapping.file, path=path)
            check_columns(mapping=mapping, columns=history.columns)
            yield history


def check_columns(*, mapping: HistoryMapping, columns: tuple[str, ...]) -> None:
    """Raise MappingError, pointing into the mapping file, for every column it names and the file has not."""
    faults: list[MappingFault] = []
    for name, position in mapping.columns.items():
        if name in columns:
            continue
        hint = nearest(name, columns)
        if len(columns) == 1:
            hint = f"its only column is {columns[0]!r}: is the delimiter right? (file.delimiter)"
        problem = f"the file has no column {name!r}"
        faults.append(
            MappingFault(mapping.path, position.line, position.column, position.path, problem, hint)
        )
    if faults:
        raise MappingError(faults)


def numbered_names(names: list[str]) -> tuple[str, ...]:
    """Column names made unique: the second ``category`` becomes ``category#2``."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(unique)


def column_index(columns: tuple[str, ...]) -> Mapping[str, int]:
    """Position of each column in a row."""
    return {name: index for index, name in enumerate(columns)}


class _Counted(io.RawIOBase):
    """A raw file that knows how far it has been read."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.position = max(self.position, self._raw.tell())
        return len(data)


@contextmanager
def _unpacked(stream: io.BufferedReader, path: Path) -> Iterator[BinaryIO]:
    signature = stream.peek(SIGNATURE_BYTES)[:SIGNATURE_BYTES]
    if signature.startswith(b"\x1f\x8b"):
        yield cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    elif signature.startswith(b"BZh"):
        yield cast("BinaryIO", bz2.BZ2File(stream))
    elif signature.startswith(b"\xfd7zXZ"):
        with lzma.LZMAFile(stream) as unpacked:
            yield cast("BinaryIO", unpacked)
    elif signature.startswith(b"PK\x03\x04"):
        with _archive(stream, path) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
            if len(members) != 1:
                message = f"{path.name}: the archive holds {len(members)} files; unpack the one that is meant"
                raise HistoryFileError(message)
            with archive.open(members[0]) as member:
                yield cast("BinaryIO", member)
    else:
        yield cast("BinaryIO", stream)


def _archive(stream: io.BufferedReader, path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(cast("BinaryIO", stream))
    except zipfile.BadZipFile as error:
        message = f"{path.name}: cannot be read as a zip archive: {error}"
        raise HistoryFileError(message) from error


def _csv_reader(text: io.TextIOWrapper, file_format: FileFormat) -> "CsvReader":
    return csv.reader(
        text,
        delimiter=file_format.delimiter,
        quotechar=file_format.quote,
        quoting=csv.QUOTE_MINIMAL if file_format.quote else csv.QUOTE_NONE,
        escapechar=file_format.escape,
        doublequote=True,
        strict=False,
    )


def _has_bad_bytes(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
