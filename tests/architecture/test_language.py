"""Everything that people read is marked for translation, and is in Welsh; and the finders of the rest do look.

After a change of words: ITSM_REVIEW=write python -m pytest tests/architecture/test_language.py -k catalogue, then
translate what is new in the .po files, and run it again, which compiles them.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import language
from tests.architecture.phrases import (
    CATALOGUES,
    PLACE,
    Phrase,
    compiled,
    file_of,
    known,
    phrases,
    renew,
    welsh,
)
from tests.architecture.tree import ROOT

Finder = Callable[[Path], Iterator[str]]
FEWEST = {"locale": 1500, "notifications/locale": 60}


@pytest.fixture(scope="module")
def meant() -> dict[str, dict[Phrase, str]]:
    """What is marked in code and templates, by catalogue."""
    found = phrases()
    if os.environ.get("ITSM_REVIEW") == "write":
        for catalogue in CATALOGUES:
            renew(catalogue, found[catalogue])
    return found


@pytest.mark.parametrize("finder", language.FINDERS, ids=lambda finder: str(finder.__name__))
def test_there_is_no(finder: Finder) -> None:
    assert list(finder(ROOT)) == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_has_every_text_and_no_other(meant: dict[str, dict[Phrase, str]], catalogue: str) -> None:
    held = known(welsh(catalogue))
    assert len(meant[catalogue]) > FEWEST[catalogue], "the texts were not found"
    assert sorted(map(str, set(meant[catalogue]) - set(held))) == []
    assert sorted(map(str, set(held) - set(meant[catalogue]))) == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_has_the_welsh_of_each_text(catalogue: str) -> None:
    wrong = []
    for phrase, message in known(welsh(catalogue)).items():
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        one, other = message.id if isinstance(message.id, tuple) else (message.id, message.id)
        if message.fuzzy or not all(said):
            wrong.append(f"{phrase}: not translated")
        # A plural form may name its number in words.
        allowed = [sorted(PLACE.findall(text)) for text in (one, other)]
        if any(sorted(PLACE.findall(form)) not in allowed for form in said):
            wrong.append(f"{phrase}: other places than in English")
    assert wrong == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_is_compiled(catalogue: str) -> None:
    assert file_of(catalogue).with_suffix(".mo").read_bytes() == compiled(welsh(catalogue))


@pytest.mark.parametrize(
    ("finder", "file", "text"),
    [
        (language.english_templates, "templates/things/a.html", "<p>Nothing here</p>"),
        (language.english_templates, "templates/things/a.html", '<a aria-label="Next page">2</a>'),
        (language.english_templates, "templates/things/a.html", '<input type="submit" value="Save">'),
        (language.english_templates, "templates/things/a.html", '{% tag "Late now" %}'),
        (language.english_templates, "templates/things/a.html", '{{ name|default:"Nobody" }}'),
        (language.english_code, "things/lifecycle.py", 'State("new", "open", "New")'),
        (language.english_code, "things/policy.py", 'raise ForbiddenError(f"This needs {what}.")'),
        (
            language.english_code,
            "things/services/use.py",
            'raise RuleError("x", fields={"a": "Enter a title."})',
        ),
        (language.english_code, "things/web/forms.py", 'name = forms.CharField(label="Name")'),
        (language.english_code, "things/engine/words.py", 'CODES = {"fixed": "Fixed"}'),
    ],
)
def test_a_fault_is_found(tmp_path: Path, finder: Finder, file: str, text: str) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "apps.py").write_text('"""An app."""\n')
    assert list(finder(tmp_path)) == []
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    (found,) = finder(tmp_path)
    assert found.startswith(file)


@pytest.mark.parametrize(
    ("finder", "file", "text"),
    [
        (language.english_templates, "templates/things/a.html", '<p>{% translate "Nothing here" %}</p>'),
        (
            language.english_templates,
            "templates/things/a.html",
            "{% blocktranslate count n=n %}One{% plural %}Many{% endblocktranslate %}",
        ),
        (language.english_templates, "templates/things/a.html", '{% tag _("Late now") %}'),
        (language.english_code, "things/lifecycle.py", 'State("new", "open", word("New"))'),
        (language.english_code, "things/policy.py", 'raise ForbiddenError(gettext("This needs more."))'),
        (language.english_code, "things/policy.py", 'raise ValueError("a programmer reads this")'),
    ],
)
def test_what_is_translated_is_no_fault(tmp_path: Path, finder: Finder, file: str, text: str) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "apps.py").write_text('"""An app."""\n')
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    assert list(finder(tmp_path)) == []
