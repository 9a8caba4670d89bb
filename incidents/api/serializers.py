"""What the incident API takes and gives, explicitly."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from incidents.lifecycle import RESOLUTION_CODES
from records.public import BODY_MAX
from sla.api.serializers.records import RecordOut, RecordRow

Level = serializers.IntegerField


class RaiseIn(StrictSerializer):
    """A new incident."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)
    impact = Level(
        required=False, min_value=1, max_value=4, help_text="1 highest to 4 lowest; default: the service's"
    )
    urgency = Level(required=False, min_value=1, max_value=4, help_text="1 highest to 4 lowest; default 3")
    service = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="code of a service"
    )
    category = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="code of a category"
    )
    requester = serializers.EmailField(
        required=False, allow_blank=True, help_text="e-mail address of a member"
    )
    affected_user = serializers.EmailField(required=False, allow_blank=True)
    support_group = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=50,
        help_text="code; default: the single point of contact",
    )
    external_reference = serializers.CharField(required=False, allow_blank=True, max_length=120)
    contact = serializers.CharField(required=False, allow_blank=True, max_length=200)


class ClassifyIn(StrictSerializer):
    """What is to change. `priority` overrides the matrix and takes a `reason`; null lets it follow the matrix again."""

    title = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)
    service = serializers.CharField(required=False, allow_blank=True, max_length=60)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    impact = Level(required=False, min_value=1, max_value=4)
    urgency = Level(required=False, min_value=1, max_value=4)
    priority = Level(required=False, allow_null=True, min_value=1, max_value=5)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    external_reference = serializers.CharField(required=False, allow_blank=True, max_length=120)


class AssignIn(StrictSerializer):
    """Hand over to a support group, and to one of its members if named."""

    support_group = serializers.CharField(max_length=50)
    assignee = serializers.EmailField(required=False, allow_blank=True)
    work_note = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)


class NothingIn(StrictSerializer):
    """The step needs nothing."""


class PendIn(StrictSerializer):
    """Wait for the requester (with a question as `comment`), a provider or a change (with a `reason`).

    `until` is when what is waited for was promised; targets that say so count on from then.
    """

    waiting_for = serializers.ChoiceField(choices=["requester", "provider", "change"])
    comment = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    until = serializers.DateTimeField(required=False, allow_null=True)


class ResumeIn(StrictSerializer):
    """What was waited for has come."""

    comment = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)
    work_note = serializers.CharField(required=False, allow_blank=True, max_length=BODY_MAX)


class ResolveIn(StrictSerializer):
    """How it was resolved; `resolution` is told to the requester."""

    resolution_code = serializers.ChoiceField(choices=list(RESOLUTION_CODES))
    resolution = serializers.CharField(max_length=BODY_MAX)


class CommentIn(StrictSerializer):
    """Why it is not fixed."""

    comment = serializers.CharField(max_length=BODY_MAX)


class BodyIn(StrictSerializer):
    """Something said."""

    body = serializers.CharField(max_length=BODY_MAX)


class ReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=500)


class IncidentRow(RecordRow):
    """An incident in a list."""

    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    category = serializers.CharField(allow_null=True, help_text="code")
    resolution_code = serializers.CharField()


class IncidentOut(IncidentRow, RecordOut):
    """An incident, whole."""


class IncidentPage(serializers.Serializer[Any]):
    """A page of incidents; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = IncidentRow(many=True)


def detail_row(detail: Any) -> dict[str, Any]:
    """What an incident has beside its header."""
    return {
        "impact": detail.impact,
        "urgency": detail.urgency,
        "category": detail.category.code if detail.category_id else None,
        "resolution_code": detail.resolution_code,
    }


def levels_row(levels: Any) -> dict[str, Any]:
    """The same from a line of a list."""
    return {
        "impact": levels.impact,
        "urgency": levels.urgency,
        "category": levels.category,
        "resolution_code": levels.resolution_code,
    }
