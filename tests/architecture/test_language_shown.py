"""Every page, in a language whose every text stands in brackets: what stands outside was frozen, or never marked."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client, override_settings
from django.utils.translation import trans_real
from pytest_django.plugin import DjangoDbBlocker

from catalogue.engine.standard_definition import STANDARD_TEMPLATE
from governance.engine.standard_checklist import STANDARD_CHECKLIST
from reporting.engine.questions import Month
from reporting.queries.documents import report_document
from tenancy.engine.scope import tenant_scope
from tests.architecture.conftest import superuser
from tests.architecture.routes import lines, reviewed
from tests.architecture.rows import MONDAY_TEN
from tests.architecture.town import Town, build_town
from tests.support.database import empty_all_tables

BRACKETED = "en-brackets"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg"), (BRACKETED, "Brackets")]
# No pages; English on purpose; a report as it was issued, and a preview, in the language that they are in.
UNREAD = re.compile(
    r"/(?:admin/offerings/[^/]+/preview/|api/|static/|theme\.css|readyz|livez|metrics|identity/|\.well-known|.*\.(?:xlsx|pdf)$|.*/attachments/|reports/check/.)"
)
_SAID = re.compile(r"⟦[^⟦⟧]*⟧")
_CHECK_CODE = re.compile(r"\b(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_HUMAN = ("title", "alt", "placeholder", "aria-label")
# What a page says of itself that is the same in every language, each with its reason.
SAME = {
    "English": "a language's name",
    "Cymraeg": "a language's name",
    "Brackets": "this language's name",
    "Unity": "the product's name",
    "Desk": "the product's name",
    "response": "a target's code",
    "email": "a service's code, in the file of the portfolio",
    **dict.fromkeys(("Enter", "Esc"), "a key"),
    **dict.fromkeys(("SLA", "OLA"), "a kind of target"),
    **dict.fromkeys(("PDF", "XLSX", "CSV"), "a format"),
}


class _Catalogue(trans_real.DjangoTranslation):
    """Every text that has its Welsh, in English and in brackets; others come back as they are."""

    def __init__(self) -> None:
        self._welsh: Any = trans_real.translation("cy")._catalog  # type: ignore[attr-defined]

    def to_language(self) -> str:
        return BRACKETED

    def gettext(self, message: str) -> str:
        text = message.rpartition("\x04")[2]
        return f"⟦{text}⟧" if self._welsh.get(message) else text

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        text = (msgid1 if n == 1 else msgid2).rpartition("\x04")[2]
        return f"⟦{text}⟧" if self._welsh.get((msgid1, 1)) else text


class _Page(HTMLParser):
    """What a page shows and reads out; `code` and what people typed are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "pre", "textarea", "template"):
            self._within.append(tag)
        self.found += [value for name, value in attrs if name in _HUMAN and value]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.found.append(data)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """The town of the walk over all addresses."""
    with django_db_blocker.unblock():
        try:
            yield build_town()
        finally:
            empty_all_tables()


@pytest.fixture
def brackets() -> Iterator[None]:
    """A language that shows what passed through translation."""
    with override_settings(LANGUAGES=LANGUAGES):
        # Django's own cache, which it empties when the languages change.
        trans_real._translations[BRACKETED] = _Catalogue()  # type: ignore[attr-defined]
        yield


def _data() -> list[str]:
    """Every text in the database, longest first: names and what people wrote; and what ships in both languages."""
    found = set(_texts([*STANDARD_TEMPLATE, STANDARD_CHECKLIST]))
    with superuser() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT to_jsonb(held) FROM {model._meta.db_table} held")
            for (row,) in cursor.fetchall():
                found.update(_texts(row))
    return sorted(found, key=len, reverse=True)


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        # A word of small letters alone may be a code that nobody should see.
        if _WORD.search(held) and not (held.isalpha() and held.islower()):
            yield held
    elif isinstance(held, dict | list):
        for each in [*held, *held.values()] if isinstance(held, dict) else held:
            yield from _texts(each)


def english_left(shown: list[str], data: list[str]) -> list[str]:
    """What of a page passed through no translation and is no data. A sentence may span several elements."""
    text = "\n".join(" ".join(each.split()) for each in shown)
    while _SAID.search(text):
        text = _SAID.sub(" ", text)
    text = _CHECK_CODE.sub(" ", text)
    for known in data:
        text = text.replace(" ".join(known.split()), " ")
    found = (" ".join(word for word in _WORD.findall(line) if word not in SAME) for line in text.splitlines())
    return sorted({line for line in found if line})


def _shown(town: Town, actor: str) -> Iterator[tuple[str, list[str]]]:
    """Each address that answers, and what its page or table shows."""
    client: Client = town.clients[actor]
    client.cookies["django_language"] = BRACKETED
    answered = reviewed()
    for line in lines():
        method, _, route = line.partition(" /")
        if method != "GET" or UNREAD.match(f"/{route}") or answered.get(line, {}).get(actor) != 200:
            continue
        address = town.own.fill(route)
        response = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        if response.headers.get("Content-Type", "").startswith("text/html"):
            page = _Page()
            page.feed(content.decode())
            yield address, page.found
        elif response.headers.get("Content-Type", "").startswith("text/csv"):
            yield address, content.decode().splitlines()


@pytest.mark.parametrize("actor", ["administrator", "end_user"])
def test_nothing_on_a_page_is_left_in_english(
    django_db_blocker: DjangoDbBlocker, town: Town, brackets: None, actor: str
) -> None:
    with django_db_blocker.unblock():
        left: dict[str, str] = {}
        seen = 0
        data: list[str] = []
        for address, shown in _shown(town, actor):
            data = data or _data()
            seen += 1
            for words in english_left(shown, data):
                left.setdefault(words, address)
    assert seen > (50 if actor == "administrator" else 10)
    assert not left, "\n".join(f"{words} ({address})" for words, address in sorted(left.items()))


@pytest.mark.parametrize("kind", ["sla", "supplier"])
def test_nothing_in_a_report_is_left_in_english(
    django_db_blocker: DjangoDbBlocker, town: Town, brackets: None, kind: str
) -> None:
    with django_db_blocker.unblock():
        with superuser() as cursor:
            cursor.execute("SELECT id FROM tenancy_tenant WHERE code = 'defra'")
            (tenant,) = cursor.fetchone()
            cursor.execute("SELECT id FROM people_provider WHERE tenant_id = %s LIMIT 1", [tenant])
            (provider,) = cursor.fetchone()
        with tenant_scope(tenant, actor="system:test"):
            document, _ = report_document(
                kind=kind,
                month=Month(2026, 11),
                provider_id=UUID(str(provider)) if kind == "supplier" else None,
                language=BRACKETED,
                issued_by="Teasel Moss",
                now=MONDAY_TEN,
            )
        said = [text for text in _texts(_values(asdict(document))) if " " in text or text[:1].isupper()]
        assert len(said) > 30
        assert english_left(said, [*_data(), "Teasel Moss"]) == []


def _values(held: Any) -> Any:
    """The same without the names of fields."""
    if isinstance(held, dict):
        return [_values(each) for each in held.values()]
    return [_values(each) for each in held] if isinstance(held, list | tuple) else held
