"""Parts of a notation that stand in a list, each with a code: found, put in, moved, taken out.

Nothing here says whether the outcome can be: the reader of the notation does.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Part = Mapping[str, Any]
_CODE_MAX = 40


def find_part(parts: Sequence[Part], code: str) -> Part | None:
    """The part with this code."""
    return next((part for part in parts if part.get("code") == code), None)


def with_part(parts: Sequence[Part], part: Part) -> list[Part]:
    """The parts with this one in the place of the one with its code, else as the last."""
    if find_part(parts, part["code"]) is None:
        return [*parts, part]
    return [part if each.get("code") == part["code"] else each for each in parts]


def moved(parts: Sequence[Part], code: str, step: int) -> list[Part]:
    """The parts with one of them `step` places further on (back, below 0), never beyond either end."""
    rest = without_part(parts, code)
    place = next((place for place, part in enumerate(parts) if part.get("code") == code), None)
    if place is None:
        return rest
    rest.insert(min(max(place + step, 0), len(rest)), parts[place])
    return rest


def without_part(parts: Sequence[Part], code: str) -> list[Part]:
    """The parts without the one with this code."""
    return [part for part in parts if part.get("code") != code]


def free_code(words: str, taken: Collection[str], between: str) -> str:
    """A code made of words that is not taken yet, `between` standing for what is neither letter nor digit."""
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", between, plain).strip(between)[: _CODE_MAX - 4].strip(between)
    if not code or not code[0].isalpha():
        code = f"q{between}{code}".strip(between)
    free, count = code, 1
    while free in taken:
        count += 1
        free = f"{code}{between}{count}"
    return free


def texts(**given: str) -> dict[str, str]:
    """Words by language, those that say nothing left out."""
    return {language: text for language, text in given.items() if text}


def tidy(part: Part) -> dict[str, Any]:
    """A part without what says nothing."""
    return {name: value for name, value in part.items() if value not in (None, "", [], {})}
