"""Calendars over the API, explicitly."""

from typing import Any

from rest_framework import serializers

from calendars.public import REGIONS
from doors.api.strict import StrictSerializer
from sla.queries.definitions import CalendarLine, spec_of

NOTATION = (
    'e.g. `{"zone": "Europe/London", "weekly": {"mon": [["09:00", "12:30"], ["13:15", "17:30"]]}, "holidays":'
    ' ["2026-12-25"], "exceptions": {"2026-12-24": [["09:00", "12:00"]]}}`, or `{"zone": "Europe/London", "always":'
    " true}`"
)


class BankHolidaysIn(StrictSerializer):
    """Bank holidays of a region to add to the definition's own holidays."""

    region = serializers.ChoiceField(choices=list(REGIONS))
    first_year = serializers.IntegerField(min_value=1990, max_value=2100)
    last_year = serializers.IntegerField(min_value=1990, max_value=2100)


class CalendarVersionIn(StrictSerializer):
    """A version of a calendar to be."""

    definition = serializers.DictField(help_text=NOTATION)
    bank_holidays = BankHolidaysIn(required=False)
    effective_from = serializers.DateTimeField(help_text="from when it holds, with an offset")


class CalendarIn(CalendarVersionIn):
    """A calendar with its first version."""

    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=200)


class CalendarVersionOut(serializers.Serializer[Any]):
    """What a calendar says from an instant on, until the next version."""

    effective_from = serializers.DateTimeField()
    definition = serializers.DictField(help_text=NOTATION)
    made_by = serializers.CharField(help_text="name of a member; empty for the platform, and for suppliers")
    made_at = serializers.DateTimeField(allow_null=True)


class CalendarRow(serializers.Serializer[Any]):
    """A calendar as it is now."""

    code = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.CharField()
    is_always_open = serializers.BooleanField()
    effective_from = serializers.DateTimeField(help_text="since when the version in force holds")
    version = serializers.IntegerField(help_text="how many versions there are; the ETag")


class IntervalOut(serializers.Serializer[Any]):
    """A stretch of open time; an `end` of null never comes."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True)


class CalendarOut(CalendarRow):
    """A calendar, whole."""

    definition = serializers.DictField(help_text="of the version in force at `from`")
    intervals = IntervalOut(many=True)
    targets = serializers.ListField(
        child=serializers.CharField(), help_text="codes of targets that count by it"
    )
    services = serializers.ListField(
        child=serializers.CharField(), help_text="codes of services with these hours"
    )
    versions = CalendarVersionOut(many=True)


class CalendarPage(serializers.Serializer[Any]):
    """A page of calendars."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CalendarRow(many=True)


def calendar_row(line: CalendarLine, at: Any) -> dict[str, Any]:
    """A calendar as CalendarRow describes it."""
    version = line.at(at)
    spec = spec_of(version)
    return {
        "code": line.code,
        "name": line.name,
        "zone": spec.zone,
        "is_always_open": spec.always,
        "effective_from": version.effective_from,
        "version": line.count,
    }
