"""The forms of agreements: shape only. What is refused is refused by the services."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from suppliers.engine.vocabulary import Vocabulary

LEVELS = (
    ("use", _("Use: their people work in the desk")),
    ("integrate", _("Integrate: their system and ours tell each other")),
    ("interface", _("Interface: the platform runs the exchange for them")),
    ("exclude", _("Exclude: we only read what they publish")),
)


def _lines(label: Any, help_text: Any, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
    )


class WordsForm(DeskForm):
    """What their system has, and which field is which."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    states = _lines(_("Their states"), _("One to a line, as their system writes them."))
    priorities = _lines(_("Their priorities"), _("One to a line."))
    their_fields = _lines(_("Their fields"), _("One to a line. A * before the name: they require it."))
    pairs = _lines(_("Which field is which"), "", rows=8)
    constants = _lines(
        _("What is always sent"),
        _("One to a line: their field | text. For what they require and we do not have."),
        rows=3,
    )
    samples = _lines(
        _("Samples"),
        _(
            'One to a line, as they send it: {"state": "open", "priority": "high", "fields": {"title": "Printer"}}'
        ),
    )

    def __init__(self, *args: Any, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = ", ".join(
            f"{field.code}*" if field.is_required else field.code for field in vocabulary.fields
        )
        self.fields["pairs"].help_text = _(
            "One to a line: ours | theirs | whose word counts (ours, theirs, latest)."
            " Ours are %(codes)s; * must go over."
        ) % {"codes": codes}


class RowsForm(DeskForm):
    """What each value is on the other side: a choice for every value of either side."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        ours: Sequence[tuple[str, str]],
        theirs: Sequence[str],
        rows: Mapping[str, Mapping[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._values: dict[str, tuple[str, str]] = {}
        their_choices = [("", "–"), *((name, name) for name in theirs)]
        our_choices = [("", "–"), *ours]
        for place, (value, label) in enumerate(ours):
            text = _("Our %(value)s is there") % {"value": f"“{label}”"}
            self._add(f"out-{place}", ("out", value), text, their_choices, rows)
        for place, value in enumerate(theirs):
            text = _("Their %(value)s is here") % {"value": f"“{value}”"}
            self._add(f"in-{place}", ("in", value), text, our_choices, rows)
        self.field_styles = dict.fromkeys(self._values, FieldStyle(label_size="s"))

    def _add(
        self,
        name: str,
        row: tuple[str, str],
        label: Any,
        choices: list[tuple[str, str]],
        rows: Mapping[str, Mapping[str, str]],
    ) -> None:
        way, value = row
        self._values[name] = row
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=False, initial=rows.get(way, {}).get(value, "")
        )

    def rows(self) -> dict[str, dict[str, str]]:
        """What was chosen, by way and value."""
        found: dict[str, dict[str, str]] = {"out": {}, "in": {}}
        for name, (way, value) in self._values.items():
            found[way][value] = self.cleaned_data[name]
        return found


class PublishMappingForm(DeskForm):
    """What changed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("What changed, in a sentence"), required=False, max_length=500)


class LevelForm(DeskForm):
    """At which level they work from now on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
