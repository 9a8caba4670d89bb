"""Whether one answer is one, by the type and rules of its question.

An answer that is there says something: nothing typed, chosen or given is no answer, never an empty one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from catalogue.engine.forms.dates import bound, day_of
from catalogue.engine.forms.definition import Field
from catalogue.engine.forms.reading import (
    FILES_MAX,
    LONG_TEXT_MAX,
    NUMBER_MAX,
    PENCE_MAX,
    TEXT_MAX,
)
from catalogue.engine.texts import is_unicode

EMAIL_MAX = 254
CODE_MAX = 60
# Spelled out, because \s and \w are not the same characters in every language that reads the schema.
SOMETHING = "[^ \\t\\r\\n\\u00a0]"
CONTROLS = "[\\u0000-\\u001f\\u007f]"
NULL = "\\u0000"
EMAIL = "^[^@ \\u0000-\\u001f\\u007f]+@[^@ \\u0000-\\u001f\\u007f]+$"
CODE = "^[A-Za-z0-9_-]+$"
FILE = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
# What must be escaped in a pattern, and may be: strict readers refuse a backslash before anything else.
_SYNTAX = re.compile(r"[\^$\\.*+?()\[\]{}|/]")
_BACKSLASHED = r"\\\g<0>"
_LETTERS = {"A": "[A-Za-z]", "9": "[0-9]", "X": "[A-Za-z0-9]"}


class Lookups(Protocol):
    """What the tenant has, as far as the one who answers may name it."""

    def has(self, type_: str, answer: str) -> bool:
        """Whether there is such a person, organisation, service or file."""
        ...


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why an answer is none: a word for the reason, and what it takes to say it."""

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


def mask_pattern(mask: str) -> str:
    """A mask as a pattern: the same in every language that reads it, and without a way to go on for long."""
    return f"^{''.join(_LETTERS.get(letter) or _SYNTAX.sub(_BACKSLASHED, letter) for letter in mask)}$"


def limits_of(asked: Field) -> tuple[Any, Any]:
    """The least and the most that a question takes: characters, numbers, pence or how many."""
    rules = asked.rules
    if asked.type in ("text", "long_text"):
        return rules.get("min_length", 1), rules.get(
            "max_length", TEXT_MAX if asked.type == "text" else LONG_TEXT_MAX
        )
    if asked.type == "number":
        return rules.get("min", -NUMBER_MAX), rules.get("max", NUMBER_MAX)
    if asked.type == "money":
        return rules.get("min", 0), rules.get("max", PENCE_MAX)
    most = len(asked.options) if asked.type == "many" else FILES_MAX
    return rules.get("min_count", 1), min(rules.get("max_count", most), most)


def wrong_with(asked: Field, answer: Any, today: date, lookups: Lookups | None) -> Wrong | None:
    """What is wrong with an answer; None when nothing is. `today` is the day of whoever is asked.

    Without `lookups` it is not asked whether what an answer names is there.
    """
    return _CHECKS[asked.type](asked, answer, today, lookups)


def _text(asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    is_long = asked.type == "long_text"
    if not isinstance(answer, str):
        return Wrong("text")
    if re.search(NULL if is_long else CONTROLS, answer) or not is_unicode(answer):
        return Wrong("characters")
    if not re.search(SOMETHING, answer):
        return Wrong("nothing")
    if "mask" in asked.rules:
        mask = asked.rules["mask"]
        return None if re.search(mask_pattern(mask), answer) else Wrong("mask", {"mask": mask})
    least, most = limits_of(asked)
    if len(answer) < least:
        return Wrong("short", {"least": least})
    return Wrong("long", {"most": most}) if len(answer) > most else None


def _number(asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != answer:  # noqa: PLR0124  not a number
        return Wrong("number")
    least, most = limits_of(asked)
    if not least <= answer <= most:
        return Wrong("range", {"least": least, "most": most})
    if asked.rules.get("whole") and answer != int(answer):
        return Wrong("whole")
    return None


def _money(asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != answer:  # noqa: PLR0124  not a number
        return Wrong("money")
    least, most = limits_of(asked)
    if not least <= answer <= most:
        return Wrong("sum", {"least": least, "most": most})
    return None if answer == int(answer) else Wrong("money")


def _date(asked: Field, answer: Any, today: date, _lookups: Lookups | None) -> Wrong | None:
    day = day_of(answer) if isinstance(answer, str) else None
    if day is None:
        return Wrong("date")
    if "earliest" in asked.rules and day < (earliest := bound(asked.rules["earliest"], today)):
        return Wrong("early", {"day": earliest})
    if "latest" in asked.rules and day > (latest := bound(asked.rules["latest"], today)):
        return Wrong("late", {"day": latest})
    return None


def _choice(asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    values = {option.value for option in asked.options}
    return None if isinstance(answer, str) and answer in values else Wrong("option")


def _many(asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    values = {option.value for option in asked.options}
    if not isinstance(answer, list) or not all(isinstance(each, str) and each in values for each in answer):
        return Wrong("options")
    return _count(asked, answer)


def _count(asked: Field, answer: list[str]) -> Wrong | None:
    if len(set(answer)) != len(answer):
        return Wrong("twice")
    least, most = limits_of(asked)
    if not answer:
        return Wrong("nothing")
    return None if least <= len(answer) <= most else Wrong("count", {"least": least, "most": most})


def _reference(asked: Field, answer: Any, _today: date, lookups: Lookups | None) -> Wrong | None:
    is_person = asked.type == "person"
    if (
        not isinstance(answer, str)
        or len(answer) > (EMAIL_MAX if is_person else CODE_MAX)
        or not re.search(EMAIL if is_person else CODE, answer)
        or answer.endswith("\n")
        or not is_unicode(answer)
    ):
        return Wrong("email" if is_person else asked.type)
    return None if lookups is None or lookups.has(asked.type, answer) else Wrong(f"no_{asked.type}")


def _file(asked: Field, answer: Any, _today: date, lookups: Lookups | None) -> Wrong | None:
    if not isinstance(answer, list) or not all(
        isinstance(each, str) and re.search(FILE, each) and len(each) == 36 for each in answer
    ):
        return Wrong("files")
    wrong = _count(asked, answer)
    if wrong is None and lookups is not None and not all(lookups.has("file", each) for each in answer):
        return Wrong("no_file")
    return wrong


def _yes_no(_asked: Field, answer: Any, _today: date, _lookups: Lookups | None) -> Wrong | None:
    return None if isinstance(answer, bool) else Wrong("yes_no")


_CHECKS = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "many": _many,
    "person": _reference,
    "organisation": _reference,
    "service": _reference,
    "file": _file,
    "yes_no": _yes_no,
}
