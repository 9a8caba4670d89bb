"""The forms of the exchange: shape only. What is refused is refused by the services."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle

_SHORT = FieldStyle(label_size="s", width="5")


class EndpointForm(DeskForm):
    """Where a supplier's system is told of changes; `seen` is the version that was looked at."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Messages are sent there by POST. It begins with https."),
    )
    timeout_seconds = forms.IntegerField(
        label=_("Seconds to wait for an answer"),
        min_value=1,
        max_value=30,
        initial=10,
        help_text=_("From 1 to 30."),
    )
    field_styles: Mapping[str, FieldStyle] = {"timeout_seconds": _SHORT}


class PauseForm(DeskForm):
    """Why nothing is sent for now."""

    reason = forms.CharField(
        label=_("Why nothing is sent for now"), max_length=500, help_text=_("Both sides see it.")
    )
