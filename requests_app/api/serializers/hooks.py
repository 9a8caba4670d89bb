"""What the API of hooks takes and gives, explicitly."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer


class HookChangeIn(StrictSerializer):
    """What is to change of a hook."""

    name = serializers.CharField(required=False, max_length=200)
    url = serializers.CharField(required=False, max_length=500, help_text="https, at an allowed host")
    timeout_seconds = serializers.IntegerField(required=False, min_value=1, max_value=60)
    answers_later = serializers.BooleanField(
        required=False, help_text="whether 202 and a call-back are taken"
    )
    is_active = serializers.BooleanField(required=False)


class HookIn(HookChangeIn):
    """A new hook."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    url = serializers.CharField(max_length=500)


class NothingIn(StrictSerializer):
    """The step needs nothing."""


class HostIn(StrictSerializer):
    """A host that hooks may name."""

    host = serializers.CharField(max_length=253)


class DeliveryOut(serializers.Serializer[Any]):
    """One call. `status` is null when nobody answered."""

    sent_at = serializers.DateTimeField()
    key = serializers.CharField()
    is_test = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True)
    result = serializers.ChoiceField(choices=["done", "failed", "running", "again"])
    reason = serializers.CharField()
    milliseconds = serializers.IntegerField()


class HookRow(serializers.Serializer[Any]):
    """A hook in a list."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    timeout_seconds = serializers.IntegerField()
    answers_later = serializers.BooleanField()
    is_active = serializers.BooleanField()


class HookOut(HookRow):
    """A hook with its newest calls."""

    deliveries = DeliveryOut(many=True)


class HookMade(HookRow):
    """A hook with its secret, which is not told again."""

    secret = serializers.CharField()


class HookPage(serializers.Serializer[Any]):
    """A page of hooks; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HookRow(many=True)


class CallOut(serializers.Serializer[Any]):
    """The very request that a test would send."""

    method = serializers.CharField()
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())
    body = serializers.CharField(help_text="as it is signed")


class HostsOut(serializers.Serializer[Any]):
    """The hosts that hooks may name."""

    results = serializers.ListField(child=serializers.CharField())


def hook_row(hook: Any) -> dict[str, Any]:
    """A hook as HookRow describes it."""
    return {
        "code": hook.code,
        "name": hook.name,
        "url": hook.url,
        "timeout_seconds": hook.timeout_seconds,
        "answers_later": hook.answers_later,
        "is_active": hook.is_active,
    }


def delivery_row(delivery: Any) -> dict[str, Any]:
    """A call as DeliveryOut describes it."""
    return {
        "sent_at": delivery.sent_at,
        "key": delivery.key,
        "is_test": delivery.is_test,
        "status": delivery.status,
        "result": delivery.result,
        "reason": delivery.reason,
        "milliseconds": delivery.milliseconds,
    }
