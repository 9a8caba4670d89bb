"""Readiness as it goes over the API."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer


class EvidenceIn(StrictSerializer):
    """What is done about a check: evidence is given, it is waived, or the evidence is signed off."""

    step = serializers.ChoiceField(choices=["evidence", "waive", "sign"])
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, help_text="what shows it, or why it is waived"
    )
    link = serializers.CharField(required=False, allow_blank=True, max_length=500, help_text="https:// only")
    without = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=10, help_text="files to take away, by id"
    )


class FileOut(serializers.Serializer[Any]):
    """A file that shows that a check is met; it can be fetched when it is clean."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    status = serializers.ChoiceField(choices=["quarantined", "clean", "infected"])


class CheckOut(serializers.Serializer[Any]):
    """One thing that must be there. `version` is its evidence's, 0 without."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=["met", "missing", "to_sign", "waived"])
    is_computed = serializers.BooleanField(help_text="the platform finds it out by itself")
    role = serializers.CharField(help_text="who signs it off")
    words = serializers.CharField()
    link = serializers.CharField()
    files = FileOut(many=True)
    given_by = serializers.CharField(help_text="name")
    given_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(help_text="name")
    signed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ReadinessOut(serializers.Serializer[Any]):
    """How ready a service or a supplier is, in per cent, and by what."""

    score = serializers.IntegerField()
    early_life_until = serializers.DateField(allow_null=True, help_text="last day of early-life support")
    checks = CheckOut(many=True)


class OverviewLineOut(serializers.Serializer[Any]):
    """A service or a supplier with what is missing."""

    code = serializers.CharField()
    name = serializers.CharField()
    score = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="titles of checks")


class OverviewOut(serializers.Serializer[Any]):
    """Services that are not live yet, and suppliers: the first two hundred of each, by name."""

    services = OverviewLineOut(many=True)
    suppliers = OverviewLineOut(many=True)
