"""The forms of components and of fulfilment plans: shape only."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from sla.web.forms.promises import ReasonForm

HOUR = 3600
# Lines that are empty, and how many there may be at most.
SPARE, MOST = 3, 60
_PARTS = ("name", "hours", "calendar", "component", "after")
_SHORT = FieldStyle(label_size="s", small=True, width="5")
_SMALL = FieldStyle(label_size="s", small=True)
_LINE = re.compile(r"task_(\d{1,3})_(?:name|hours|calendar|component|after)\Z")
_SEPARATORS = re.compile(r"[\s,;]+")


class ComponentForm(DeskForm):
    """What a provider supplies to services."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=60,
        help_text=_("Small letters, digits and hyphens. Leave empty to take the name."),
    )
    provider = forms.ChoiceField(label=_("Provider"))
    contract = forms.ChoiceField(
        label=_("Contract"),
        required=False,
        help_text=_(
            "A contract with that provider. Without one nothing binds anybody, and no promise can be checked."
        ),
    )

    def __init__(
        self,
        *args: Any,
        providers: Sequence[tuple[str, str]],
        contracts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", _("Choose one")), *providers]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["contract"].choices = [("", _("None")), *contracts]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_code(self) -> str:
        """The code, of the name where none was given."""
        code: str = self.cleaned_data["code"].strip()
        return code or slugify(self.cleaned_data.get("name", ""))[:60]


class PlanForm(ReasonForm):
    """The tasks of a plan, one a line. Tasks follow others by the numbers of their lines."""

    def __init__(
        self,
        *args: Any,
        calendars: Sequence[tuple[str, str]],
        components: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        given = self.data if self.is_bound else self.initial
        used = [
            int(found[1])
            for name in given
            if (found := _LINE.match(name)) and str(given.get(name) or "").strip()
        ]
        self._count = min(max(used, default=0) + SPARE, MOST)
        for number in range(1, self._count + 1):
            self.fields |= _line(number, calendars, components)
        self.order_fields([*(name for name in self.fields if name != "accepted_because"), "accepted_because"])
        self.field_styles: Mapping[str, FieldStyle] = {
            place(number, part): _SHORT if part in ("hours", "after") else _SMALL
            for number in range(1, self._count + 1)
            for part in _PARTS
        }

    @property
    def lines(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Each line's number and fields."""
        return [
            (number, [self[place(number, part)] for part in _PARTS]) for number in range(1, self._count + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """The lines that say something, each with what it follows."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        said = {
            number: {part: data.get(place(number, part)) for part in _PARTS}
            for number in range(1, self._count + 1)
            if any(data.get(place(number, part)) for part in _PARTS)
        }
        for number, line in said.items():
            if not line["name"]:
                self.add_error(place(number, "name"), gettext("Say what is done"))
            line["after"] = self._numbers(number, line["after"] or "", said)
        data["lines"] = said
        return data

    def _numbers(self, number: int, text: str, said: Mapping[int, Any]) -> list[int]:
        words = [word for word in _SEPARATORS.split(text.strip()) if word]
        unknown = [word for word in words if not (word.isascii() and word.isdigit() and int(word) in said)]
        if unknown:
            self.add_error(
                place(number, "after"),
                gettext("“%(word)s” is the number of no task; write numbers such as 1, 2")
                % {"word": unknown[0]},
            )
            return []
        return list(dict.fromkeys(int(word) for word in words))


def place(number: int, part: str) -> str:
    """The name of a line's field."""
    return f"task_{number}_{part}"


def _line(
    number: int, calendars: Sequence[tuple[str, str]], components: Sequence[tuple[str, str]]
) -> dict[str, forms.Field]:
    return {
        place(number, "name"): forms.CharField(label=_("Task"), required=False, max_length=200),
        place(number, "hours"): forms.DecimalField(
            label=_("Hours"), required=False, min_value=Decimal("0.01"), max_digits=8, decimal_places=2
        ),
        place(number, "calendar"): forms.ChoiceField(
            label=_("Calendar"), required=False, choices=[("", "–"), *calendars]
        ),
        place(number, "component"): forms.ChoiceField(
            label=_("Or the contract of"), required=False, choices=[("", "–"), *components]
        ),
        place(number, "after"): forms.CharField(label=_("After"), required=False, max_length=200),
    }
