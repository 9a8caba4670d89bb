"""The texts that people read, as marked for translation in templates and code, and the Welsh catalogue."""

import ast
import re
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parents[2]
CATALOGUE = PROJECT / "locale" / "cy" / "LC_MESSAGES" / "django.po"
TEMPLATES = ("portal", "people", "design", "govuk", "errors", "account", "mfa", "allauth")
ALONE = ("desk/base.html",)
PACKAGES = ("portal", "design")
_KEYWORDS = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "_": None}
# What Django's own preprocessor turns a template into: calls between blanked-out text.
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"(?<![A-Za-z])(n?gettext|_)\(({_STRING})(?:,\s*({_STRING}))?", re.DOTALL)

Message = str | tuple[str, str]


def texts_of_templates(root: Path = PROJECT / "templates") -> Iterator[tuple[Message, Path]]:
    """Every text marked in the templates of the shells and the portal; a pair where it has a plural."""
    paths = [path for folder in TEMPLATES for path in sorted((root / folder).rglob("*.html"))]
    for path in (*paths, *(root / name for name in ALONE)):
        for _, one, many in _CALL.findall(templatize(path.read_text(encoding="utf-8"))):
            yield (_plain(one), _plain(many)) if many else _plain(one), path


def texts_of_code() -> Iterator[tuple[Message, Path]]:
    """Every text marked in the code of the portal and the design system."""
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            source = BytesIO(path.read_bytes())
            found: Iterable[Any] = extract_python(source, cast("Any", _KEYWORDS), [], {})
            for _, _, message, _ in found:
                parts = [message] if isinstance(message, str) else [str(part) for part in message[:2]]
                yield parts[0] if len(parts) == 1 else (parts[0], parts[1]), path


def welsh() -> Catalog:
    """The catalogue as translators edit it."""
    return read_po(StringIO(CATALOGUE.read_text(encoding="utf-8")), locale="cy")


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def _plain(literal: str) -> str:
    return str(ast.literal_eval(literal.removeprefix("u")))
