"""What every form of a definition has: from when it holds, and which version was seen."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.forms import DeskForm, FieldStyle, GovukDateField

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
SHORT = FieldStyle(label_size="s", small=True, width="10")
TIME = FieldStyle(label_size="s", small=True, width="5")


class LinesField(forms.CharField):
    """Several lines, with one kind of line end."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> Any:
        """The text as it is kept."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").strip() if text else text


class VersionForm(DeskForm):
    """A version to be. `seen` is how many versions the person saw; empty for a new definition."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    effective_date = GovukDateField(label=_("In force from"))
    effective_time = forms.CharField(label=_("At (time of day)"), help_text=_("For example 00:00."))
    field_styles: Mapping[str, FieldStyle] = {"effective_time": TIME}
    # Which field shows what a service says of a part of the draft, where the names differ.
    places: ClassVar[Mapping[str, str]] = {"effective_from": "effective_date"}

    def clean_effective_time(self) -> time:
        """A time of day."""
        match = _TIME.fullmatch(self.cleaned_data["effective_time"].strip())
        if match is None:
            raise forms.ValidationError(gettext("Time must be like 09:00 or 17:30"))
        return time(int(match[1]), int(match[2]))

    def clean(self) -> dict[str, Any]:
        """Adds `effective_from`, an instant in UTC."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, moment = data.get("effective_date"), data.get("effective_time")
        if day is not None and moment is not None:
            zone = timezone.get_current_timezone()
            local = datetime.combine(day, moment, tzinfo=zone)
            data["effective_from"] = local.astimezone(UTC)
            if data["effective_from"].astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.add_error(
                    "effective_time", gettext("The clocks go forward over this time: it never comes")
                )
        return data

    def refuse(self, name: str, words: str) -> None:
        """Show what a service said of a part of the draft beside the field that it is about."""
        place = self.place_of(name)
        self.add_error(place if place in self.fields else None, words)

    def place_of(self, name: str) -> str:
        """The field that shows a part of the draft."""
        return self.places.get(name, name)


def start_of(at: datetime | None = None) -> dict[str, Any]:
    """What the fields of the start show first: the coming midnight, in the reader's zone."""
    tomorrow = timezone.localtime(at) + timedelta(days=1)
    return {"effective_date": tomorrow.date(), "effective_time": "00:00"}
