"""The forms of what contracts cost and what is owed under them: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from design.forms.fields import GovukDateField

_ENDS = _("Leave empty for until further notice.")
CHARGED = (("month", _("Each month")), ("once", _("Once, on the first day")))
OWED_BY = (("provider", _("The provider")), ("us", _("Us")))
OWED = (
    ("once", _("Once")),
    ("month", _("Each month")),
    ("quarter", _("Each quarter")),
    ("year", _("Each year")),
)
RENEWALS = (
    ("none", _("It ends")),
    ("automatic", _("It goes on by itself unless notice is given")),
    ("option", _("It may be extended")),
)


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class ChargeForm(DeskForm):
    """What a contract costs."""

    name = forms.CharField(label=_("What for"), max_length=200)
    amount = forms.DecimalField(label=_("Amount in pounds"), max_digits=12, decimal_places=2)
    every = _choice(_("How often"), CHARGED)
    starts_date = GovukDateField(label=_("First day"))
    ends_date = GovukDateField(label=_("Last day"), required=False, help_text=_ENDS)
    field_styles = {"amount": FieldStyle(width="10")}  # noqa: RUF012  a form's own


class ObligationForm(DeskForm):
    """Something owed."""

    name = forms.CharField(label=_("What is owed"), max_length=200)
    owed_by = _choice(_("By whom"), OWED_BY)
    every = _choice(_("How often"), OWED)
    first_date = GovukDateField(label=_("By which day first"))
    ends_date = GovukDateField(label=_("Last day"), required=False, help_text=_ENDS)


class MetForm(DeskForm):
    """What was owed was done."""

    due_date = forms.DateField(widget=forms.HiddenInput)
    evidence = forms.CharField(
        label=_("What shows it"),
        help_text=_("For example where the report is kept."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(DeskForm):
    """The last day of a charge or an obligation."""

    last_date = GovukDateField(label=_("Last day"))


class RenewalForm(DeskForm):
    """When a contract ends, and what then."""

    ends_date = GovukDateField(label=_("Last day"), required=False, help_text=_ENDS)
    renewal = _choice(_("What happens then"), RENEWALS)
    notice_days = forms.IntegerField(label=_("Days of notice before the last day"), min_value=0)
    warning_days = forms.IntegerField(label=_("Days of warning before notice is due"), min_value=0)
    field_styles = dict.fromkeys(("notice_days", "warning_days"), FieldStyle(width="5"))
