"""Service definitions: sections by a template, what is still missing, and what changed between two of them.

A template is a list of sections, in order:

    [{"code", "title": {"en", "cy"}, "hint": {"en", "cy"}, "is_mandatory": true}, ...]
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from catalogue.engine.texts import is_text
from tenancy.engine.words import say

SECTIONS_MAX = 40
TEXT_MAX = 20_000
_TITLE_MAX = 100
_HINT_MAX = 300
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGES = ("en", "cy")
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a template."""

    code: str
    title: Words
    hint: Words
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison. sort: same, gone or new."""

    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A section that two definitions say differently, line by line."""

    code: str
    lines: tuple[Line, ...]


class TemplateFaultyError(ValueError):
    """A template that cannot be: `faults` tells each, by path."""

    code = "template_faulty"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in faults.items()))
        self.faults = dict(faults)


def read_template(data: Any) -> tuple[Section, ...]:
    """The sections of a template from its notation. Raises TemplateFaultyError with all that is wrong, by path."""
    if not isinstance(data, list) or not 1 <= len(data) <= SECTIONS_MAX:
        raise TemplateFaultyError(
            {"sections": say("A template has 1 to %(most)s sections.", most=SECTIONS_MAX)}
        )
    faults: dict[str, str] = {}
    found: list[Section] = []
    for place, each in enumerate(data):
        if not isinstance(each, Mapping):
            faults[f"sections.{place}"] = say("A section is an object.")
            continue
        section = _section(each, f"sections.{place}", faults)
        if section.code and any(section.code == before.code for before in found):
            faults[f"sections.{place}.code"] = say(
                "There is another section with the code %(code)s.", code=repr(section.code)
            )
        found.append(section)
    if faults:
        raise TemplateFaultyError(faults)
    return tuple(found)


def _section(data: Mapping[str, Any], path: str, faults: dict[str, str]) -> Section:
    code = data.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code) or len(code) > 60:
        faults[f"{path}.code"] = say("Use small letters, digits and single hyphens.")
        code = ""
    title = _words(data.get("title"), f"{path}.title", _TITLE_MAX, faults)
    if not title.get("en", "").strip():
        faults.setdefault(f"{path}.title.en", say("Give it a name in English."))
    hint = _words(data.get("hint", {}), f"{path}.hint", _HINT_MAX, faults)
    is_mandatory = data.get("is_mandatory", False)
    if not isinstance(is_mandatory, bool):
        faults[f"{path}.is_mandatory"] = say("Use true or false.")
    return Section(code, title, hint, is_mandatory is True)


def _words(given: Any, path: str, longest: int, faults: dict[str, str]) -> dict[str, str]:
    if not isinstance(given, Mapping) or set(given) - set(_LANGUAGES):
        faults[path] = say('Say it as {"en": "...", "cy": "..."}.')
        return {}
    for language, text in given.items():
        if not is_text(text) or len(text) > longest:
            faults[f"{path}.{language}"] = say("Use %(longest)s characters at most.", longest=longest)
    return {language: str(text) for language, text in given.items()}


def wrong_texts(template: Sequence[Section], texts: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the texts of a definition, by section."""
    known = {section.code for section in template}
    wrong = {code: say("The template has no such section.") for code in texts if code not in known}
    for code, text in texts.items():
        if not is_text(text):
            wrong[code] = say("This is text.")
        elif len(text) > TEXT_MAX:
            wrong[code] = say("Use %(longest)s characters at most.", longest=TEXT_MAX)
    return wrong


def missing_sections(template: Sequence[Section], texts: Mapping[str, str]) -> tuple[Section, ...]:
    """The mandatory sections that say nothing."""
    return tuple(
        section for section in template if section.is_mandatory and not texts.get(section.code, "").strip()
    )


def compare(order: Sequence[str], old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Changed, ...]:
    """The sections that differ, in the order given, then those that only the texts know."""
    codes = [*order, *sorted((old.keys() | new.keys()) - set(order))]
    return tuple(
        Changed(code, _lines(old.get(code, ""), new.get(code, "")))
        for code in codes
        if old.get(code, "").strip() != new.get(code, "").strip()
    )


def _lines(old: str, new: str) -> tuple[Line, ...]:
    before, after = old.strip().splitlines(), new.strip().splitlines()
    found: list[Line] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found += [Line("same", text) for text in before[old_from:old_to]]
            continue
        found += [Line("gone", text) for text in before[old_from:old_to]]
        found += [Line("new", text) for text in after[new_from:new_to]]
    return tuple(found)


def template_text(template: Sequence[Section]) -> str:
    """A template as people type it: one section to a line, its parts between bars, a * before what is mandatory."""
    return "\n".join(
        " | ".join(
            (
                f"{'*' if section.is_mandatory else ''}{section.code}",
                *(
                    words.get(language, "")
                    for words in (section.title, section.hint)
                    for language in _LANGUAGES
                ),
            )
        )
        for section in template
    )


def text_template(text: str) -> list[dict[str, Any]]:
    """The notation of a template from its lines, faults and all: `read_template` finds them."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        code, *parts = (part.strip() for part in line.split("|"))
        title, title_cy, hint, hint_cy = (*parts, "", "", "", "")[:4]
        found.append(
            {
                "code": code.removeprefix("*").strip(),
                "title": {"en": title, "cy": title_cy},
                "hint": {"en": hint, "cy": hint_cy},
                "is_mandatory": code.startswith("*"),
            }
        )
    return found
