"""A report as a tagged PDF (PDF/UA-1), set by Typst from a template; what it says reaches the template as data only."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typst
from fontpkg_noto_sans import ROOT as NOTO_SANS

from reporting.engine.documents import readable_colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reporting.engine.documents import Document

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "reporting" / "report.typ"
_FONTS = str(NOTO_SANS / "files")
# Letters that the font is known to have: most reports need look no further.
_KNOWN = frozenset(map(chr, (0x0A, *range(0x20, 0x7F), *range(0xA1, 0x250), *range(0x400, 0x450))))
_PROBE = TEMPLATE.with_name("letters.typ")


def as_pdf(document: Document, *, check_code: str, at: datetime) -> bytes:
    """The report with its check code, dated `at` (UTC): the same bytes whenever it is asked for."""
    found: bytes = _compiled(document, check_code, at, "pdf")
    return found


def as_pictures(document: Document, *, check_code: str, at: datetime, ppi: float = 96) -> list[bytes]:
    """The report's pages as PNG, to look at."""
    found = _compiled(document, check_code, at, "png", ppi)
    return [found] if isinstance(found, bytes) else list(found)


def _compiled(
    document: Document, check_code: str, at: datetime, kind: Literal["pdf", "png"], ppi: float | None = None
) -> Any:
    data = asdict(document) | {"colour": readable_colour(document.colour), "check_code": check_code}
    shown = _shown(data)
    language, _, region = document.language.partition("-")
    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(shown), "language": language, "region": region},
        format=kind,
        ppi=ppi,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        timestamp=at.replace(microsecond=0),
    )


def _shown(data: Any) -> Any:
    """The same data, every character that no font has written as its number, so that nothing is silently lost."""
    unknown = frozenset(letter for text in _texts(data) for letter in text) - _KNOWN
    lost = _lost("".join(sorted(unknown)))
    return _rewritten(data, {ord(letter): f"[U+{ord(letter):04X}]" for letter in lost}) if lost else data


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _texts(value)


def _rewritten(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {name: _rewritten(value, table) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_rewritten(value, table) for value in data]
    return data


@lru_cache(maxsize=1024)
def _lost(letters: str) -> str:
    """Those of the letters that no font has. Typst tells of the first only, so halves are tried by themselves."""
    if not letters or _is_set(letters):
        return ""
    if len(letters) == 1:
        return letters
    middle = len(letters) // 2
    return _lost(letters[:middle]) + _lost(letters[middle:])


def _is_set(letters: str) -> bool:
    try:
        typst.compile(
            str(_PROBE),
            font_paths=[_FONTS],
            ignore_system_fonts=True,
            sys_inputs={"text": " ".join(letters)},
            format="pdf",
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        return False
    return True
