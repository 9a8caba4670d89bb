"""Fields that Django lacks: a memorable date, and several files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FIRST_YEAR = 1000


class DatePartsWidget(forms.Widget):
    """A memorable date in three boxes. Drawn by templates/govuk/date.html."""

    PARTS: ClassVar[tuple[str, str, str]] = ("day", "month", "year")
    template_name = "django/forms/widgets/text.html"
    use_fieldset = True

    def labels(self) -> tuple[str, str, str]:
        """Visible labels of the three boxes in the reader's language."""
        return gettext("Day"), gettext("Month"), gettext("Year")

    @classmethod
    def parts_of(cls, value: object) -> Mapping[str, str]:
        """What stands in the three boxes for a date, for what was typed, or for nothing."""
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        if isinstance(value, Mapping):
            return {part: str(value.get(part, "")) for part in cls.PARTS}
        return dict.fromkeys(cls.PARTS, "")

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> dict[str, str]:
        """The three boxes as typed, so that a wrong date is shown again as it was entered."""
        del files
        return {part: str(data.get(f"{name}_{part}", "")).strip() for part in self.PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        del files
        return all(f"{name}_{part}" not in data for part in self.PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else ""


class GovukDateField(forms.Field):
    """A calendar day typed as day, month and year; cleans to a date or None.

    Errors name the missing part, as the GOV.UK date input asks, and carry it as their code.
    """

    widget = DatePartsWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Enter a date"),
        "missing": _("Date must include a %(part)s"),
        "invalid": _("Date must be a real date, like 27 3 2026"),
    }

    def to_python(self, value: object) -> date | None:
        if isinstance(value, date) or value is None:
            return value
        parts = DatePartsWidget.parts_of(value)
        if not any(parts.values()):
            return None
        names = {"day": gettext("day"), "month": gettext("month"), "year": gettext("year")}
        for part, text in parts.items():
            if not text:
                raise ValidationError(self.error_messages["missing"], code=part, params={"part": names[part]})
        try:
            year = int(parts["year"])
            if year < FIRST_YEAR:  # two digits would silently mean the first century
                raise ValidationError(self.error_messages["invalid"], code="year")
            return date(year, int(parts["month"]), int(parts["day"]))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class FilesInput(forms.FileInput):
    """The plain file control, for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files; cleans to a list, empty when optional and nothing was chosen."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[Any]]:
        files = [file for file in data if file] if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(file, initial) for file in files]
