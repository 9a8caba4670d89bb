"""Giving files out so that nothing in them runs here."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import IO

from django.http import FileResponse, StreamingHttpResponse

from doors.engine.cells import lines_of_cells


def as_download(content: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A response that a browser saves: it neither shows it in this origin nor guesses at what it is."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def as_table(rows: Iterable[Iterable[str]], *, name: str) -> StreamingHttpResponse:
    """Rows of texts to download as comma-separated values, sent while they are read; nobody between keeps them.

    Marked as UTF-8, so that spreadsheets read them right.
    """

    def content() -> Iterator[bytes]:
        yield BOM_UTF8
        for line in lines_of_cells(rows):
            yield line.encode()

    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(content(), content_type="text/csv; charset=utf-8", headers=headers)
