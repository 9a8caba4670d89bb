"""What two designs say differently, place by place, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenancy.engine.words import say


@dataclass(frozen=True, slots=True)
class Difference:
    """A place, from the whole to the part, and what stood and stands there; "" for nothing."""

    place: str
    old: str
    new: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every place at which two designs differ, in the order of the newer one, then what only the older one had."""
    before, after = dict(_places(old, ())), dict(_places(new, ()))
    return [
        Difference(": ".join(place), before.get(place, ""), after.get(place, ""))
        for place in dict.fromkeys([*after, *before])
        if before.get(place) != after.get(place)
    ]


def _places(part: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(part, Mapping):
        for name, inner in part.items():
            if name not in ("code", "value") or not above:
                yield from _places(inner, (*above, _word(name)))
    elif isinstance(part, list) and part and all(isinstance(each, Mapping) and _code(each) for each in part):
        yield (*above, say("order")), ", ".join(_code(each) for each in part)
        for each in part:
            yield from _places(each, (*above, _code(each)))
    elif isinstance(part, list):
        if part:
            yield above, ", ".join(_plain(each) for each in part)
    else:
        yield above, _plain(part)


def _code(part: Mapping[str, Any]) -> str:
    code = part.get("code") or part.get("value")
    return code if isinstance(code, str) else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{_word(name)} {_plain(inner)}" for name, inner in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _word(name: str) -> str:
    words = {
        "en": say("English"),
        "cy": say("Welsh"),
        "name": say("name"),
        "summary": say("summary"),
        "description": say("description"),
        "keywords": say("keywords"),
        "price": say("price"),
        "period": say("period"),
        "max_quantity": say("most at once"),
        "for_others": say("for others"),
        "form": say("form"),
        "pages": say("pages"),
        "fields": say("questions"),
        "title": say("title"),
        "label": say("words"),
        "hint": say("hint"),
        "type": say("type"),
        "required": say("must be answered"),
        "options": say("options"),
        "when": say("when"),
        "approval": say("approval"),
        "levels": say("levels"),
        "by": say("by"),
        "plan": say("plan"),
        "tasks": say("tasks"),
        "group": say("group"),
        "after": say("after"),
        "takes": say("takes"),
        "told": say("told"),
        "action": say("action"),
        "calendar": say("calendar"),
    }
    return words.get(name, name.replace("_", " "))
