"""One page of an offering's form as a Django form: what was typed becomes answers, and answers what stands there.

Whether answers are right is for the engine to say; here is only their shape.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.engine.forms import Field, in_language, limits_of
from design.forms import FieldStyle, FilesField, GovukDateField, GovukForm

# More radios than this are a list to choose from.
RADIOS_MAX = 7
YES, NO = "yes", "no"
_MISSING = str(forms.Field.default_error_messages["required"])
Choices = Sequence[tuple[str, str]]


class AnswersForm(GovukForm):
    """The questions of one page that are asked, in a language.

    `organisations` and `services` are what questions of those types offer, as (code, name).
    """

    def __init__(
        self,
        data: Any = None,
        *,
        fields: Iterable[Field],
        language: str,
        answers: Mapping[str, Any],
        organisations: Choices = (),
        services: Choices = (),
    ) -> None:
        self.questions = {field.code: field for field in fields}
        initial = {code: _shown(field, answers.get(code)) for code, field in self.questions.items()}
        super().__init__(data, initial=initial)
        self.field_styles = {}
        offered = {"organisation": organisations, "service": services}
        for code, field in self.questions.items():
            choices = offered.get(field.type) or [
                (option.value, in_language(option.label, language)) for option in field.options
            ]
            self.fields[code] = _field(field, language, choices)
            self.field_styles[code] = _style(field, language)

    def answers(self) -> dict[str, Any]:
        """What was typed, as answers; what cannot be one stays as it was typed, for the engine to refuse."""
        found = {}
        for code, field in self.questions.items():
            if field.type == "file" or code not in self.cleaned_data:
                continue
            value = _READING[field.type](self.cleaned_data[code])
            if value not in (None, "", []):
                found[code] = value
        return found

    def refuse(self, errors: Mapping[str, str], missing: Iterable[str] = ()) -> None:
        """Put the engine's reasons beside the questions."""
        for code in missing:
            self.add_error(code, _MISSING)
        for code, reason in errors.items():
            if code in self.fields and code not in self.errors:
                self.add_error(code, reason)


def _field(field: Field, language: str, choices: Choices) -> forms.Field:
    words: dict[str, Any] = {
        "label": in_language(field.label, language)
        if field.is_required
        else _("%(label)s (optional)") % {"label": in_language(field.label, language)},
        "help_text": in_language(field.hint, language),
        "required": False,
    }
    if field.type == "date":
        return GovukDateField(**words)
    if field.type == "file":
        return FilesField(**words)
    if field.type == "many":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **words)
    if field.type == "long_text":
        _least, words["max_length"] = limits_of(field)
    return forms.CharField(widget=_control(field, choices), **words)


def _control(field: Field, choices: Choices) -> forms.Widget:
    if field.type == "yes_no":
        return forms.RadioSelect(choices=[(YES, _("Yes")), (NO, _("No"))])
    if field.type in ("choice", "organisation", "service"):
        return _choosing(choices)
    return forms.Textarea() if field.type == "long_text" else forms.TextInput()


def _choosing(choices: Choices) -> forms.Widget:
    if len(choices) <= RADIOS_MAX:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[("", _("Select one")), *choices])


def _style(field: Field, language: str) -> FieldStyle:
    hints = {option.value: hint for option in field.options if (hint := in_language(option.hint, language))}
    return _STYLES.get(field.type, FieldStyle(option_hints=hints))


_STYLES = {
    "number": FieldStyle(width="10", inputmode="decimal"),
    "money": FieldStyle(width="10", inputmode="decimal", prefix="£"),
    "person": FieldStyle(width="two-thirds", autocomplete="off", inputmode="email", spellcheck=False),
    "long_text": FieldStyle(character_count=True),
    "yes_no": FieldStyle(inline=True),
}


def _shown(field: Field, answer: Any) -> Any:
    """An answer as its control shows it."""
    if answer is None:
        return None
    if field.type == "yes_no":
        return {True: YES, False: NO}.get(answer) if isinstance(answer, bool) else None
    if field.type == "money" and isinstance(answer, int):
        return f"{Decimal(answer) / 100:.2f}"
    if field.type == "date" and isinstance(answer, str):
        try:
            return date.fromisoformat(answer)
        except ValueError:
            return None
    return answer


def _number(typed: str) -> Any:
    text = typed.replace(",", "").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return typed.strip()
    if not number.is_finite() or abs(number) > Decimal(10) ** 18:
        return typed.strip()
    return int(number) if number == number.to_integral_value() else float(number)


def _pence(typed: str) -> Any:
    number = _number(typed.strip().removeprefix("£").replace(" ", ""))
    if isinstance(number, str) or not number:
        return number if number == 0 else typed.strip()
    pence = Decimal(str(number)) * 100
    return int(pence) if pence == pence.to_integral_value() else float(pence)


_READING: dict[str, Callable[[Any], Any]] = {
    "text": lambda typed: typed.strip(),
    "long_text": lambda typed: typed.replace("\r\n", "\n").strip(),
    "number": lambda typed: _number(typed) if typed.strip() else None,
    "money": lambda typed: _pence(typed) if typed.strip() else None,
    "date": lambda day: day.isoformat() if day else None,
    "choice": str,
    "many": list,
    "person": lambda typed: typed.strip().lower(),
    "organisation": str,
    "service": str,
    "yes_no": lambda typed: {YES: True, NO: False}.get(typed, typed),
}
