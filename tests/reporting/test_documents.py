"""Reports as files: that they say what was counted, whatever things are called, and can be read by machines."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from python_calamine import CalamineWorkbook

from catalogue.models import Service
from design.theme import MINIMUM_CONTRAST, contrast
from reporting.engine.boards import BOARDS
from reporting.engine.documents import (
    Cell,
    Document,
    Head,
    Line,
    canonical,
    differences,
    digest_of,
    readable_colour,
    thawed,
)
from reporting.engine.pdf import as_pdf
from reporting.engine.questions import Month, Question
from reporting.engine.sheets import sheet_name
from reporting.queries.boards import fill
from reporting.queries.documents import board_as_csv, board_as_xlsx, report_as_xlsx, report_document
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.reporting.lives import MONDAY_TEN, passed_on, resolved_after
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

CODE = "7K3QM-9XWT2-ABCDE-12345"
NOVEMBER = Month(2026, 11)
NOW = MONDAY_TEN + timedelta(days=4)
HOSTILE = (
    "#let x = 1 #panic()",
    "<script>alert(1)</script>",
    "a<b> @label $x^2$ *bold* _under_ `raw` // comment",
    "דואר אלקטרוני",
    "emoji 😀 and 中文",
    "\\u{41} \\ back",
    "x" * 300,
    '=HYPERLINK("http://evil","click")',
    "+1",
    "-1+2",
    "@SUM(A1)",
)


@pytest.fixture
def world() -> Iterator[World]:
    """A tenant in scope with two kept promises, one broken one, and one incident still open."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        for hours in (1, 2, 30):
            resolved_after(built, hours=hours)
        passed_on(built)
        for keys in record_keys(page=100):
            refresh_records(keys=keys, now=NOW)
        yield built


def _report(world: World, kind: str = "sla", **given: Any) -> Document:
    provider = world.supplier.pk if kind == "supplier" else None
    month = given.pop("month", NOVEMBER)
    document, _ = report_document(
        kind=kind, month=month, provider_id=provider, language="en-gb", issued_by="Ann Chief", now=NOW
    )
    return document


def _read(document: Document) -> tuple[PdfReader, str]:
    content = as_pdf(document, check_code=CODE, at=datetime(2026, 12, 1, tzinfo=UTC))
    reader = PdfReader(io.BytesIO(content))
    return reader, _plain(" ".join(page.extract_text() for page in reader.pages))


def _plain(text: str) -> str:
    """Text without the spaces that setting it in lines adds or takes."""
    return re.sub(r"[\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+", "", text)


def _named(document: Document, names: tuple[str, ...]) -> Document:
    """The document with a table of one line for each name."""
    head = (Head("a", "Met", "count"), Head("b", "Met, of all", "percent"))
    lines = tuple(
        Line(name, str(number), (Cell(number, number, f"{number}"), Cell(None, None, "No data")))
        for number, name in enumerate(names, start=1)
    )
    return replace(document, sheets=(replace(document.sheets[0], columns=head, lines=lines, chart=0),))


