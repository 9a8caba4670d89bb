"""Agreements as they go over the API."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer

LEVELS = ("use", "integrate", "interface", "exclude")


class MappingDraftIn(StrictSerializer):
    """The draft of a mapping, whole."""

    mapping = serializers.DictField(
        help_text="its notation: theirs, states, priorities, fields, constants, samples"
    )


class MappingPublishIn(StrictSerializer):
    """What changed, in a sentence."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class LevelIn(StrictSerializer):
    """At which level they work from now on, and why."""

    level = serializers.ChoiceField(choices=LEVELS)
    reason = serializers.CharField(max_length=2000)


class FindingOut(serializers.Serializer[Any]):
    """One thing that speaks against a mapping: the row by its path, and why; errors keep it from going live."""

    code = serializers.CharField()
    path = serializers.CharField()
    words = serializers.CharField()
    is_error = serializers.BooleanField()


class AgreementLineOut(serializers.Serializer[Any]):
    """One process of a supplier."""

    process = serializers.CharField(source="vocabulary.process")
    level = serializers.ChoiceField(choices=LEVELS)
    mapping_version = serializers.IntegerField(source="number", help_text="0 for none in force")


class AgreementLinesOut(serializers.Serializer[Any]):
    """Every process with the level at which the supplier works in it."""

    results = AgreementLineOut(many=True)


class AgreementOut(serializers.Serializer[Any]):
    """How a supplier works in one process: the draft with what the linter says of it, and the mapping in force."""

    process = serializers.CharField(source="vocabulary.process")
    level = serializers.ChoiceField(choices=LEVELS)
    version = serializers.IntegerField(help_text="0 where nothing was agreed yet")
    draft = serializers.DictField()
    draft_findings = FindingOut(many=True)
    mapping_version = serializers.IntegerField(source="number", help_text="0 for none in force")
    mapping = serializers.DictField(source="notation")
    findings = FindingOut(many=True, help_text="of the mapping in force, as the process is now")


class MappingOut(serializers.Serializer[Any]):
    """A mapping as it was published."""

    number = serializers.IntegerField()
    mapping = serializers.DictField(source="notation")
    note = serializers.CharField()
    published_at = serializers.DateTimeField()
    published_by = serializers.CharField(source="published_by_name", help_text="name")
