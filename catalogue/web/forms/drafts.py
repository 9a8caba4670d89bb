"""What the forms of an offering's design share: words in both languages side by side, texts that become numbers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from catalogue.engine.plans import seconds_of
from design.forms import DeskForm

Choices = Iterable[tuple[str, Any]]
LANGUAGES = (("en", _("in English")), ("cy", _("in Welsh")))
_MOST_HOURS = 366 * 24


class DraftForm(DeskForm):
    """A form that changes a draft: it knows which draft was seen, and shows words in both languages side by side."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Open this page again: it does not say which draft you saw."),
            "invalid": _("Open this page again: it does not say which draft you saw."),
        },
    )

    def rows(self) -> Iterator[list[BoundField]]:
        """Visible fields by row: the two languages of the same words in one."""
        waiting: list[BoundField] = []
        for field in self.visible_fields():
            if field.name.endswith("_en"):
                waiting = [field]
            elif field.name.endswith("_cy") and waiting:
                yield [*waiting, field]
                waiting = []
            else:
                yield [field]

    def add_words(self, name: str, label: Any, *, hint: Any = "", rows: int = 0) -> None:
        """Two fields for the same words: `<name>_en` and `<name>_cy`."""
        for language, in_it in LANGUAGES:
            widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=_("%(what)s %(language)s") % {"what": label, "language": in_it},
                required=False,
                widget=widget,
                help_text=hint,
            )

    def words(self, name: str) -> dict[str, str]:
        """The words that were typed, by language, those left empty left out."""
        typed = {language: self.cleaned_data.get(f"{name}_{language}", "") for language, _in_it in LANGUAGES}
        return {language: text.replace("\r\n", "\n") for language, text in typed.items() if text}


def words_initial(name: str, words: Mapping[str, str] | None) -> dict[str, str]:
    """What stands in the two fields of the same words."""
    return {f"{name}_{language}": (words or {}).get(language, "") for language, _in_it in LANGUAGES}


class HoursField(forms.CharField):
    """A time in hours, as a plan's notation has it ("PT1H30M"); "" for none."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, help_text=_("In hours, such as 4 or 1.5"), **given)

    def prepare_value(self, value: Any) -> Any:
        """The notation as hours."""
        seconds = seconds_of(value) if isinstance(value, str) and value.startswith("P") else None
        return f"{seconds / 3600:g}" if seconds else value

    def clean(self, value: Any) -> str:
        """Hours as notation."""
        typed = super().clean(value)
        if not typed:
            return ""
        hours = number_of(typed)
        minutes = round(hours * 60) if isinstance(hours, int | float) and 0 < hours <= _MOST_HOURS else 0
        if not minutes:
            raise forms.ValidationError(
                _("Enter hours, such as 4 or 1.5: more than none, and a year at most.")
            )
        whole, rest = divmod(minutes, 60)
        return "PT" + (f"{whole}H" if whole else "") + (f"{rest}M" if rest else "")


def number_of(typed: str) -> Any:
    """A number that was typed; what is none stays as it was typed, for the engine to refuse; None for nothing."""
    text = typed.strip().replace(",", "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return typed


def pence_of(typed: str) -> Any:
    """Pounds that were typed, as pence; what is none stays as it was typed; None for nothing."""
    number = number_of(typed.replace("£", ""))
    return round(number * 100) if isinstance(number, int | float) and abs(number) < 1e12 else number
