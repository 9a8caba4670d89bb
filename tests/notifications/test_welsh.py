import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "notifications" / "locale" / "cy" / "LC_MESSAGES"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Welsh words as their translator edits them."""
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="cy")


def _sources() -> dict[str, str]:
    modules = [path for path in (PROJECT / "notifications").rglob("*.py") if "migrations" not in path.parts]
    templates = list((PROJECT / "templates" / "notifications").rglob("*.*"))
    sources = {str(path): path.read_text(encoding="utf-8") for path in modules}
    return sources | {str(path): _as_python(path.read_text(encoding="utf-8")) for path in templates}


def _as_python(template: str) -> str:
    """A template's translatable phrases, as calls that an extractor of Python finds."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def _said() -> set[str]:
    """Every phrase that the code and the templates ask to have translated."""
    phrases = set()
    for source in _sources().values():
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            phrases.add(_first(message))
    return phrases


def test_every_phrase_is_in_welsh_and_none_is_left_over(catalogue: Catalog) -> None:
    translated = {
        _first(message.id) for message in catalogue if message.id and message.string and not message.fuzzy
    }
    said = _said()
    assert len(said) > 60
    assert said - translated == set()
    assert translated - said == set()


def test_translations_keep_the_names_in_their_phrases(catalogue: Catalog) -> None:
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_compiled_file_is_of_this_catalogue(catalogue: Catalog) -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert _words(compiled) == _words(catalogue)


def _words(words: Catalog) -> dict[str, list[str]]:
    """Each phrase (of those with a plural, the singular) and its translations."""
    return {
        _first(message.id): [message.string]
        if isinstance(message.string, str)
        else list(message.string or ())
        for message in words
        if message.id
    }


def _first(phrase: str | Sequence[str]) -> str:
    return phrase if isinstance(phrase, str) else phrase[0]
