"""Escalations: done once at their point, through the door `rule`, and never to a record that moved on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from incidents.models import Incident
from incidents.public import Report, assign, classify, raise_incident, resolve
from incidents.services.classify import Classification
from notifications.models import Mail
from outbox.public import dispatch_batch
from records.models import AuditEntry, Record
from sla.models import Clock, Escalated
from sla.public import EscalationTerms, TargetTerms, define_target
from sla.services.replay import replay
from sla.services.sweep import sweep_once
from tenancy.engine.scope import platform_scope, tenant_scope
from tests.support.world import World, build_world

# The sweep asks for what is due by now, which within one transaction never comes.
pytestmark = pytest.mark.django_db(transaction=True)

LAST_MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _promise(world: World, *escalations: EscalationTerms, **more: Any) -> None:
    """A resolution target of eight hours for what is raised from now on, in place of the world's own."""
    terms: dict[str, Any] = {
        "kind": "sla",
        "metric": "resolution",
        "duration": 8 * 3600,
        "calendar": world.calendar,
        "scope": {"kind": ["incident"], "priority": [2, 3, 4, 5], "service": [str(world.service.pk)]},
        "pause_on": ("pending_requester",),
        "escalations": escalations,
    }
    define_target(
        code="mail",
        name="Mail",
        terms=TargetTerms(**terms | more),
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
    )


def _reported(world: World) -> Record:
    report = Report(title="Mail is gone", service="email", urgency=2)
    return raise_incident(report=report, actor=world.actor(world.user, "portal"), at=LAST_MONDAY)


def _tell() -> None:
    """Sweep until nothing is due, and deliver until nothing is left."""
    while sweep_once() or dispatch_batch():
        pass


