"""The forms of contracts: shape only. What is refused is refused by the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from design.forms.fields import GovukDateField
from suppliers.public import Terms

HOUR = 3600
# What the service calls a field, and what the form does.
NAMES = {
    "response_seconds": "response",
    "resolution_seconds": "resolution",
    "fulfilment_seconds": "fulfilment",
}
_SHORT = FieldStyle(label_size="s", width="5")
_HOURS = _("In hours of the calendar, for example 4 or 0.5. Leave empty where the contract is silent.")


def _hours(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text=_HOURS,
    )


class TermsForm(DeskForm):
    """Terms from a day on."""

    calendar = forms.ChoiceField(label=_("Calendar in whose hours the provider works"))
    response = _hours(_("Response"))
    resolution = _hours(_("Resolution"))
    fulfilment = _hours(_("Fulfilment"))
    availability = forms.DecimalField(
        label=_("Availability in percent"),
        required=False,
        max_digits=7,
        decimal_places=4,
        help_text=_("For example 99.5. Leave empty where the contract is silent."),
    )
    effective_from = GovukDateField(
        label=_("In force from"),
        required=False,
        help_text=_("From the beginning of that day. Leave empty for now."),
    )
    field_styles: Mapping[str, FieldStyle] = dict.fromkeys(
        ("response", "resolution", "fulfilment", "availability"), _SHORT
    )

    def __init__(self, *args: Any, calendars: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = calendars  # type: ignore[attr-defined]  # a ChoiceField

    def terms(self) -> Terms:
        """What was typed, as the service wants it."""
        data = self.cleaned_data
        seconds = {
            name: None if data[field] is None else int(data[field] * HOUR) for name, field in NAMES.items()
        }
        return Terms(calendar=data["calendar"], availability=data["availability"], **seconds)

    def instant(self, now: datetime) -> datetime:
        """From when on: the beginning of the day in the reader's zone, or `now`."""
        day = self.cleaned_data["effective_from"]
        return timezone.make_aware(datetime.combine(day, time.min)) if day else now


class ContractForm(TermsForm):
    """A contract and its first terms."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and hyphens."))
    name = forms.CharField(label=_("Name"), max_length=200)
    provider = forms.ChoiceField(label=_("Provider"))
    starts_date = GovukDateField(label=_("First day"))
    ends_date = GovukDateField(
        label=_("Last day"), required=False, help_text=_("Leave empty for until further notice.")
    )
    field_order = ("code", "name", "provider", "starts_date", "ends_date")

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = owners  # type: ignore[attr-defined]  # a ChoiceField
