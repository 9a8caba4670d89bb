"""Conditions as they are chosen from a list, and in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.engine.forms.conditions import Condition
from tenancy.engine.words import say

_COMPARED = ("number", "money")
Asked = Mapping[str, Any]


def key_of(condition: Condition) -> str:
    """A condition as the value of a choice."""
    return json.dumps(condition, sort_keys=True, separators=(",", ":"))


def condition_of(key: str) -> Condition | None:
    """The condition that a choice stands for; "" is none."""
    return json.loads(key) if key else None


def conditions_about(questions: Iterable[Asked]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be asked about each of these questions (as notation): its label, and conditions as (key, words)."""
    found = []
    known = list(questions)
    for question in known:
        tests = [(key_of(test), condition_words(test, known)) for test in _tests(question)]
        found.append((_label(question), tests))
    return found


def _tests(question: Asked) -> list[Condition]:
    code, type_ = question["code"], question["type"]
    answered = {"field": code, "answered": True}
    if type_ == "choice":
        return [{"field": code, "is": option["value"]} for option in question["options"]]
    if type_ == "many":
        return [{"field": code, "has": option["value"]} for option in question["options"]]
    if type_ == "yes_no":
        return [{"field": code, "is": True}, {"field": code, "is": False}]
    if type_ in _COMPARED:
        return [answered, {"field": code, "at_least": None}, {"field": code, "at_most": None}]
    return [answered]


def condition_words(condition: Condition | None, questions: Sequence[Asked]) -> str:
    """A condition that was read, in words; "" for none."""
    if condition is None:
        return ""
    if "all" in condition:
        return say(" and ").join(condition_words(each, questions) for each in condition["all"])
    if "any" in condition:
        return say(" or ").join(condition_words(each, questions) for each in condition["any"])
    if "not" in condition:
        return say("not: %(condition)s", condition=condition_words(condition["not"], questions))
    return _about_one(condition, questions)


def _about_one(condition: Condition, questions: Sequence[Asked]) -> str:
    question = next((each for each in questions if each["code"] == condition["field"]), None)
    label = _label(question) if question else condition["field"]
    ((test, value),) = ((name, value) for name, value in condition.items() if name != "field")
    if test == "answered":
        return say("“%(question)s” is answered", question=label)
    shown = ", ".join(_value(question, each) for each in (value if isinstance(value, list) else [value]))
    patterns = {
        "at_least": say("“%(question)s” is at least %(value)s", question=label, value=shown),
        "at_most": say("“%(question)s” is at most %(value)s", question=label, value=shown),
        "has": say("“%(question)s” includes %(value)s", question=label, value=shown),
    }
    return patterns.get(test) or say("“%(question)s” is %(value)s", question=label, value=shown)


def _label(question: Asked) -> str:
    return str(question["label"].get("en") or question["code"])


def _value(question: Asked | None, value: Any) -> str:
    if value is None:
        return "…"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if question and question["type"] == "money":
        return f"£{value / 100:,.2f}"
    options = question.get("options", ()) if question else ()
    return next(
        (str(each["label"].get("en", value)) for each in options if each["value"] == value), str(value)
    )
