"""The forms of reports: what to issue, what to schedule, and a check code."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle
from reporting.engine.check_codes import CheckCodeError, parse_code
from reporting.engine.questions import Month, QuestionError
from reporting.queries.documents import titles_of_kinds
from reporting.queries.parts import choices_of

_SHORT = FieldStyle(label_size="s", small=True, width="10")
_NUMBER = FieldStyle(label_size="s", small=True, width="3", inputmode="numeric")


class _ReportForm(DeskForm):
    """A kind of report, and the supplier that it is about."""

    kind = forms.ChoiceField(label=_("Report"))
    provider = forms.ChoiceField(
        label=_("Supplier"), required=False, help_text=_("For a supplier report only.")
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suppliers = [(choice.key, choice.label) for choice in choices_of("provider")]
        for name, choices in (
            ("kind", list(titles_of_kinds().items())),
            ("provider", [("", gettext("None")), *suppliers]),
            ("language", list(settings.LANGUAGES)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type only
            field.choices = choices

    def clean_provider(self) -> UUID | None:
        """The supplier's key."""
        key = self.cleaned_data["provider"]
        return UUID(key) if key else None

    def refuse(self, fields: Mapping[str, str]) -> None:
        """Show what a service said beside the fields that it is about."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, words)


class IssueForm(_ReportForm):
    """A report to issue now."""

    month = forms.CharField(
        label=_("Month"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "pattern": r"\d{4}-\d{2}"}),
    )
    field_order = ("kind", "month", "provider", "language")
    field_styles: Mapping[str, FieldStyle] = {"month": _SHORT}

    def clean_month(self) -> Month:
        """The month."""
        try:
            return Month.parse(self.cleaned_data["month"].strip(), field_name="month")
        except QuestionError as error:
            raise forms.ValidationError(gettext("Enter a month like 2026-03")) from error


class ScheduleForm(_ReportForm):
    """A report to issue every month."""

    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=28,
        widget=forms.TextInput,
        help_text=_("1 to 28. The report is on the month before."),
    )
    hour = forms.IntegerField(
        label=_("Hour of the day"),
        min_value=0,
        max_value=23,
        widget=forms.TextInput,
        help_text=_("0 to 23, where your organisation is."),
    )
    recipients = forms.CharField(
        label=_("Send it to"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("E-mail addresses, one a line. They need no account here."),
    )
    field_order = ("kind", "provider", "day", "hour", "recipients", "language")
    field_styles: Mapping[str, FieldStyle] = {"day": _NUMBER, "hour": _NUMBER}

    def clean_recipients(self) -> list[str]:
        """The addresses, as typed."""
        text = self.cleaned_data["recipients"].replace(",", "\n").replace(";", "\n")
        return [line.strip() for line in text.splitlines() if line.strip()]


class CheckForm(DeskForm):
    """A check code, typed from paper."""

    code = forms.CharField(
        label=_("Check code"),
        max_length=60,
        help_text=_("It stands at the foot of every page, for example 7K3QM-9XWT2-ABCDE-12345."),
    )
    field_styles: Mapping[str, FieldStyle] = {
        "code": FieldStyle(label_size="s", small=True, width="30", spellcheck=False)
    }

    def clean_code(self) -> str:
        """The code without its groups."""
        try:
            return parse_code(self.cleaned_data["code"])
        except CheckCodeError as error:
            raise forms.ValidationError(error.reason) from error
