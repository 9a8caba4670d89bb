"""What every kind of record gives over the API: its header, clocks, custody, budget and next steps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from people.public import Actor
from sla.api.serializers.clocks import BudgetOut, UsersTimeOut, budget_out, users_of
from sla.policy import visible_clocks
from sla.queries.budget import budget_of
from sla.queries.clocks import clocks_of
from sla.queries.custody import custody_of, user_clock_of


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


class OfferOut(serializers.Serializer[Any]):
    """A step that leads on from the state, allowed or refused with the reason."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field named as an attribute of Field
    allowed = serializers.BooleanField()
    reason = serializers.CharField()
    required_fields = serializers.ListField(child=serializers.CharField())


class RecordRow(serializers.Serializer[Any]):
    """The header of a record in a list."""

    number = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    state = serializers.CharField()
    phase = serializers.ChoiceField(choices=["open", "pending", "resolved", "closed"])
    priority = serializers.IntegerField(allow_null=True)
    service = serializers.CharField(allow_null=True, help_text="code")
    requester = serializers.EmailField(allow_null=True)
    affected_user = serializers.EmailField(allow_null=True)
    organisation = serializers.CharField(allow_null=True, help_text="code")
    support_group = serializers.CharField(help_text="code")
    provider = serializers.CharField(help_text="code")
    assignee = serializers.EmailField(allow_null=True)
    external_reference = serializers.CharField()
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    clocks = ClockOut(many=True)
    user_clock = UsersTimeOut(allow_null=True)


class RecordOut(RecordRow):
    """A record, whole."""

    custody = HoldOut(many=True)
    budget = BudgetOut(allow_null=True)
    actions = OfferOut(many=True)


def row_of(record: Any, clocks: list[Any], users: Any) -> dict[str, Any]:
    """A record as RecordRow describes it. Built by hand: a list of fifty is on the hot path."""
    return {
        "number": record.number,
        "title": record.title,
        "description": record.description,
        "state": record.state,
        "phase": record.phase,
        "priority": record.priority,
        "service": record.service.code if record.service_id else None,
        "requester": record.requester.email if record.requester_id else None,
        "affected_user": record.affected_user.email if record.affected_user_id else None,
        "organisation": record.organisation.code if record.organisation_id else None,
        "support_group": record.support_group.code,
        "provider": record.support_group.provider.code,
        "assignee": record.assignee.email if record.assignee_id else None,
        "external_reference": record.external_reference,
        "opened_at": record.opened_at,
        "updated_at": record.updated_at,
        "resolved_at": record.resolved_at,
        "closed_at": record.closed_at,
        "version": record.version,
        "clocks": [clock_of(clock) for clock in clocks],
        "user_clock": users_of(users),
    }


def line_of(line: Any, clocks: list[Any], users: Any) -> dict[str, Any]:
    """A record as RecordRow describes it, from a line of a list."""
    return {
        "number": line.number,
        "title": line.title,
        "description": line.description,
        "state": line.state,
        "phase": line.phase,
        "priority": line.priority,
        "service": line.service__code,
        "requester": line.requester__email,
        "affected_user": line.affected_user__email,
        "organisation": line.organisation__code,
        "support_group": line.support_group__code,
        "provider": line.provider__code,
        "assignee": line.assignee__email,
        "external_reference": line.external_reference,
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


def whole_of(actor: Actor, record: Any, offers: Iterable[Any], now: datetime) -> dict[str, Any]:
    """A record as RecordOut describes it at `now` (UTC), with the steps that this caller may take next."""
    holds = custody_of(record, now)
    clocks = visible_clocks(actor, clocks_of(record, now))
    return row_of(record, clocks, user_clock_of(record, now, holds)) | {
        "custody": [hold_of(hold) for hold in holds],
        "budget": budget_out(budget_of(record, clocks)) if actor.may("sla:read") else None,
        "actions": [offer_of(offer) for offer in offers],
    }
