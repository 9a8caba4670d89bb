"""Escalating: what a target says happens by itself at a point of its clock, done once and noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from lifecycle.public import DomainError
from outbox.public import Delivered, publish
from people.public import Actor, system_actor
from records.models import Record
from sla.engine.rule_actions import Cause, rule_actions_of
from sla.models import Clock, Escalated, Escalation
from sla.services.history import seconds
from tenancy.public import hold_definitions, kept

_REASON_MAX = 200


class Rule(NamedTuple):
    """An escalation as it is followed: keys, and the codes that messages and steps go by."""

    key: UUID
    percent: int
    action: str
    role: str
    support_group: str


@dataclass(frozen=True, slots=True)
class _Point:
    """A clock's point, as the sweep told it. Clocks are told apart by version, party and matching."""

    record_id: UUID
    clock_id: UUID
    target_version: UUID
    party: UUID | None
    matched_at: datetime
    at: datetime
    kind: str
    metric: str
    code: str
    percent: int


@kept
def escalations() -> Mapping[UUID, Sequence[Rule]]:
    """The escalations of the tenant in scope, by target version."""
    found: dict[UUID, list[Rule]] = {}
    for row in Escalation.objects.select_related("role", "support_group").order_by("percent", "id"):
        role, group = row.role, row.support_group
        rule = Rule(row.pk, row.percent, row.action, role.code if role else "", group.code if group else "")
        found.setdefault(row.target_version_id, []).append(rule)
    return found


def escalate(*, message: Delivered, at: datetime) -> int:
    """Do what is to be done at the point that a message of the sweep tells of; returns how many things were done.

    Each is done once, however often the message comes. A record or clock that moved on meanwhile is left alone; that
    is noted too. `at` is the instant (UTC) that the steps carry, which is not before the point's.
    """
    told = message.payload
    if message.record_id is None or "target_version" not in told:
        return 0
    version = UUID(told["target_version"])
    rules = [
        rule
        for rule in escalations.holding(lambda held: version in held).get(version, ())
        if rule.percent == told["percent"]
    ]
    if not rules:
        return 0
    point = _Point(
        record_id=message.record_id,
        clock_id=UUID(told["clock"]),
        target_version=version,
        party=UUID(told["party"]) if told["party"] else None,
        matched_at=datetime.fromtimestamp(told["matched_at"], UTC),
        at=message.at,
        kind=told["kind"],
        metric=told["metric"],
        code=told["code"],
        percent=told["percent"],
    )
    actor = system_actor(message.tenant_id, name=f"Escalation of {point.code}", door="rule")
    return sum(_follow(rule, point, actor, at) for rule in rules)


def _follow(rule: Rule, point: _Point, actor: Actor, at: datetime) -> bool:
    with transaction.atomic():
        # Before the record, as steps do.
        hold_definitions()
        # Steps take the record first as well. Whoever comes second finds the note of whoever came first.
        record = Record.objects.select_for_update().filter(pk=point.record_id).first()
        noted = Escalated.objects.filter(
            record_id=point.record_id,
            escalation_id=rule.key,
            matched_at=point.matched_at,
            party=point.party,
        )
        if record is None or noted.exists():
            return False
        reason = _moved_on(record, point)
        if not reason:
            try:
                with transaction.atomic():
                    _act(rule, point, record, actor, at)
            except DomainError as error:
                reason = error.message
        Escalated.objects.create(
            record_id=point.record_id,
            escalation_id=rule.key,
            party=point.party,
            matched_at=point.matched_at,
            point_at=point.at,
            at=at,
            is_done=not reason,
            reason=reason[:_REASON_MAX],
        )
    return not reason


def _moved_on(record: Record, point: _Point) -> str:
    """Why a point is left alone, "" when it is not."""
    if record.phase in ("resolved", "closed"):
        return f"The record is {record.state.replace('_', ' ')}."
    clock = Clock.objects.filter(pk=point.clock_id).first()
    if clock is None:
        return "The clock is none any more: its history was corrected."
    if clock.state not in ("running", "paused"):
        return f"The clock is {clock.state}."
    if point.at <= point.matched_at and _came_by_rule(point):
        return "The target came to apply by an escalation, when its time was already used up to here."
    return ""


def _came_by_rule(point: _Point) -> bool:
    """Whether a rule's own step brought the target: one point must not run a record through all priorities at once."""
    done = Escalated.objects.filter(record_id=point.record_id, is_done=True)
    steps = done.exclude(escalation__action=Escalation.Action.NOTIFY_ROLE.value)
    matched_at = seconds(point.matched_at)
    return any(seconds(at) == matched_at for at in steps.values_list("at", flat=True))


def _act(rule: Rule, point: _Point, record: Record, actor: Actor, at: datetime) -> None:
    if rule.action == Escalation.Action.NOTIFY_ROLE:
        publish(kind="clock.escalated", record_id=record.pk, at=point.at, payload=_news(rule, point))
        return
    actions = rule_actions_of(record.kind)
    if actions is None:
        raise DomainError(f"No rule acts on a record of the kind {record.kind}.")
    because = Cause(target=point.code, percent=point.percent)
    if rule.action == Escalation.Action.RAISE_PRIORITY:
        actions.raise_priority(record=record, because=because, actor=actor, at=at)
    else:
        actions.reassign(record=record, support_group=rule.support_group, because=because, actor=actor, at=at)


def _news(rule: Rule, point: _Point) -> dict[str, object]:
    return {
        "clock": str(point.clock_id),
        "kind": point.kind,
        "metric": point.metric,
        "code": point.code,
        "percent": point.percent,
        "matched_at": seconds(point.matched_at),
        "role": rule.role,
    }
