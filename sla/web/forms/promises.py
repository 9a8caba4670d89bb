"""The forms of promises: shape only."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle

_SHORT = FieldStyle(label_size="s", width="5")


class ReasonForm(DeskForm):
    """Why a promise is made although it cannot be kept. `seen` is the version that the change is meant for."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    accepted_because = forms.CharField(
        label=_("Why it is promised all the same"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only needed when the parts cannot keep the promise. It is recorded with your name."),
    )


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
