"""What the API of approvals takes and gives, explicitly."""

from typing import Any

from rest_framework import serializers

from approvals.public import LevelView
from doors.api.strict import StrictSerializer
from records.public import BODY_MAX

STATES = ("asked", "approved", "rejected", "skipped", "withdrawn", "waiting")


class ApproveIn(StrictSerializer):
    """Why, if there is something to say."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class RejectIn(StrictSerializer):
    """Why not."""

    reason = serializers.CharField(max_length=2000)


class AskIn(StrictSerializer):
    """A question to who asked for it."""

    body = serializers.CharField(max_length=BODY_MAX)


class HandOnIn(StrictSerializer):
    """Who decides instead."""

    to = serializers.EmailField()


class AssignApproverIn(StrictSerializer):
    """Who is asked as well, and why."""

    email = serializers.EmailField()
    reason = serializers.CharField(max_length=2000)


class DelegationIn(StrictSerializer):
    """Who decides from which day to which, both included, as the tenant counts days."""

    delegate = serializers.EmailField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class ApproverOut(serializers.Serializer[Any]):
    """One who is asked. `decided_by` is set where somebody else decided in their stead."""

    name = serializers.CharField()
    why = serializers.CharField(help_text="manager, role, group, person, escalated or assigned")
    handed_to = serializers.CharField(allow_null=True)
    has_left = serializers.BooleanField()
    decision = serializers.CharField(allow_null=True, help_text="approved or rejected")
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class ApprovalOut(serializers.Serializer[Any]):
    """One level of approval of a record."""

    id = serializers.UUIDField()
    record = serializers.CharField(help_text="number")
    title = serializers.CharField()
    position = serializers.IntegerField(help_text="levels are asked in this order, from 1")
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    rule = serializers.CharField(help_text="any, all or quorum")
    needed = serializers.IntegerField(help_text="how many must approve")
    lacks_approvers = serializers.BooleanField(help_text="too few are there to approve it")
    asked_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    approvers = ApproverOut(many=True)


class ApprovalPage(serializers.Serializer[Any]):
    """A page of approvals; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ApprovalOut(many=True)


class DelegationOut(serializers.Serializer[Any]):
    """Who decides in whose stead."""

    id = serializers.UUIDField()
    delegator = serializers.CharField()
    delegate = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)


def approval_row(level: LevelView) -> dict[str, Any]:
    """A level as the API gives it."""
    columns = (
        "id", "title", "position", "name", "state", "rule", "needed", "lacks_approvers",
        "asked_at", "ended_at", "version",
    )  # fmt: skip
    row = {name: getattr(level, name) for name in columns} | {"record": level.number}
    row["approvers"] = [
        {
            "name": seat.name,
            "why": seat.why,
            "handed_to": seat.handed_to or None,
            "has_left": seat.has_left,
            "decision": seat.decision or None,
            "decided_by": seat.decided_by or None,
            "decided_at": seat.decided_at,
            "reason": seat.reason or None,
        }
        for seat in level.seats
    ]
    return row


def delegation_row(row: Any) -> dict[str, Any]:
    """A delegation as the API gives it."""
    return {
        "id": row.pk,
        "delegator": row.delegator.name,
        "delegate": row.delegate.name,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "ended_at": row.ended_at,
    }
