"""Answers to the form of an offering's version, with what is wrong in words for the person who answers."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from catalogue.engine.forms import (
    Answered,
    Checked,
    Field,
    Form,
    Lookups,
    Wrong,
    answered,
    carry_over,
    check_answers,
    check_page,
    compare,
    in_language,
    pages_asked,
    pages_to_answer,
    read_form,
    schema_of,
)
from catalogue.models import OfferingVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and its answer in words, with the page that asked it."""

    page: str
    label: str
    value: str
    type: str


_forms: OrderedDict[UUID, Form] = OrderedDict()
_MOST_FORMS = 1024


def form_of(version: OfferingVersion) -> Form:
    """The form of a version. Versions are never edited: each is read once a process, the latest used are kept."""
    form = _forms.get(version.pk)
    if form is None:
        form = _forms[version.pk] = read_form(version.design.get("form"))
        if len(_forms) > _MOST_FORMS:
            _forms.popitem(last=False)
    return form


def read_answers(
    version: OfferingVersion, answers: Any, *, today: date, lookups: Lookups
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """All answers at once: as they are kept, and what is wrong, by question. `today` is the tenant's day."""
    form = form_of(version)
    checked = check_answers(form, answers, today=today, lookups=lookups)
    return checked.answers, _in_words(form, checked)


def read_task_answers(
    notation: Any, answers: Any, *, today: date, lookups: Lookups
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The same for the form of a task, which its plan holds as notation."""
    form = read_form(notation)
    checked = check_answers(form, answers, today=today, lookups=lookups)
    return checked.answers, _in_words(form, checked)


def read_page(
    version: OfferingVersion,
    page: str,
    kept: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    today: date,
    lookups: Lookups,
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The answers of one page beside those `kept` of others: all of them, and what is wrong with this page's."""
    form = form_of(version)
    checked = check_page(form, page, kept, given, today=today, lookups=lookups)
    return checked.answers, _in_words(form, checked)


def pages_left(version: OfferingVersion, answers: Mapping[str, Any], seen: Collection[str]) -> Sequence[str]:
    """The pages that are still to be answered, in order."""
    return pages_to_answer(form_of(version), answers, seen)


def pages_of(version: OfferingVersion, answers: Mapping[str, Any]) -> list[str]:
    """The pages that these answers call for, in order."""
    return pages_asked(form_of(version), answers)


def asked_on(version: OfferingVersion, page: str, answers: Mapping[str, Any]) -> list[Field]:
    """The questions of a page that these answers call for."""
    return [field for where, field in form_of(version).asked(answers) if where.code == page]


def changes_between(old: OfferingVersion, new: OfferingVersion, language: str) -> list[str]:
    """What another version of an offering asks and costs otherwise, in words for the one who requests it."""
    changes = []
    if old.design.get("price") != new.design.get("price"):
        changes.append(gettext("The price has changed."))
    words = {
        "added": gettext("A new question: %(label)s"),
        "removed": gettext("No longer asked: %(label)s"),
        "changed": gettext("Asked in another way: %(label)s"),
    }
    changes += [
        words[change.kind] % {"label": in_language(change.label, language)}
        for change in compare(form_of(old), form_of(new))
    ]
    return changes or [gettext("The description has changed.")]


def carry_over_answers(
    old: OfferingVersion, new: OfferingVersion, answers: Mapping[str, Any], *, today: date
) -> tuple[dict[str, Any], list[str]]:
    """The answers that another version still takes, and its pages that are to be looked at again."""
    return carry_over(form_of(old), form_of(new), answers, today=today)


def answers_schema(version: OfferingVersion, language: str, *, today: date) -> dict[str, Any]:
    """The answers as JSON Schema 2020-12, its words in a language."""
    return schema_of(form_of(version), language, today=today)


def shown_answers(
    version: OfferingVersion,
    answers: Mapping[str, Any],
    language: str,
    *,
    files: Mapping[str, str] | None = None,
) -> list[Shown]:
    """What was asked and answered, in words, on the version that was filled in. `files` are names by key."""
    return _shown(form_of(version), answers, language, files or {})


def shown_task_answers(
    notation: Any, answers: Mapping[str, Any], language: str, *, files: Mapping[str, str] | None = None
) -> list[Shown]:
    """The same for the form of a task, which its plan holds as notation."""
    return _shown(read_form(notation), answers, language, files or {})


def _shown(form: Form, answers: Mapping[str, Any], language: str, files: Mapping[str, str]) -> list[Shown]:
    return [
        Shown(each.page, each.label, _value(each, files), each.type)
        for each in answered(form, answers, language)
    ]


def describe_answers(
    version: OfferingVersion, answers: Mapping[str, Any], *, files: Mapping[str, str]
) -> str:
    """Questions and answers as plain text, in English: what those who work a request read, and what search finds."""
    lines = [f"{each.label}\n{each.value}" for each in shown_answers(version, answers, "en", files=files)]
    return "\n\n".join(lines)


def _value(each: Answered, files: Mapping[str, str]) -> str:
    if each.chosen:
        return ", ".join(each.chosen)
    say = _SAYING.get(each.type)
    if each.type == "file":
        return ", ".join(files.get(key, gettext("a file")) for key in each.value)
    return say(each.value) if say else str(each.value)


_SAYING: dict[str, Callable[[Any], str]] = {
    "yes_no": lambda value: gettext("Yes") if value else gettext("No"),
    "money": lambda value: f"£{number_format(value / 100, decimal_pos=2, force_grouping=True)}",
    "number": lambda value: str(number_format(value, force_grouping=True)),
    "date": lambda value: str(date_format(date.fromisoformat(value), "j F Y")),
}


def _in_words(form: Form, checked: Checked) -> dict[str, str]:
    labels = {each.code: in_language(each.label, "en") for _, each in form.fields()}
    return {code: reason_in_words(wrong, labels.get(code, code)) for code, wrong in checked.wrong.items()}


def reason_in_words(wrong: Wrong, label: str) -> str:
    """Why an answer is none, and what would be right."""
    values = {name: _plain(value) for name, value in wrong.values.items()} | {"label": label}
    if wrong.reason == "sum":
        values |= {name: number_format(wrong.values[name] / 100, 2) for name in ("least", "most")}
    return _reasons()[wrong.reason] % values


def _plain(value: Any) -> str:
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def _reasons() -> dict[str, str]:
    return {
        "missing": gettext("Answer the question: %(label)s"),
        "nothing": gettext("Answer the question: %(label)s"),
        "unknown": gettext("There is no such question."),
        "not_asked": gettext("This is not asked after the other answers: leave it out."),
        "object": gettext("Give the answers as an object, by the codes of the questions."),
        "too_many": gettext("These are more answers than there are questions."),
        "text": gettext("Enter text."),
        "characters": gettext("Remove characters that cannot be shown, such as line breaks."),
        "mask": gettext("Enter it like %(mask)s, where A is a letter, 9 a digit and X either."),
        "short": gettext("Enter %(least)s characters or more."),
        "long": gettext("Enter %(most)s characters or fewer."),
        "number": gettext("Enter a number."),
        "whole": gettext("Enter a whole number."),
        "range": gettext("Enter a number from %(least)s to %(most)s."),
        "money": gettext("Enter an amount of money, like 12.50."),
        "sum": gettext("Enter an amount from £%(least)s to £%(most)s."),
        "date": gettext("Enter a real date, like 27 3 2026."),
        "early": gettext("Enter a date that is %(day)s or later."),
        "late": gettext("Enter a date that is %(day)s or earlier."),
        "option": gettext("Select one of the options."),
        "options": gettext("Select from the options."),
        "twice": gettext("Name each only once."),
        "count": gettext("Select from %(least)s to %(most)s."),
        "email": gettext("Enter an email address in the correct format, like name@example.com."),
        "organisation": gettext("Select an organisation."),
        "service": gettext("Select a service."),
        "files": gettext("Add a file."),
        "yes_no": gettext("Select yes or no."),
        "no_person": gettext("Nobody here has this email address. Check it, or ask them for it."),
        "no_organisation": gettext("There is no such organisation any more. Select another one."),
        "no_service": gettext("This service is not available any more. Select another one."),
        "no_file": gettext("The file is not here any more. Add it again."),
    }
