"""The forms of hooks: shape only. What is refused is refused by the services."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from requests_app.services.manage_hooks import HookTerms

_SHORT = FieldStyle(label_size="s", width="5")
_CODE = FieldStyle(label_size="s", width="20")


class HookForm(DeskForm):
    """A hook as it is to be; `seen` is the version that was looked at."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("For example, Directory: reset a password.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("It begins with https, and its host must be on the list of those that may be called."),
    )
    timeout_seconds = forms.IntegerField(
        label=_("Seconds to wait for an answer"),
        min_value=1,
        max_value=60,
        initial=10,
        help_text=_("From 1 to 60."),
    )
    answers_later = forms.BooleanField(
        label=_("It may answer later, by calling back"), required=False, initial=True
    )
    is_active = forms.BooleanField(label=_("It is switched on"), required=False, initial=True)
    field_styles: Mapping[str, FieldStyle] = {"timeout_seconds": _SHORT}

    def terms(self) -> HookTerms:
        """What was typed, as the services want it."""
        data = self.cleaned_data
        return HookTerms(
            name=data["name"],
            url=data["url"].strip(),
            timeout_seconds=data["timeout_seconds"],
            answers_later=data["answers_later"],
            is_active=data["is_active"],
        )


class NewHookForm(HookForm):
    """A hook that is not there yet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("By which plans name it. Small letters, digits and hyphens, for example password-reset."),
    )
    field_order = ("name", "code", "url", "timeout_seconds", "answers_later", "is_active")
    field_styles: Mapping[str, FieldStyle] = {"timeout_seconds": _SHORT, "code": _CODE}


class SecretForm(DeskForm):
    """Another secret for the hook as it was seen."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class HostForm(DeskForm):
    """A host that hooks may name."""

    host = forms.CharField(
        label=_("Host"), max_length=253, help_text=_("For example, directory.example.org.")
    )
