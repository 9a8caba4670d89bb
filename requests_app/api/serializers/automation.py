"""What called systems say, and are told."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer


class CallBackIn(StrictSerializer):
    """How it ended. `result` are answers to the form of the task, by question."""

    outcome = serializers.ChoiceField(choices=["done", "failed"])
    message = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="why it failed, or what was done"
    )
    result = serializers.DictField(required=False)
    log = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=50)


class CallBackOut(serializers.Serializer[Any]):
    """What came of it."""

    outcome = serializers.ChoiceField(choices=["done", "failed", "given_up"])
    ended_at = serializers.DateTimeField()
