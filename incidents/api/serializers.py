"""What the incident API takes and gives, explicitly."""

from typing import Any

from rest_framework import serializers

from doors.api.strict import StrictSerializer
from incidents.lifecycle import RESOLUTION_CODES
from records.public import BODY_MAX

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


class ReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=500)


class ClockOut(serializers.Serializer[Any]):
    """A clock as it stands. Durations in open seconds of its calendar."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=["sla", "ola", "uc"])
    metric = serializers.CharField()
    state = serializers.ChoiceField(choices=["running", "paused", "stopped", "superseded", "cancelled"])
    is_breached = serializers.BooleanField()
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.IntegerField()
    elapsed_seconds = serializers.IntegerField()
    remaining_seconds = serializers.IntegerField()
    met = serializers.BooleanField(allow_null=True)


class HoldOut(serializers.Serializer[Any]):
    """Who held the record from when to when."""

    party_kind = serializers.ChoiceField(choices=["group", "requester", "approver", "wire", "unassigned"])
    party = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()


class UserClockOut(serializers.Serializer[Any]):
    """The user's clock: opened to resolved in the service's hours, no pauses."""

    state = serializers.ChoiceField(choices=["running", "stopped"])
    elapsed_seconds = serializers.IntegerField()


class IncidentAllowanceOut(serializers.Serializer[Any]):
    """What is left of one promise, in open seconds of its own hours."""

    kind = serializers.ChoiceField(choices=["sla", "ola", "uc"])
    remaining_seconds = serializers.IntegerField()
    duration_seconds = serializers.IntegerField()


class IncidentBudgetOut(serializers.Serializer[Any]):
    """The time that the holding group has: the least of its own target's and the customer's."""

    seconds = serializers.IntegerField(help_text="below zero once it is used up")
    limited_by = serializers.ChoiceField(choices=["customer", "own"])
    customer = IncidentAllowanceOut(allow_null=True)
    own = IncidentAllowanceOut(allow_null=True)


class OfferOut(serializers.Serializer[Any]):
    """A step that leads on from the state, allowed or refused with the reason."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field named as an attribute of Field
    allowed = serializers.BooleanField()
    reason = serializers.CharField()
    required_fields = serializers.ListField(child=serializers.CharField())


class IncidentRow(serializers.Serializer[Any]):
    """An incident in a list."""

    number = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    state = serializers.CharField()
    phase = serializers.ChoiceField(choices=["open", "pending", "resolved", "closed"])
    priority = serializers.IntegerField(allow_null=True)
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    service = serializers.CharField(allow_null=True, help_text="code")
    category = serializers.CharField(allow_null=True, help_text="code")
    requester = serializers.EmailField(allow_null=True)
    affected_user = serializers.EmailField(allow_null=True)
    organisation = serializers.CharField(allow_null=True, help_text="code")
    support_group = serializers.CharField(help_text="code")
    provider = serializers.CharField(help_text="code")
    assignee = serializers.EmailField(allow_null=True)
    external_reference = serializers.CharField()
    resolution_code = serializers.CharField()
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    clocks = ClockOut(many=True)
    user_clock = UserClockOut(allow_null=True)


class IncidentOut(IncidentRow):
    """An incident, whole."""

    custody = HoldOut(many=True)
    budget = IncidentBudgetOut(allow_null=True)
    actions = OfferOut(many=True)


class IncidentPage(serializers.Serializer[Any]):
    """A page of incidents; `next` and `previous` are addresses."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = IncidentRow(many=True)


def row_of(record: Any, detail: Any, clocks: list[Any], users: Any) -> dict[str, Any]:
    """An incident as IncidentRow describes it. Built by hand: a list of fifty is on the hot path."""
    return {
        "number": record.number,
        "title": record.title,
        "description": record.description,
        "state": record.state,
        "phase": record.phase,
        "priority": record.priority,
        "impact": detail.impact,
        "urgency": detail.urgency,
        "service": record.service.code if record.service_id else None,
        "category": detail.category.code if detail.category_id else None,
        "requester": record.requester.email if record.requester_id else None,
        "affected_user": record.affected_user.email if record.affected_user_id else None,
        "organisation": record.organisation.code if record.organisation_id else None,
        "support_group": record.support_group.code,
        "provider": record.support_group.provider.code,
        "assignee": record.assignee.email if record.assignee_id else None,
        "external_reference": record.external_reference,
        "resolution_code": detail.resolution_code,
        "opened_at": record.opened_at,
        "updated_at": record.updated_at,
        "resolved_at": record.resolved_at,
        "closed_at": record.closed_at,
        "version": record.version,
        "clocks": [clock_of(clock) for clock in clocks],
        "user_clock": users_of(users),
    }


def line_of(line: Any, levels: Any, clocks: list[Any], users: Any) -> dict[str, Any]:
    """An incident as IncidentRow describes it, from a line of a list."""
    return {
        "number": line.number,
        "title": line.title,
        "description": line.description,
        "state": line.state,
        "phase": line.phase,
        "priority": line.priority,
        "impact": levels.impact,
        "urgency": levels.urgency,
        "service": line.service__code,
        "category": levels.category,
        "requester": line.requester__email,
        "affected_user": line.affected_user__email,
        "organisation": line.organisation__code,
        "support_group": line.support_group__code,
        "provider": line.provider__code,
        "assignee": line.assignee__email,
        "external_reference": line.external_reference,
        "resolution_code": levels.resolution_code,
        "opened_at": line.opened_at,
        "updated_at": line.updated_at,
        "resolved_at": line.resolved_at,
        "closed_at": line.closed_at,
        "version": line.version,
        "clocks": [clock_of(clock) for clock in clocks],
        "user_clock": users_of(users),
    }


def clock_of(clock: Any) -> dict[str, Any]:
    """A clock as ClockOut describes it."""
    return {
        "code": clock.code,
        "kind": clock.kind,
        "metric": clock.metric,
        "state": clock.state,
        "is_breached": clock.is_breached,
        "started_at": clock.started_at,
        "stopped_at": clock.stopped_at,
        "due_at": clock.due_at,
        "breached_at": clock.breached_at,
        "duration_seconds": clock.duration,
        "elapsed_seconds": clock.elapsed,
        "remaining_seconds": clock.remaining,
        "met": clock.met,
    }


def users_of(clock: Any) -> dict[str, Any] | None:
    """The user's clock as UserClockOut describes it."""
    return {"state": clock.state, "elapsed_seconds": clock.elapsed} if clock else None


def budget_out(budget: Any) -> dict[str, Any] | None:
    """A budget as IncidentBudgetOut describes it."""
    if budget is None:
        return None
    return {
        "seconds": budget.seconds,
        "limited_by": budget.limited_by,
        "customer": _allowance(budget.customer),
        "own": _allowance(budget.own),
    }


def _allowance(allowance: Any) -> dict[str, Any] | None:
    if allowance is None:
        return None
    return {
        "kind": allowance.kind,
        "remaining_seconds": allowance.remaining,
        "duration_seconds": allowance.duration,
    }


def hold_of(hold: Any) -> dict[str, Any]:
    """A stretch of custody as HoldOut describes it."""
    return {
        "party_kind": hold.party_kind,
        "party": hold.party,
        "state": hold.state,
        "started_at": hold.started_at,
        "ended_at": hold.ended_at,
        "seconds": hold.seconds,
    }


def offer_of(offer: Any) -> dict[str, Any]:
    """A step as OfferOut describes it."""
    return {
        "name": offer.name,
        "label": offer.label,
        "allowed": offer.allowed,
        "reason": offer.reason,
        "required_fields": list(offer.required_fields),
    }
