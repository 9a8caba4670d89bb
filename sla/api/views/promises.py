"""What a service is made of and can keep, and publishing it, over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.public import publish_service, service_in_any_stage
from doors.api.strict import StrictSerializer, checked
from doors.api.views import ApiView
from sla.queries.composition import composition_of


class VerdictOut(serializers.Serializer[Any]):
    """One promise held against what the parts can keep. Times in seconds, availability in percent as text."""

    kind = serializers.CharField()
    subject = serializers.CharField()
    name = serializers.CharField()
    is_kept = serializers.BooleanField()
    lacks = serializers.CharField()
    promised = serializers.JSONField(allow_null=True)
    possible = serializers.JSONField(allow_null=True)
    shortfall = serializers.JSONField(allow_null=True)
    chain = serializers.ListField(child=serializers.CharField())
    words = serializers.CharField()


class ServicePartOut(serializers.Serializer[Any]):
    """A part of a service: a component or a service."""

    kind = serializers.ChoiceField(["component", "service"])
    code = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    contract = serializers.CharField(help_text="its code")
    contract_name = serializers.CharField()
    handover_seconds = serializers.IntegerField()


class PartGroupOut(serializers.Serializer[Any]):
    """Parts of which so many must work."""

    name = serializers.CharField()
    needed = serializers.IntegerField()
    is_in_turn = serializers.BooleanField()
    parts = ServicePartOut(many=True)


class CompositionOut(serializers.Serializer[Any]):
    """What a service is made of, and a verdict on each of its promises."""

    code = serializers.CharField()
    name = serializers.CharField()
    stage = serializers.CharField()
    groups = PartGroupOut(many=True)
    verdicts = VerdictOut(many=True)


class PublishIn(StrictSerializer):
    """`accepted_because`: why the service goes live although its parts cannot keep what it promises."""

    accepted_because = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class CompositionView(ApiView):
    """What a service is made of."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "service:define"}

    @extend_schema(
        operation_id="services_composition",
        summary="Read what a service is made of and can keep",
        responses=CompositionOut,
    )
    def get(self, request: Request, code: str) -> Response:
        """Parts, and a verdict on each promise as things stand now."""
        return Response(_whole(code))


class PublishView(ApiView):
    """Putting a service live."""

    permission_for: ClassVar[dict[str, str]] = {"POST": "service:define"}

    @extend_schema(
        operation_id="services_publish",
        summary="Publish a service",
        request=PublishIn,
        responses=CompositionOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """The service goes live, or is refused with 422 `promise_cannot_be_kept` and the findings."""
        given = checked(PublishIn, request.data)
        publish_service(
            service=service_in_any_stage(code),
            actor=self.actor,
            at=timezone.now(),
            accepted_because=given.get("accepted_because", ""),
        )
        return Response(_whole(code))


def _whole(code: str) -> dict[str, Any]:
    found = composition_of(service_in_any_stage(code), timezone.now())
    return {
        "code": found.code,
        "name": found.name,
        "stage": found.stage,
        "groups": [
            {
                "name": group.name,
                "needed": group.needed,
                "is_in_turn": group.is_in_turn,
                "parts": [dict(zip(part._fields, part, strict=True)) for part in group.parts],
            }
            for group in found.groups
        ],
        "verdicts": [dict(verdict.json) for verdict in found.verdicts],
    }
