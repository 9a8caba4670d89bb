"""The forms of composition and promises: shape only."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle

_SHORT = FieldStyle(label_size="s", width="5")


class ReasonForm(DeskForm):
    """Why a promise is made although it cannot be kept."""

    accepted_because = forms.CharField(
        label=_("Why it is promised all the same"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only needed when the parts cannot keep the promise. It is recorded with your name."),
    )


class PartForm(ReasonForm):
    """A part for a service."""

    part = forms.ChoiceField(label=_("Component or service"))
    group = forms.CharField(
        label=_("Group"),
        max_length=100,
        help_text=_("An existing group, or a new one, for example Network."),
    )
    needed = forms.IntegerField(
        label=_("How many of the group are needed"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Leave empty when all of them are."),
    )
    is_in_turn = forms.BooleanField(label=_("Restored one after another"), required=False)
    handover = forms.DecimalField(
        label=_("Hand-over in hours"),
        required=False,
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        help_text=_("How long it takes, in the service’s hours, to notice a fault and pass it on."),
    )
    field_order = ("part", "group", "needed", "is_in_turn", "handover", "accepted_because")
    field_styles: Mapping[str, FieldStyle] = {"needed": _SHORT, "handover": _SHORT}

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("Choose one")), *parts]  # type: ignore[attr-defined]  # a ChoiceField


class AvailabilityForm(ReasonForm):
    """The availability that a service promises."""

    percent = forms.DecimalField(
        label=_("Availability in percent"),
        required=False,
        max_digits=7,
        decimal_places=4,
        help_text=_("For example 99.9. Leave empty to promise none."),
    )
    field_order = ("percent", "accepted_because")
    field_styles: Mapping[str, FieldStyle] = {"percent": _SHORT}
