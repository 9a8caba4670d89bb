"""Files come in every encoding, delimiter and state of repair; no row is lost."""

import bz2
import csv
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transition.histories import tell
from transition.engine.faults import HistoryFileError, MappingError
from transition.engine.parse_mapping import parse_mapping
from transition.engine.reader import open_history
from transition.engine.rejects import write_rejects

MAPPING = """
file: {FILE}
rows: {kind: events, key: case}
times: {zone: UTC, format: iso, event: at, opened: first_event}
fields:
  title: title
  state: {column: status, values: {Open: new, Work: in_progress, Done: closed}}
"""
ROWS = "case,at,status,title\n1,2024-01-01 09:00,Open,Déjà vu\n1,2024-01-01 10:00,Done,Déjà vu\n"


def mapping(file: str = "") -> str:
    return MAPPING.replace("{FILE}", f"{{{file}}}")


def zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/log.csv", data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("file", "encoded"),
    [
        ("", ROWS.encode()),
        ("", b"\xef\xbb\xbf" + ROWS.encode()),
        ("", ROWS.replace("\n", "\r\n").encode()),
        ("encoding: cp1252, delimiter: semicolon", ROWS.replace(",", ";").encode("cp1252")),
        ("encoding: utf-16, delimiter: tab", ROWS.replace(",", "\t").encode("utf-16")),
        ("encoding: latin-1, delimiter: '|', quote: none", ROWS.replace(",", "|").encode("latin-1")),
        ("skip_lines: 2", b"sep=,\nexported today\n" + ROWS.encode()),
        ("header: false, columns: [case, at, status, title]", ROWS.split("\n", 1)[1].encode()),
        ("", gzip.compress(ROWS.encode(), mtime=0)),
        ("", bz2.compress(ROWS.encode())),
        ("", lzma.compress(ROWS.encode())),
        ("", zipped(ROWS.encode())),
    ],
)
def test_text_is_read_whatever_its_form(tmp_path: Path, file: str, encoded: bytes) -> None:
    told = tell(folder=tmp_path, mapping=mapping(file), rows=encoded)
    assert told.faults == []
    assert told.records["1"].title == "Déjà vu"
    assert told.states("1") == [(1_704_099_600, "new"), (1_704_103_200, "closed")]


def test_rows_of_a_record_may_lie_apart(tmp_path: Path) -> None:
    rows = """
        case,at,status,title
        B,2024-01-01 09:00,Open,b
        A,2024-01-01 09:00,Open,a
        B,2024-01-01 11:00,Done,b
        A,2024-01-01 10:00,Work,a
        B,2024-01-01 10:00,Work,b
        """
    told = tell(folder=tmp_path, mapping=mapping(), rows=rows)
    assert list(told.records) == ["B", "A"]
    assert [state for _, state in told.states("B")] == ["new", "in_progress", "closed"]


def test_bad_rows_are_kept_aside_with_line_and_reason(tmp_path: Path) -> None:
    rows = (
        b"case,at,status,title\n"
        b'1,2024-01-01 09:00,Open,"two\nlines"\n'
        b"1,2024-01-01 10:00,Done\n"
        b",2024-01-01 10:00,Done,x\n"
        b"1,yesterday,Done,x\n"
        b"1,2024-01-01 10:00,Nirvana,x\n"
        b"1,2024-01-01 10:00,Done,\xff\n"
        b"\n"
        b"2,,Open,x\n"
    )
    told = tell(folder=tmp_path, mapping=mapping(), rows=rows)
    assert told.rows_read == 7
    found = {fault.line: (fault.code, fault.column, fault.value) for fault in told.faults}
    assert found == {
        4: ("row_malformed", None, None),
        5: ("key_missing", "case", None),
        6: ("time_unreadable", "at", "yesterday"),
        7: ("value_unknown", "status", "Nirvana"),
        8: ("row_malformed", None, None),
        10: ("time_missing", "at", ""),
    }
    assert list(told.records) == ["1"]
    out = io.StringIO()
    write_rejects(stream=out, columns=("case", "at", "status", "title"), faults=told.faults)
    written = {row["rejected_line"]: row for row in csv.DictReader(io.StringIO(out.getvalue()))}
    assert (written["7"]["status"], written["7"]["case"]) == ("Nirvana", "1")
    assert written["6"]["rejected_reason"] == "'yesterday' is no time of the format iso"


def test_unwanted_rows_are_named_as_such(tmp_path: Path) -> None:
    wanted = mapping().replace("key: case", "key: case, where: {title: {not: [test*, '']}}")
    rows = "case,at,status,title\n1,2024-01-01,Open,Test run\n2,2024-01-01,Open,real\n3,2024-01-01,Open,\n"
    told = tell(folder=tmp_path, mapping=wanted, rows=rows)
    assert list(told.records) == ["2"]
    assert [fault.code for fault in told.faults] == ["row_not_wanted", "row_not_wanted"]


def test_column_that_the_file_lacks_is_pointed_at_in_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        tell(folder=tmp_path, mapping=mapping(), rows="case,at,state,title\n")
    (fault,) = caught.value.faults
    assert (fault.line, fault.path, fault.problem) == (
        7,
        "fields.state.column",
        "the file has no column 'status'",
    )
    with pytest.raises(MappingError, match="is the delimiter right"):
        tell(folder=tmp_path, mapping=mapping(), rows="case;at;status;title\n")


def test_second_column_of_a_name_is_numbered(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("case,at,status,title,title\n")
    with open_history(path=path, mapping=parse_mapping(source=mapping(), file="map.yaml")) as file:
        assert file.columns[-2:] == ("title", "title#2")


@pytest.mark.parametrize("data", [b"", gzip.compress(ROWS.encode(), mtime=0)[:-12], b"PK\x03\x04 no archive"])
def test_unreadable_file_is_said_to_be(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(HistoryFileError):
        tell(folder=tmp_path, mapping=mapping(), rows=data)


def test_missing_file_is_said_to_be(tmp_path: Path) -> None:
    source = parse_mapping(source=mapping(), file="map.yaml")
    with pytest.raises(HistoryFileError), open_history(path=tmp_path / "none.csv", mapping=source):
        pass


CELLS = st.sampled_from(
    ["1", "2", "", "2024-01-01 09:00", "2024-01-02", "never", "Open", "Done", "Work", "?", "x,y", "a\nb"]
)


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=12))
def test_rows_read_are_rows_used_and_rows_kept_aside(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["case", "at", "status", "title"], *rows])
    told = tell(folder=tmp_path_factory.mktemp("rows"), mapping=mapping(), rows=text.getvalue().encode())
    assert told.rows_read == len(rows)
    assert len({fault.line for fault in told.faults}) == len(told.faults)
