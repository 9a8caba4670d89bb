"""What a form is: pages of fields, in both languages, some of them only under a condition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.engine.forms.conditions import Condition, holds

LANGUAGES = ("en", "cy")
# Types whose answer is one of the form's own options.
CHOOSING = ("choice", "many")
# Types whose answer names something that the tenant has.
REFERRING = ("person", "organisation", "service", "file")
TYPES = ("text", "long_text", "number", "money", "date", *CHOOSING, *REFERRING, "yes_no")
Words = Mapping[str, str]


def in_language(words: Words, language: str) -> str:
    """The words in a language, else in English."""
    return words.get(language) or words.get("en", "")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: Words
    hint: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `rules` are those of its type, as the notation has them; `when` None means always."""

    code: str
    type: str
    label: Words
    hint: Words
    is_required: bool
    when: Condition | None
    rules: Mapping[str, Any]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One thing at a time: some questions under one title."""

    code: str
    title: Words
    when: Condition | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """All that is asked."""

    pages: tuple[Page, ...]

    def fields(self) -> Iterator[tuple[Page, Field]]:
        """Every field with its page, in order."""
        for page in self.pages:
            for each in page.fields:
                yield page, each

    def page(self, code: str) -> Page | None:
        """The page with this code."""
        return next((page for page in self.pages if page.code == code), None)

    def asked(self, answers: Mapping[str, Any]) -> Iterator[tuple[Page, Field]]:
        """The fields that these answers call for, with their pages, in order.

        A field that is not asked has no answer, whatever `answers` say: what depends on it sees none.
        """
        seen: dict[str, Any] = {}
        for page in self.pages:
            if not holds(page.when, seen):
                continue
            for each in page.fields:
                if not holds(each.when, seen):
                    continue
                if each.code in answers:
                    seen[each.code] = answers[each.code]
                yield page, each