def _again() -> None:
    """Deliver everything once more, as after a crash."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_delivery SET status = 'pending', attempts = 0, next_at = now()")
    while dispatch_batch():
        pass


def _steps(record: Record) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(record=record, door="rule").order_by("version"))


def test_the_priority_rises_once_however_often_the_message_comes(world: World) -> None:
    _promise(world, EscalationTerms(percent=100, action="raise_priority"))
    record = _reported(world)
    assert record.priority == 3
    _tell()
    _again()
    _again()
    record.refresh_from_db()
    assert record.priority == 2
    (step,) = _steps(record)
    assert (step.verb, step.actor_kind, step.facts["priority"]) == ("incident:escalate", "system", [3, 2])
    assert (step.facts["target"], step.facts["percent"]) == ([None, "mail"], [None, 100])
    assert Incident.objects.get(record=record).is_priority_overridden
    assert list(Escalated.objects.values_list("is_done", "reason")) == [(True, "")]
    assert [found for _, page in replay() for found in page] == []


def test_a_target_that_a_rule_brought_does_not_run_through_all_priorities(world: World) -> None:
    for priority in (3, 2, 1):
        _promise_for(world, priority)
    record = _reported(world)
    _tell()
    record.refresh_from_db()
    assert record.priority == 2
    notes = {row.escalation.target_version.target.code: row for row in Escalated.objects.all()}
    assert {code: row.is_done for code, row in notes.items()} == {"mail-3": True, "mail-2": False}
    assert "came to apply by an escalation" in notes["mail-2"].reason


def _promise_for(world: World, priority: int) -> None:
    define_target(
        code=f"mail-{priority}",
        name="Mail",
        terms=TargetTerms(
            kind="sla",
            metric="resolution",
            duration=priority * 3600,
            calendar=world.calendar,
            scope={"kind": ["incident"], "priority": [priority], "service": [world.service.pk]},
            escalations=(EscalationTerms(percent=100, action="raise_priority"),),
        ),
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
    )


def test_a_group_gets_the_record_and_nobody_in_it_is_named(world: World) -> None:
    _promise(world, EscalationTerms(percent=75, action="reassign", support_group="network"))
    record = _reported(world)
    assign(
        record=record,
        support_group="service-desk",
        assignee="agent@defra.example",
        actor=world.actor(world.agent),
        at=LAST_MONDAY + timedelta(minutes=1),
    )
    _tell()
    _again()
    record.refresh_from_db()
    assert (record.support_group_id, record.provider_id) == (world.network_group.pk, world.supplier.pk)
    assert (record.assignee_id, record.state) == (None, "assigned")
    (step,) = _steps(record)
    assert step.facts["percent"] == [None, 75]


def test_what_is_there_already_is_left_and_noted(world: World) -> None:
    _promise(
        world,
        EscalationTerms(percent=50, action="reassign", support_group="service-desk"),
        EscalationTerms(percent=50, action="raise_priority"),
        scope={"kind": ["incident"], "priority": [1, 2, 3]},
    )
    record = _reported(world)
    classify(
        record=record,
        to=Classification(priority=1, reason="The minister"),
        actor=world.actor(world.agent),
        at=LAST_MONDAY + timedelta(minutes=1),
    )
    _tell()
    assert _steps(record) == []
    assert sorted(Escalated.objects.values_list("is_done", "reason")) == [
        (False, "The group has it already."),
        (False, "The priority is the highest already."),
    ]


def test_a_record_that_was_resolved_before_the_message_came_is_left_alone(world: World) -> None:
    _promise(world, EscalationTerms(percent=100, action="raise_priority"))
    record = _reported(world)
    while sweep_once():
        pass
    resolve(
        record=record,
        resolution_code="fixed",
        resolution="Done",
        actor=world.actor(world.agent),
        at=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    )
    _tell()
    record.refresh_from_db()
    assert record.priority == 3
    assert _steps(record) == []
    assert list(Escalated.objects.values_list("is_done", "reason")) == [(False, "The record is resolved.")]


def test_a_clock_that_was_superseded_before_the_message_came_is_left_alone(world: World) -> None:
    _promise(
        world,
        EscalationTerms(percent=50, action="raise_priority"),
        scope={"kind": ["incident"], "priority": [3], "service": [world.service.pk]},
    )
    record = _reported(world)
    while sweep_once():
        pass
    classify(
        record=record,
        to=Classification(priority=4, reason="Few"),
        actor=world.actor(world.agent),
        at=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    )
    _tell()
    assert list(Escalated.objects.values_list("is_done", "reason")) == [(False, "The clock is superseded.")]


def test_a_role_is_written_to_once_and_only_those_of_it_who_may_see_the_record(world: World) -> None:
    _promise(
        world,
        EscalationTerms(percent=100, action="notify_role", role="administrator"),
        EscalationTerms(percent=100, action="notify_role", role="resolver"),
    )
    record = _reported(world)
    assign(
        record=record,
        support_group="service-desk",
        actor=world.actor(world.agent),
        at=LAST_MONDAY + timedelta(minutes=1),
    )
    _tell()
    _again()
    mails = Mail.objects.filter(letter="clock_escalated")
    to = {mail.to_address for mail in mails}
    assert mails.count() == len(to)
    assert "administrator@defra.example" in to
    assert "agent@defra.example" not in to
    mail = mails.get(to_address="administrator@defra.example")
    assert mail.subject.startswith(f"[{record.number}] Escalated: The resolution target is missed (SLA)")
    assert "role that the target names" in mail.text


def test_two_tenants_with_the_same_target_do_not_hear_of_each_other(world: World) -> None:
    other = build_world("rivers")
    _promise(world, EscalationTerms(percent=50, action="raise_priority"))
    record = _reported(world)
    with tenant_scope(other.tenant.pk, actor="system:test"):
        theirs = _reported(other)
    _tell()
    record.refresh_from_db()
    assert record.priority == 2
    with tenant_scope(other.tenant.pk, actor="system:test"):
        assert Record.objects.get(pk=theirs.pk).priority == 3
        assert not Escalated.objects.exists()


def test_points_without_an_escalation_are_not_delivered_to_who_escalates(world: World) -> None:
    _promise(world, EscalationTerms(percent=75, action="raise_priority"))
    _reported(world)
    while sweep_once():
        pass
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.payload ->> 'percent', m.payload ->> 'code' FROM outbox_delivery d"
            " JOIN outbox_message m ON m.id = d.message_id WHERE d.subscriber = 'escalation'"
        )
        assert cursor.fetchall() == [("75", "mail")]
    assert Clock.objects.filter(code="mail").count() == 1
