"""Answers in words, and what became of them in another version of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.engine.forms.checking import pages_asked
from catalogue.engine.forms.definition import CHOOSING, Field, Form, Words, in_language
from catalogue.engine.forms.values import wrong_with


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer: `value` is what was given, `chosen` the words of the options that were chosen."""

    page: str
    code: str
    type: str
    label: str
    value: Any
    chosen: tuple[str, ...]


def answered(form: Form, answers: Mapping[str, Any], language: str) -> list[Answered]:
    """Every question that was asked and answered, in order, in a language."""
    return [
        Answered(
            page=page.code,
            code=each.code,
            type=each.type,
            label=in_language(each.label, language),
            value=answers[each.code],
            chosen=_chosen(each, answers[each.code], language),
        )
        for page, each in form.asked(answers)
        if each.code in answers
    ]


def _chosen(asked: Field, answer: Any, language: str) -> tuple[str, ...]:
    if asked.type not in CHOOSING:
        return ()
    values = answer if isinstance(answer, list) else [answer]
    words = {option.value: in_language(option.label, language) for option in asked.options}
    return tuple(words.get(value, str(value)) for value in values)


def carry_over(
    old: Form, new: Form, answers: Mapping[str, Any], *, today: date
) -> tuple[dict[str, Any], list[str]]:
    """The answers that a new version of a form still takes, and the codes of its pages that are to be looked at again.

    A page is looked at again when it is new, asks something new, or an answer on it fell away.
    """
    before = {each.code: each for _, each in old.fields()}
    kept = dict(answers)
    while True:
        # An answer that falls away may have been why others were asked for.
        still = {
            each.code: kept[each.code]
            for _, each in new.asked(kept)
            if each.code in kept and _fits(before.get(each.code), each, kept[each.code], today)
        }
        if still == kept:
            break
        kept = still
    again = []
    old_pages = {page.code for page in old.pages}
    for code in pages_asked(new, kept):
        page = new.page(code)
        fields = page.fields if page else ()
        if code not in old_pages or any(
            each.code not in before or (each.code in answers and each.code not in kept) for each in fields
        ):
            again.append(code)
    return kept, again


@dataclass(frozen=True, slots=True)
class Change:
    """A question that another version asks ("added"), asks no more ("removed") or asks otherwise ("changed")."""

    kind: str
    label: Words


def compare(old: Form, new: Form) -> list[Change]:
    """What a new version of a form asks otherwise than the old one, question by question."""
    before = {each.code: each for _, each in old.fields()}
    after = {each.code: each for _, each in new.fields()}
    changes = []
    for code, each in after.items():
        if code not in before:
            changes.append(Change("added", each.label))
        elif before[code] != each:
            changes.append(Change("changed", each.label))
    return changes + [Change("removed", each.label) for code, each in before.items() if code not in after]


def _fits(was: Field | None, now: Field, answer: Any, today: date) -> bool:
    return was is not None and was.type == now.type and wrong_with(now, answer, today, None) is None
