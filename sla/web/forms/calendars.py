"""The form of a calendar."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calendars.engine import (
    WEEKDAYS,
    CalendarError,
    CalendarSpec,
    exceptions_text,
    hours_text,
    parse_calendar,
    parse_days,
    parse_exceptions,
    parse_hours,
    region_of,
)
from calendars.public import REGIONS, bank_holidays
from design.forms import FieldStyle
from sla.services.edit_calendar import CalendarDraft
from sla.web.forms.fields import SHORT, TIME, LinesField, VersionForm

YEARS = range(1990, 2101)
_REGION_CHOICES = (
    ("", _("No bank holidays")),
    ("england-and-wales", _("England and Wales")),
    ("scotland", _("Scotland")),
    ("northern-ireland", _("Northern Ireland")),
)


def _day(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200)


class CalendarForm(VersionForm):
    """A version of a calendar."""

    zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("For example Europe/London."))
    always = forms.BooleanField(
        label=_("Open around the clock, every day of the year"),
        required=False,
        help_text=_("Leave all hours, holidays and exceptions below empty."),
    )
    mon = _day(_("Monday"))
    tue = _day(_("Tuesday"))
    wed = _day(_("Wednesday"))
    thu = _day(_("Thursday"))
    fri = _day(_("Friday"))
    sat = _day(_("Saturday"))
    sun = _day(_("Sunday"))
    region = forms.ChoiceField(label=_("Bank holidays of"), required=False, choices=_REGION_CHOICES)
    first_year = forms.IntegerField(
        label=_("From year"), required=False, min_value=YEARS[0], max_value=YEARS[-1]
    )
    last_year = forms.IntegerField(
        label=_("To year"), required=False, min_value=YEARS[0], max_value=YEARS[-1]
    )
    extra_days = LinesField(
        label=_("More days closed"), help_text=_("One a line, for example a day proclaimed: 2026-06-15")
    )
    exceptions = LinesField(
        label=_("Exceptions"),
        help_text=_(
            "One a line, open as said there and no more: 2026-12-24: 09:00-12:00, or 2026-12-24: closed"
        ),
    )
    field_order = (
        "name",
        "code",
        "zone",
        "always",
        *WEEKDAYS,
        "region",
        "first_year",
        "last_year",
        "extra_days",
        "exceptions",
    )
    field_styles: Mapping[str, FieldStyle] = {
        "effective_time": TIME,
        "zone": FieldStyle(label_size="s", small=True, width="20"),
        **{day: FieldStyle(label_size="s", small=True, width="30") for day in WEEKDAYS},
        "first_year": TIME,
        "last_year": TIME,
        "code": SHORT,
    }
    places: ClassVar[Mapping[str, str]] = {
        **VersionForm.places,
        "weekly": "mon",
        "holidays": "extra_days",
    }

    def clean(self) -> dict[str, Any]:
        """Adds `definition`, in the notation of calendars."""
        data = super().clean()
        weekly = {day: hours for day in WEEKDAYS if (hours := self._hours(day, data.get(day, "")))}
        exceptions = self._read("exceptions", parse_exceptions, data.get("exceptions", "")) or {}
        holidays = [
            *(self._read("extra_days", parse_days, data.get("extra_days", "")) or []),
            *self._bank_holidays(data),
        ]
        definition: dict[str, Any] = {"zone": data.get("zone", "")}
        if data.get("always"):
            definition["always"] = True
            given = {"weekly": weekly, "holidays": holidays, "exceptions": exceptions}
            definition |= {name: value for name, value in given.items() if value}
        else:
            definition |= {"weekly": weekly, "holidays": holidays, "exceptions": exceptions}
        data["definition"] = definition
        return data

    def draft(self) -> CalendarDraft:
        """What was typed, for the service. Only of a form that is valid."""
        data = self.cleaned_data
        return CalendarDraft(definition=data["definition"], effective_from=data["effective_from"])

    def place_of(self, name: str) -> str:
        """`weekly.mon[1]` is Monday's field, `exceptions.2026-12-24` that of the exceptions."""
        if name in self.places:
            return self.places[name]
        first, _, rest = name.partition(".")
        if first == "weekly":
            return rest.partition("[")[0]
        return self.places.get(first.partition("[")[0], first)

    def _hours(self, day: str, text: str) -> Any:
        """A day's hours, checked by themselves, so that every wrong day is named at once."""
        hours = self._read(day, parse_hours, text)
        if hours:
            self._read(day, lambda week, **_: parse_calendar(week), {"zone": "UTC", "weekly": {day: hours}})
        return hours

    def _read(self, field: str, parse: Any, given: Any) -> Any:
        try:
            return parse(given, field_name=field)
        except CalendarError as error:
            self.add_error(field, f"{error.reason[:1].upper()}{error.reason[1:]}")
            return None

    def _bank_holidays(self, data: Mapping[str, Any]) -> list[str]:
        region = data.get("region")
        if not region:
            return []
        first, last = data.get("first_year"), data.get("last_year")
        for name, year in (("first_year", first), ("last_year", last)):
            if year is None and name not in self.errors:
                self.add_error(name, gettext("Enter a year such as 2027"))
        if first is None or last is None:
            return []
        if last < first:
            self.add_error("last_year", gettext("The last year must not lie before the first"))
            return []
        return bank_holidays(region, range(first, last + 1))


class NewCalendarForm(CalendarForm):
    """A calendar with its first version."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("For example Office hours, Scotland.")
    )
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("For addresses and systems, for example office-scotland.")
    )


def calendar_initial(spec: CalendarSpec) -> dict[str, Any]:
    """What the form shows of a version."""
    if spec.always:
        return {"zone": spec.zone, "always": True}
    years = sorted({day.year for day in spec.holidays})
    known = {
        region: {year: bank_holidays(region, [year]) for year in range(years[0], years[-1] + 1)}
        for region in (REGIONS if years else ())
    }
    region, first, last, extra = region_of(spec.holidays, known)
    return {
        "zone": spec.zone,
        **{day: hours_text(spec.weekly[index]) for index, day in enumerate(WEEKDAYS)},
        "region": region,
        "first_year": first or None,
        "last_year": last or None,
        "extra_days": "\n".join(extra),
        "exceptions": exceptions_text(spec.exceptions),
    }