def _tags(reader: PdfReader) -> list[str]:
    """The kinds of every element of the structure tree."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    root: Any = reader.trailer["/Root"]
    walk(root["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("kind", ["sla", "supplier"])
def test_the_pdf_is_tagged_named_and_says_every_figure(world: World, kind: str) -> None:
    document = _report(world, kind)
    reader, text = _read(document)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower() == "en-gb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert reader.metadata.author == world.tenant.name
    assert "pdfuaid" in str(reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else b"")
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Title"} <= set(_tags(reader)) | {"/Title"}
    assert _plain(CODE) in text
    for sheet in document.sheets:
        for line in sheet.lines:
            assert _plain(line.label + "".join(cell.text for cell in line.cells if not cell.before)) in text
    for note in document.notes:
        assert _plain(note.formula) in text
        assert _plain(note.exclusions) in text


def test_a_report_says_no_data_where_there_is_none(world: World) -> None:
    document = _report(world, month=Month(2020, 1))
    assert all(sheet.is_empty for sheet in document.sheets if sheet.code.startswith("sla."))
    _, text = _read(document)
    assert _plain("No data: nothing of this kind was counted in this month.") in text
    assert "0.0%" not in text
    assert "100.0%" not in text


def test_hostile_names_are_text_in_the_pdf(world: World) -> None:
    _, text = _read(_named(_report(world), HOSTILE))
    for name in HOSTILE:
        shown = name.replace("😀", "[U+1F600]").replace("中", "[U+4E2D]").replace("文", "[U+6587]")
        # Right to left is set in its own order, word by word.
        words = [shown] if shown.isascii() else shown.split()
        assert all(_plain(word) in text or _plain(word[::-1]) in text for word in words), name


def test_two_hundred_rows_have_their_heads_on_every_page(world: World) -> None:
    names = tuple(f"Service number {number}" for number in range(200))
    document = _named(_report(world), names)
    reader, text = _read(replace(document, notes=()))
    assert len(reader.pages) > 4
    for number, name in enumerate(names, start=1):
        assert _plain(f"{name}{number}No data") in text
    for page in reader.pages:
        assert _plain("Met, of all") in _plain(page.extract_text())
    last = len(reader.pages)
    assert _plain(f"Page {last} of {last}") in _plain(reader.pages[-1].extract_text())


def test_a_figure_that_a_ruling_changed_stands_beside_the_original(world: World) -> None:
    document = _report(world)
    sheet = document.sheets[0]
    cells = (Cell(7, 5, "5", "7"), *sheet.lines[0].cells[1:])
    ruled = replace(document, sheets=(replace(sheet, lines=(replace(sheet.lines[0], cells=cells),)),))
    _, text = _read(ruled)
    assert _plain("5 before rulings 7") in text
    rows = _book(report_as_xlsx(ruled, check_code=CODE)).get_sheet_by_index(0).to_python()
    assert rows[0][1:3] == [sheet.columns[0].label, f"{sheet.columns[0].label}, before rulings"]
    assert rows[1][1:3] == [5, 7]


def _book(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_the_workbook_has_real_numbers_a_sheet_a_table_and_notes(world: World) -> None:
    document = _report(world)
    book = _book(report_as_xlsx(document, check_code=CODE))
    assert len(book.sheet_names) == len(document.sheets) + 1
    for number, sheet in enumerate(document.sheets):
        rows = book.get_sheet_by_index(number).to_python()
        assert rows[0] == [sheet.heading, *(head.label for head in sheet.columns)]
        for line, row in zip(sheet.lines, rows[1:], strict=True):
            assert row[0] == line.label
            for cell, head, seen in zip(line.cells, sheet.columns, row[1:], strict=True):
                if cell.measured is None:
                    assert seen == "No data"
                elif head.unit == "duration":
                    seconds = (
                        seen.total_seconds() if isinstance(seen, timedelta) else float(str(seen)) * 86_400
                    )
                    assert seconds == pytest.approx(cell.measured, abs=1)
                else:
                    assert seen == pytest.approx(cell.measured / (100 if head.unit == "percent" else 1))
    notes = [cell for row in book.get_sheet_by_index(len(document.sheets)).to_python() for cell in row]
    assert CODE in notes
    assert {note.formula for note in document.notes} <= set(notes)


def test_hostile_names_are_text_in_the_workbook(world: World) -> None:
    content = report_as_xlsx(_named(_report(world), HOSTILE), check_code=CODE)
    rows = _book(content).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == list(HOSTILE)
    assert b"<f>" not in _parts(content)


def _parts(content: bytes) -> bytes:
    with ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_names_of_sheets_are_what_spreadsheets_take() -> None:
    taken: set[str] = set()
    names = [
        sheet_name(title, taken)
        for title in ("a" * 40, "A" * 40, "x/y:z*?[1]\\", "''", "History", "SLA: response", "sla: RESPONSE")
    ]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.casefold() != "history"


def test_a_board_comes_as_workbook_and_as_csv(world: World) -> None:
    Service.objects.filter(pk=world.service.pk).update(name="=1+1")
    filled = fill(BOARDS["sla"], Question(NOVEMBER, NOVEMBER), by="service", now=NOW)
    rows = list(csv.reader(io.StringIO(board_as_csv(filled))))
    assert ["'=1+1", "2", "2", "50"] in rows
    assert ["Service", "Met", "Breached", "Met, of all"] in rows
    book = _book(board_as_xlsx(filled))
    found = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert ["=1+1", 2, 2, 0.5] in found


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_boards_page_links_its_files(world: World, ending: str) -> None:
    client = log_in(world.administrator)
    query = "from=2026-11&amp;to=2026-11&amp;by=service"
    body = client.get("/reports/sla/?from=2026-11&to=2026-11&by=service").content.decode()
    assert f'href="/reports/sla/table.{ending}?{query}"' in body
    answer = client.get(f"/reports/sla/table.{ending}?{query.replace('&amp;', '&')}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="sla.{ending}"'
    assert client.get(f"/reports/nope/table.{ending}").status_code == 404
    assert log_in(world.user).get(f"/reports/sla/table.{ending}").status_code == 403


def test_a_suppliers_people_download_their_own_figures_only(world: World) -> None:
    query = "from=2026-11&to=2026-11&by=provider&provider=desk-partner"
    text = log_in(world.engineer).get(f"/reports/suppliers/table.csv?{query}").content.decode()
    assert "Network Co" in text
    assert "Desk Partner" not in text


def test_a_report_thaws_to_what_was_frozen_and_tells_what_is_otherwise_now(world: World) -> None:
    document = _report(world)
    text = canonical(document)
    assert thawed(text) == document
    assert canonical(thawed(text)) == text
    assert digest_of(text) != digest_of(text.replace("50.0", "60.0", 1))
    assert differences(document, document) == []
    resolved_after(world, hours=3)
    for keys in record_keys(page=100):
        refresh_records(keys=keys, now=NOW)
    found = differences(document, _report(world))
    assert ("2", "3") in {(each.then, each.now) for each in found if each.column == "Met"}


@pytest.mark.parametrize("colour", ["#ffffff", "#ffdd00", "nonsense", "#1d70b8", "#00703C"])
def test_the_tenants_colour_is_used_where_it_can_be_read(colour: str) -> None:
    used = readable_colour(colour)
    assert contrast(one=used, other="#ffffff") >= MINIMUM_CONTRAST
    assert used == colour.lower() or colour in ("#ffffff", "#ffdd00", "nonsense")


def test_a_suppliers_report_tells_of_that_supplier_only(world: World) -> None:
    text = canonical(_report(world, "supplier"))
    assert "Network Co" in text
    assert "Desk Partner" not in text
    assert "Service desk" not in text
