"""The exchange as it goes over the API."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer

STATUSES = ("pending", "leased", "done", "dead", "dropped")


class ExchangeMessageIn(StrictSerializer):
    """What a supplier's system says of a record, in its own words."""

    id = serializers.CharField(max_length=100, help_text="yours: the same message under it is done once")
    number = serializers.CharField(max_length=12, required=False, allow_blank=True, help_text="ours")
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="yours")
    sequence = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="counts your messages about the record; older than the newest changes nothing",
    )
    state = serializers.CharField(max_length=200, required=False, allow_blank=True)
    priority = serializers.CharField(max_length=200, required=False, allow_blank=True)
    fields_ = serializers.DictField(
        child=serializers.CharField(max_length=20_000, allow_blank=True), required=False, source="fields"
    )
    comment = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    work_note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    reject = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="why you hand it back"
    )

    def get_fields(self) -> dict[str, Any]:
        """`fields` by its name, which the framework uses for something else."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        found["fields"].source = None
        return found


class ExchangeOutcomeOut(serializers.Serializer[Any]):
    """What a message led to. `ignored` are fields that change nothing here."""

    number = serializers.CharField()
    result = serializers.ChoiceField(choices=("done", "same", "superseded"))
    version = serializers.IntegerField()
    ignored = serializers.ListField(child=serializers.CharField())


class EndpointIn(StrictSerializer):
    """Where a supplier's system is told of changes."""

    url = serializers.CharField(max_length=500)
    timeout_seconds = serializers.IntegerField(min_value=1, max_value=30, required=False)


class PauseIn(StrictSerializer):
    """Why nothing is sent for now."""

    reason = serializers.CharField(max_length=500)


class EndpointOut(serializers.Serializer[Any]):
    """An endpoint and how it does. `secret` only when it is new."""

    url = serializers.CharField(source="endpoint.url")
    timeout_seconds = serializers.IntegerField(source="endpoint.timeout_seconds")
    paused_because = serializers.CharField(source="endpoint.paused_because")
    former_secret_until = serializers.DateTimeField(source="endpoint.former_until", allow_null=True)
    failures = serializers.IntegerField(help_text="in a row")
    open_until = serializers.DateTimeField(allow_null=True, help_text="nothing is tried until then")
    last_good_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()
    waiting = serializers.IntegerField()
    oldest_waiting_at = serializers.DateTimeField(allow_null=True)
    dead = serializers.IntegerField()
    on_wire = serializers.IntegerField(help_text="records handed over and not acknowledged")
    secret = serializers.CharField(required=False)


class ExchangeMessageOut(serializers.Serializer[Any]):
    """One message to a supplier's system."""

    id = serializers.UUIDField()
    record = serializers.CharField(source="record.number")
    kind = serializers.CharField()
    status = serializers.CharField(help_text=", ".join(STATUSES))
    attempts = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    next_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    answered = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last answer")
    error = serializers.CharField()
    body = serializers.CharField()


class ExchangeMessagePage(serializers.Serializer[Any]):
    """Messages, the newest first."""

    results = ExchangeMessageOut(many=True)
    next = serializers.CharField(allow_null=True)


class NothingGivenIn(StrictSerializer):
    """Nothing is given."""


def message_row(row: Any) -> Any:
    """A message as it is shown."""
    return ExchangeMessageOut(row).data
