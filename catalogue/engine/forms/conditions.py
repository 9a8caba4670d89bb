"""Conditions over answers: which questions are asked, who approves, which tasks are done.

    {"field": "model", "is": "light"}        {"field": "model", "in": ["light", "heavy"]}
    {"field": "cost", "at_least": 100000}    {"field": "extras", "has": "mouse"}
    {"field": "reason", "answered": true}    {"all": [...]}  {"any": [...]}  {"not": {...}}

A question without an answer is, has and reaches nothing. Sums are pence.
"""

from collections.abc import Mapping
from typing import Any

from tenancy.engine.words import say

Condition = Mapping[str, Any]
Faults = dict[str, str]
DEEPEST = 5
_WIDEST = 20
_GROUPS = ("all", "any")
_TESTS = ("is", "in", "at_least", "at_most", "has", "answered")
_NUMBERS = ("number", "money")


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition that was read holds for these answers. None always does."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(each, answers) for each in condition["all"])
    if "any" in condition:
        return any(holds(each, answers) for each in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], answers)
    name = condition["field"]
    return name in answers and _passes(condition, answers[name])


def _passes(condition: Condition, answer: Any) -> bool:
    if "is" in condition:
        return same(answer, condition["is"])
    if "in" in condition:
        return any(same(answer, each) for each in condition["in"])
    if "has" in condition:
        return isinstance(answer, list) and any(same(each, condition["has"]) for each in answer)
    if "answered" in condition:
        return True
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return bool(
        answer >= condition["at_least"] if "at_least" in condition else answer <= condition["at_most"]
    )


def same(one: Any, other: Any) -> bool:
    """Equal as JSON has it: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def fields_of(condition: Condition | None) -> set[str]:
    """The codes of the questions that a condition looks at."""
    if condition is None:
        return set()
    if "not" in condition:
        return fields_of(condition["not"])
    for group in _GROUPS:
        if group in condition:
            return set().union(*(fields_of(each) for each in condition[group]))
    return {condition["field"]}


def read_condition(
    data: Any, known: Mapping[str, str], options: Mapping[str, set[str]], path: str, faults: Faults
) -> Condition | None:
    """A condition from its notation; what is wrong goes into `faults`, by path, and gives None.

    `known` are the types of the questions before it, by code; `options` what those to choose from offer.
    """
    before = len(faults)
    _check(data, known, options, path, faults, depth=1)
    return data if len(faults) == before else None


def _check(
    data: Any,
    known: Mapping[str, str],
    options: Mapping[str, set[str]],
    path: str,
    faults: Faults,
    *,
    depth: int,
) -> None:
    if depth > DEEPEST:
        faults[path] = say("Conditions stand in each other %(most)s deep at most.", most=DEEPEST)
        return
    if not isinstance(data, Mapping):
        faults[path] = say("A condition is an object.")
        return
    for group in _GROUPS:
        if group in data:
            inner = data[group]
            if len(data) != 1 or not isinstance(inner, list) or not 1 <= len(inner) <= _WIDEST:
                faults[path] = say(
                    "%(group)s stands alone, with a list of 1 to %(most)s conditions.",
                    group=repr(group),
                    most=_WIDEST,
                )
                return
            for place, each in enumerate(inner):
                _check(each, known, options, f"{path}.{group}.{place}", faults, depth=depth + 1)
            return
    if "not" in data:
        if len(data) != 1:
            faults[path] = say("'not' stands alone, with one condition.")
            return
        _check(data["not"], known, options, f"{path}.not", faults, depth=depth + 1)
        return
    _check_test(data, known, options, path, faults)


def _check_test(
    data: Mapping[str, Any],
    known: Mapping[str, str],
    options: Mapping[str, set[str]],
    path: str,
    faults: Faults,
) -> None:
    name = data.get("field")
    tests = [test for test in _TESTS if test in data]
    if not isinstance(name, str) or name not in known:
        faults[f"{path}.field"] = say("No question before this has the code %(name)s.", name=repr(name))
        return
    if len(tests) != 1 or len(data) != 2:
        faults[path] = say("Say one of %(known)s about %(name)s.", known=", ".join(_TESTS), name=repr(name))
        return
    (test,) = tests
    reason = _wrong(test, data[test], known[name], options.get(name, set()))
    if reason:
        faults[f"{path}.{test}"] = reason


def _wrong(test: str, value: Any, type_: str, options: set[str]) -> str:
    """Why a test does not fit its question; "" when it does."""
    if test == "answered":
        return "" if value is True else say("Use true; for the contrary, 'not'.")
    if test in ("at_least", "at_most"):
        if type_ not in _NUMBERS:
            return say("Only numbers and sums of money are compared like this.")
        return "" if _is_number(value) else say("Use a number.")
    if test == "has":
        return (
            ""
            if type_ == "many" and isinstance(value, str) and value in options
            else say("Use an option of a question with several answers.")
        )
    values = value if test == "in" else [value]
    if not isinstance(values, list) or not 1 <= len(values) <= 100:
        return say("Use a list of 1 to 100 values.")
    return next((reason for each in values if (reason := _not_an_answer(each, type_, options))), "")


def _not_an_answer(value: Any, type_: str, options: set[str]) -> str:
    if type_ == "choice":
        return (
            ""
            if isinstance(value, str) and value in options
            else say("%(value)s is none of its options.", value=repr(value))
        )
    if type_ == "yes_no":
        return "" if isinstance(value, bool) else say("Use true or false.")
    if type_ in _NUMBERS:
        return "" if _is_number(value) else say("Use a number.")
    if type_ in ("many", "file"):
        return say("Use 'has' or 'answered' for a question with several answers.")
    return "" if isinstance(value, str) else say("Use text.")


def _is_number(value: Any) -> bool:
    """Whether this is a number that JSON can say: neither true nor boundless nor none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e16
