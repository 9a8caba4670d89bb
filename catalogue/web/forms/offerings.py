"""Forms about one offering: what it is called, what it costs, where it stands, its steps."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.web.forms.drafts import Choices, DraftForm, words_initial
from design.forms import DeskForm, FieldStyle

PERIODS = (("once", _("Once")), ("month", _("Every month")), ("year", _("Every year")))
_WORDS = (
    ("name", _("Name"), 0, ""),
    ("summary", _("Summary"), 2, _("One line for lists, 200 characters at most")),
    ("description", _("Description"), 8, _("What it is, and what one gets")),
    ("keywords", _("Other words that people search for"), 0, _("Optional")),
)


class NewOfferingForm(DeskForm):
    """An offering that begins."""

    name = forms.CharField(label=_("Name in English"), max_length=100)
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens. It stays for good."),
    )
    service = forms.ChoiceField(label=_("Service"))
    category = forms.ChoiceField(label=_("Shelf of the catalogue"), required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("service", "category"):
            cast("forms.ChoiceField", self.fields[name]).choices = [("", "–"), *choices[name]]


class WordsForm(DraftForm):
    """What it is called and said to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, rows, hint in _WORDS:
            self.add_words(name, label, rows=rows, hint=hint)

    def changes(self) -> dict[str, Any]:
        """The parts of the design."""
        return {name: self.words(name) or None for name, *_rest in _WORDS}


def words_of(design: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a WordsForm."""
    found: dict[str, str] = {}
    for name, *_rest in _WORDS:
        found |= words_initial(name, design.get(name))
    return found


class TermsForm(DraftForm):
    """What it costs, how many, and for whom."""

    price = forms.CharField(label=_("Price"), required=False, help_text=_("Empty when it is free"))
    period = forms.ChoiceField(label=_("Paid"), choices=PERIODS, widget=forms.RadioSelect)
    max_quantity = forms.CharField(label=_("How many at once, at most"))
    for_others = forms.BooleanField(label=_("It can be requested for somebody else"), required=False)
    field_styles: Mapping[str, FieldStyle] = {
        "price": FieldStyle(label_size="s", small=True, width="10", prefix="£", inputmode="decimal"),
        "period": FieldStyle(label_size="s", small=True, inline=True),
        "max_quantity": FieldStyle(label_size="s", small=True, width="4", inputmode="numeric"),
    }

    def changes(self) -> dict[str, Any]:
        """The parts of the design."""
        given = self.cleaned_data
        quantity = given["max_quantity"].strip()
        return {
            "price": given["price"].replace(",", "").strip().removeprefix("£") or None,
            "period": given["period"],
            "max_quantity": int(quantity) if quantity.isdecimal() and len(quantity) < 9 else quantity,
            "for_others": given["for_others"],
        }


class PlaceForm(DraftForm):
    """Of which service it is, where it stands, and who may have it."""

    service = forms.ChoiceField(label=_("Service"))
    category = forms.ChoiceField(label=_("Shelf of the catalogue"), required=False)
    organisations = forms.MultipleChoiceField(
        label=_("Organisations that may have it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With all below them. None ticked: all of them."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles that may have it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    support_groups = forms.MultipleChoiceField(
        label=_("Support groups that may have it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", "–"), *offered] if name in ("service", "category") else list(offered)


class StepOfOfferingForm(DraftForm):
    """Nothing to say: a step is confirmed."""


class PublishOfferingForm(DraftForm):
    """What changed."""

    note = forms.CharField(
        label=_("What changed, in a sentence"),
        required=False,
        max_length=500,
        help_text=_("Optional. It stands in the list of versions."),
    )


class NotationForm(DraftForm):
    """The whole design as JSON."""

    design = forms.CharField(
        label=_("Design"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "app-notation"}),
        help_text=_("As the API reads and writes it."),
    )

    def clean_design(self) -> Any:
        """The JSON as values."""
        try:
            given = json.loads(self.cleaned_data["design"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not JSON: %(reason)s"), params={"reason": str(error)}
            ) from error
        except RecursionError as error:
            raise forms.ValidationError(_("This is nested too deeply.")) from error
        if not isinstance(given, dict):
            raise forms.ValidationError(_("A design is an object: it begins with { and ends with }."))
        return given
