"""Forms of readiness: shape only."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FilesField
from governance.queries.readiness import FileView


class EvidenceForm(DeskForm):
    """What shows that a check is met."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What shows it"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    link = forms.CharField(
        label=_("Where it can be read"),
        required=False,
        max_length=500,
        help_text=_("Optional. An address that begins with https://"),
    )
    attached = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("Optional. Select them again if this page comes back with an error."),
    )
    without = forms.MultipleChoiceField(
        label=_("Files to take away"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kept: Sequence[FileView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["without"]).choices = [
            (str(file.id), file.name) for file in kept
        ]
        if not kept:
            del self.fields["without"]


class WaiveForm(DeskForm):
    """Why a check need not be met."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Why it need not be met"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(DeskForm):
    """Nothing to fill in: the evidence was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ChecklistForm(DeskForm):
    """What is asked, one to a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    service = forms.CharField(
        label=_("Of services"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One to a line: code | English | Welsh | the role that signs it off, or = and what is computed:"
            " support_group, contracts, definition, hours, owner."
        ),
    )
    supplier = forms.CharField(
        label=_("Of suppliers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The same; computed are contract, groups, mailboxes."),
    )
    early_life_days = forms.IntegerField(
        label=_("Days of early-life support"), min_value=0, max_value=366, initial=30
    )
