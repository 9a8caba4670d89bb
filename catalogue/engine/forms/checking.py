"""Whether answers are right: all of them, from a client, or those of one page, from a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.engine.forms.definition import Form
from catalogue.engine.forms.values import Lookups, Wrong, wrong_with

ANSWERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers as they are kept, and what is wrong with which."""

    answers: Mapping[str, Any]
    wrong: Mapping[str, Wrong]


def check_answers(form: Form, answers: Any, *, today: date, lookups: Lookups | None = None) -> Checked:
    """All answers to a form, as a client gives them: every question that they call for, and no other.

    What is kept is what was given; a whole number written 3.0 is kept as 3.
    """
    if not isinstance(answers, Mapping):
        return Checked({}, {"": Wrong("object")})
    asked = {each.code: each for _, each in form.asked(answers)}
    wrong: dict[str, Wrong] = {}
    for name in list(answers)[:ANSWERS_MAX]:
        if name not in asked:
            is_known = any(each.code == name for _, each in form.fields())
            wrong[str(name)] = Wrong("not_asked" if is_known else "unknown")
    kept: dict[str, Any] = {}
    for code, each in asked.items():
        if code in answers:
            reason = wrong_with(each, answers[code], today, lookups)
            if reason is not None:
                wrong[code] = reason
            else:
                kept[code] = _plain(answers[code])
        elif each.is_required:
            wrong[code] = Wrong("missing")
    if len(answers) > ANSWERS_MAX:
        wrong[""] = Wrong("too_many")
    return Checked(kept, wrong)


def check_page(
    form: Form,
    page: str,
    kept: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    today: date,
    lookups: Lookups | None = None,
) -> Checked:
    """The answers of one page, given by a person beside those `kept` of other pages.

    What is given to questions that are not asked is dropped, and so is what was kept for questions that the new
    answers no longer call for.
    """
    here = {each.code for where, each in form.fields() if where.code == page}
    whole = {code: answer for code, answer in kept.items() if code not in here}
    whole |= {code: answer for code, answer in given.items() if code in here}
    found: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for where, each in form.asked(whole):
        if each.code in whole:
            if where.code == page and (reason := wrong_with(each, whole[each.code], today, lookups)):
                wrong[each.code] = reason
            else:
                found[each.code] = _plain(whole[each.code])
        elif where.code == page and each.is_required:
            wrong[each.code] = Wrong("missing")
    return Checked(found, wrong)


def pages_to_answer(form: Form, answers: Mapping[str, Any], answered: Collection[str]) -> list[str]:
    """The pages that are still to be answered, in order: asked for, and not seen yet or with something missing."""
    left: dict[str, None] = {}
    for page, each in form.asked(answers):
        if page.code not in answered or (each.is_required and each.code not in answers):
            left[page.code] = None
    return list(left)


def pages_asked(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """The pages that these answers call for, in order."""
    return list(dict.fromkeys(page.code for page, _ in form.asked(answers)))


def _plain(answer: Any) -> Any:
    return int(answer) if isinstance(answer, float) and answer.is_integer() else answer
