"""An incident's life through the services, with its clocks, custody and audit."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.public import (
    Classification,
    Report,
    assign,
    cancel,
    classify,
    comment,
    confirm,
    get_incident,
    note,
    offers,
    pend,
    raise_incident,
    reopen,
    resolve,
    resume,
    take,
)
from lifecycle.public import IllegalStepError, NotFoundError, RuleError, StaleVersionError
from records.public import search, steps_of, watch
from sla.public import TargetTerms, clocks_of, custody_of, define_target
from sla.services.replay import replay
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.support.world import build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_whole_life() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
        record = raise_incident(
            report=Report(title="Mail is slow", description="Since Friday", service="email"),
            actor=user,
            at=MONDAY_TEN,
        )
        assert record.number == "INC0000001"
        assert [clock.code for clock in clocks_of(record, MONDAY_TEN)] == ["resolution-rest", "response"]
        take(record=record, actor=agent, at=MONDAY_TEN + timedelta(minutes=10))
        pend(
            record=record,
            waiting_for="requester",
            comment="Which office?",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=1),
        )
        comment(record=record, body="Leeds", actor=user, at=MONDAY_TEN + timedelta(hours=2))
        assert record.state == "in_progress"
        note(
            record=record,
            body="Looks like the relay",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=2, minutes=5),
        )
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="Restarted",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=3),
        )
        reopen(record=record, comment="No", actor=user, at=MONDAY_TEN + timedelta(hours=4))
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="Again",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=5),
        )
        confirm(record=record, actor=user, at=MONDAY_TEN + timedelta(hours=6))
        resolution = next(clock for clock in clocks_of(record, MONDAY_TEN) if clock.metric == "resolution")
        assert (resolution.state, resolution.elapsed, resolution.met) == ("stopped", 3 * 3600, True)
        ledger = custody_of(record, MONDAY_TEN + timedelta(hours=6))
        assert sum(stretch.seconds for stretch in ledger) == 6 * 3600
        assert [entry.verb for entry in steps_of(record.pk)][:3] == [
            "incident:raise",
            "incident:take",
            "incident:pend_requester",
        ]
        assert [found.number for found in search(agent, "slow mail")] == ["INC0000001"]
        assert [(count, differences) for count, differences in replay()] == [(1, [])]
        with pytest.raises(IllegalStepError):
            take(record=record, actor=agent, at=MONDAY_TEN + timedelta(hours=7))


def test_a_stale_write_is_refused_with_what_changed() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
        stale = get_incident(agent, record.number)
        classify(record=record, to=Classification(urgency=1), actor=agent, at=MONDAY_TEN)
        with pytest.raises(StaleVersionError) as refused:
            take(record=stale, actor=agent, at=MONDAY_TEN)
        assert refused.value.changes[0]["verb"] == "incident:classify"


def test_who_saw_it_open_is_told_that_it_changed_before_that_it_is_closed() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
        seen = record.version
        cancel(record=record, reason="Twice", actor=agent, at=MONDAY_TEN)
        with pytest.raises(StaleVersionError):
            comment(record=record, body="Hello", actor=agent, at=MONDAY_TEN, seen_version=seen)
        with pytest.raises(RuleError, match="closed"):
            comment(record=record, body="Hello", actor=agent, at=MONDAY_TEN)


def test_who_only_watches_reads_and_replies_but_does_not_decide() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent, user, friend = (world.actor(who) for who in (world.agent, world.user, world.other_user))
        record = raise_incident(
            report=Report(title="x", requester=world.user.email), actor=agent, at=MONDAY_TEN
        )
        watch(record=record, membership_id=world.other_user.pk, actor=user, at=MONDAY_TEN)
        followed = get_incident(friend, record.number)
        comment(record=followed, body="Me too", actor=friend, at=MONDAY_TEN)
        with pytest.raises(RuleError, match="Only the person who reported this"):
            cancel(record=get_incident(friend, record.number), reason="Bored", actor=friend, at=MONDAY_TEN)
        assert [offer.name for offer in offers(friend, followed) if offer.allowed] == []
        cancel(record=get_incident(user, record.number), reason="Found it", actor=user, at=MONDAY_TEN)
        assert get_incident(agent, record.number).state == "cancelled"


def test_a_supplier_sees_only_what_it_holds_or_held() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent, engineer = world.actor(world.agent), world.actor(world.engineer)
        mine = raise_incident(
            report=Report(title="Router", support_group="network"), actor=agent, at=MONDAY_TEN
        )
        other = raise_incident(report=Report(title="Router too"), actor=agent, at=MONDAY_TEN)
    with enter_scope(engineer.scope()):
        assert get_incident(engineer, mine.number).title == "Router"
        with pytest.raises(NotFoundError):
            get_incident(engineer, other.number)
        assert [found.number for found in search(engineer, "router")] == [mine.number]
        take(record=get_incident(engineer, mine.number), actor=engineer, at=MONDAY_TEN)
        raised = raise_incident(report=Report(title="Link down"), actor=engineer, at=MONDAY_TEN)
        assert get_incident(engineer, raised.number).title == "Link down"


def test_every_wrong_field_is_named_and_nothing_written() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        with pytest.raises(RuleError) as refused:
            raise_incident(
                report=Report(title=" ", service="nope", impact=9, requester="a@b.c"),
                actor=agent,
                at=MONDAY_TEN,
            )
        assert set(refused.value.fields) == {"title", "service", "impact", "requester"}
        assert raise_incident(report=Report(title="ok"), actor=agent, at=MONDAY_TEN).number == "INC0000001"


def test_assignee_must_be_in_the_group() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
        with pytest.raises(RuleError):
            assign(
                record=record, support_group="network", assignee=world.agent.email, actor=agent, at=MONDAY_TEN
            )
        assign(
            record=record, support_group="network", assignee=world.engineer.email, actor=agent, at=MONDAY_TEN
        )
        assert record.state == "assigned"


def test_a_promised_day_is_kept_and_ends_with_the_waiting() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        define_target(
            code="patient",
            name="Patient",
            terms=TargetTerms(
                kind="sla",
                metric="fulfilment",
                duration=8 * 3600,
                calendar=world.calendar,
                pause_on=("pending",),
                pause_until=True,
            ),
            effective_from=MONDAY_TEN - timedelta(days=9),
        )
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
        hour = timedelta(hours=1)

        def patient(at: datetime) -> tuple[str, int, datetime | None]:
            (clock,) = (clock for clock in clocks_of(record, at) if clock.code == "patient")
            return clock.state, clock.elapsed // 3600, clock.due_at

        record = pend(
            record=record,
            waiting_for="provider",
            reason="A part",
            until=MONDAY_TEN + 4 * hour,
            actor=agent,
            at=MONDAY_TEN + hour,
        )
        # One hour is used; seven are left from two o'clock on, three of them on Monday, the rest on Tuesday from nine.
        due = datetime(2026, 11, 17, 13, 0, tzinfo=UTC)
        assert patient(MONDAY_TEN + 2 * hour) == ("paused", 1, due)
        assert patient(MONDAY_TEN + 5 * hour) == ("running", 2, due)
        assert [found for _, page in replay() for found in page] == []
        record = resume(record=record, actor=agent, at=MONDAY_TEN + 2 * hour)
        again = pend(record=record, waiting_for="change", reason="x", actor=agent, at=MONDAY_TEN + 3 * hour)
        assert again.projection is not None
        record = again
        assert patient(MONDAY_TEN + 9 * hour) == ("paused", 2, None)
        assert [found for _, page in replay() for found in page] == []


@pytest.mark.parametrize("until", [MONDAY_TEN, MONDAY_TEN + timedelta(days=999)])
def test_what_is_past_or_far_away_is_not_waited_for(until: datetime) -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
        with pytest.raises(RuleError) as refused:
            pend(record=record, waiting_for="change", reason="x", until=until, actor=agent, at=MONDAY_TEN)
        assert set(refused.value.fields) == {"until"}
        record.refresh_from_db()
        assert (record.state, record.version) == ("new", 1)
