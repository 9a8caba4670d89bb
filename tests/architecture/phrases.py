"""The texts that are marked for translation in code and templates, and the Welsh catalogues that translators edit."""

import ast
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.architecture.tree import ROOT, apps_of

# Read by those who run the platform or program against it: in English.
_UNREAD = {"migrations", "management", "api"}
Message = str | tuple[str, str]
# A text, with the context that tells it from the same English in another sense.
Phrase = tuple[str, Message]
# Which catalogue has the words of which folders; the first has all that no other has.
MAIN = "locale"
CATALOGUES: dict[str, tuple[str, ...]] = {
    MAIN: (),
    "notifications/locale": ("notifications", "templates/notifications"),
}
# Pages and refusals of libraries that readers meet here and that have no Welsh of their own.
_BORROWED = {
    "allauth": (
        "templates/account/account_inactive.html",
        "templates/account/email_confirm.html",
        "templates/account/password_change.html",
        "templates/account/verification_sent.html",
        "templates/account/verified_email_required.html",
        "templates/mfa/index.html",
        "templates/mfa/recovery_codes/*.html",
        "templates/mfa/totp/*.html",
        "templates/mfa/webauthn/*.html",
        "account/adapter.py",
        "account/fields.py",
        "account/forms.py",
        "mfa/adapter.py",
        "mfa/*/forms.py",
    ),
    "django": ("contrib/auth/password_validation.py",),
}
_FILE = "cy/LC_MESSAGES/django.po"
_KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "say", "word")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# What Django's own preprocessor turns a template into: calls between blanked-out text.
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(
    rf"(?<![A-Za-z])(n?p?gettext|_)\(({_STRING})(?:,\s*({_STRING}))?(?:,\s*({_STRING}))?", re.DOTALL
)
PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}|</?[a-z]+")


def phrases(root: Path = ROOT) -> dict[str, dict[Phrase, str]]:
    """Every text marked for translation by catalogue, each with the file where it was found first."""
    found: dict[str, dict[Phrase, str]] = {catalogue: {} for catalogue in CATALOGUES}
    for path, phrase in _everywhere(root):
        found[catalogue_of(path)].setdefault(phrase, path)
    return found


def _borrowed() -> Iterator[tuple[str, Phrase]]:
    """What libraries say that have not said it in Welsh."""
    for name, patterns in _BORROWED.items():
        library = Path(str(import_module(name).__file__)).parent
        spoken: set[Phrase] = set()
        for file in library.rglob("locale/cy/LC_MESSAGES/django.mo"):
            with file.open("rb") as compiled_words:
                spoken |= set(known(read_mo(compiled_words)))
        for path in sorted(path for pattern in patterns for path in library.glob(pattern)):
            for phrase in in_code(path) if path.suffix == ".py" else in_template(path):
                if phrase not in spoken:
                    yield path.relative_to(library.parent).as_posix(), phrase


def catalogue_of(path: str) -> str:
    """The catalogue that has the words of a file."""
    for catalogue, folders in CATALOGUES.items():
        if any(path.startswith(f"{folder}/") for folder in folders):
            return catalogue
    return MAIN


def _everywhere(root: Path) -> Iterator[tuple[str, Phrase]]:
    for app in apps_of(root):
        for path in sorted(app.rglob("*.py")):
            if not _UNREAD & set(path.parts):
                yield from ((path.relative_to(root).as_posix(), phrase) for phrase in in_code(path))
    for path in sorted((root / "templates").rglob("*.*")):
        yield from ((path.relative_to(root).as_posix(), phrase) for phrase in in_template(path))
    yield from _borrowed()


def in_code(path: Path) -> Iterator[Phrase]:
    """The texts marked in a module."""
    found: Iterable[Any] = extract_python(BytesIO(path.read_bytes()), cast("Any", _KEYWORDS), [], {})
    for _, function, message, _ in found:
        given = (message,) if isinstance(message, str) else message or ()
        parts = [str(part) for part in given if part]
        if not parts:
            continue
        yield _phrase(function, parts)


def in_template(path: Path) -> Iterator[Phrase]:
    """The texts marked in a template."""
    for function, *literals in _CALL.findall(templatize(path.read_text(encoding="utf-8"))):
        yield _phrase(function, [_plain(literal) for literal in literals if literal])


def _phrase(function: str, parts: list[str]) -> Phrase:
    context = parts.pop(0) if function.removeprefix("n").startswith("p") else ""
    plural = function.startswith("n")
    return context, ((parts[0], parts[1]) if plural else parts[0])


def _plain(literal: str) -> str:
    return str(ast.literal_eval(literal.removeprefix("u")))


def file_of(catalogue: str, root: Path = ROOT) -> Path:
    """The file of a catalogue that translators edit."""
    return root / catalogue / _FILE


def welsh(catalogue: str) -> Catalog:
    """A catalogue as translators edit it."""
    return read_po(StringIO(file_of(catalogue).read_text(encoding="utf-8")), locale="cy")


def compiled(words: Catalog) -> bytes:
    """A catalogue as Django reads it."""
    target = BytesIO()
    write_mo(target, words)
    return target.getvalue()


def known(words: Catalog) -> dict[Phrase, Any]:
    """The entries of a catalogue by the text that they translate."""
    messages: Iterable[Any] = words
    found: dict[Phrase, Any] = {}
    for message in messages:
        if message.id:
            meant = message.id if isinstance(message.id, str) else tuple(message.id)
            found[message.context or "", meant] = message
    return found


def renew(catalogue: str, meant: dict[Phrase, str]) -> None:
    """Bring a catalogue up to what is marked: new texts empty, gone ones left out; and compile it."""
    words = welsh(catalogue)
    held = known(words)
    fresh = Catalog(locale="cy", header_comment=words.header_comment, fuzzy=False)
    fresh.mime_headers = words.mime_headers
    for context, message in sorted(meant, key=lambda phrase: (meant[phrase], str(phrase[1]), phrase[0])):
        entry = held.get((context, message))
        said = entry.string if entry and not entry.fuzzy else ""
        fresh.add(message, said, locations=[(meant[context, message], 0)], context=context or None)
    target = BytesIO()
    write_po(target, fresh, include_lineno=False, width=0)
    file_of(catalogue).write_bytes(target.getvalue())
    file_of(catalogue).with_suffix(".mo").write_bytes(compiled(welsh(catalogue)))
