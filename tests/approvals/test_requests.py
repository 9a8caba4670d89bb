"""Approving requests: whom a level asks, what decisions lead to, and who had the request meanwhile."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from approvals.models import Approval, Approver
from approvals.public import (
    approve,
    ask,
    assign_approver,
    delegate,
    end_delegation,
    hand_on,
    levels_of,
    open_approvals,
    reject,
)
from approvals.services.delegations import show_what_begins
from approvals.services.questions import answered
from approvals.services.tending import look_at_due, replace_who_left
from approvals.tasks import look_at_due_approvals, mend_approvals
from lifecycle.public import (
    ForbiddenError,
    IllegalStepError,
    MissingFieldError,
    NotFoundError,
    RuleError,
    StaleVersionError,
)
from outbox.models import Message
from people.models import Membership
from people.public import system_actor
from records.models import Record
from records.public import get_record, steps_of
from requests_app.public import cancel, comment
from sla.public import custody_of
from tenancy.engine.scope import tenant_scope
from tests.approvals.asking import MONDAY_TEN, colleague, level, person, requested
from tests.requests_app.fulfilment import deliver
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
MANAGER: dict[str, Any] = {"manager": True}
LATER = MONDAY_TEN + timedelta(hours=1)


@pytest.fixture
def world() -> Iterator[World]:
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        boss = colleague("boss")
        Membership.objects.filter(pk=made.user.pk).update(manager=boss)
        yield made


def boss_of(world: World) -> Membership:
    return Membership.objects.get(email="boss@defra.example")


def the(record: Record, position: int = 1) -> Approval:
    return Approval.objects.get(record=record, position=position)


def again(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def test_a_manager_approves_and_the_request_begins(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    assert record.state == "awaiting_approval"
    boss = world.actor(boss_of(world), "portal")
    assert [each.pk for each in open_approvals(boss, LATER)] == [the(record).pk]
    # Who is asked sees it; who else works here does not see it as theirs.
    assert get_record(boss, record.number).pk == record.pk
    approve(approval_id=the(record).pk, reason="She needs it", actor=boss, at=LATER)
    assert again(record).state == "fulfilling"
    entry = steps_of(record.pk)[-1]
    assert (entry.verb, entry.actor_id) == ("request:approve", boss.membership_id)
    assert entry.facts["approval"] == [None, "Manager"]
    assert entry.facts["reason"] == [None, "She needs it"]
    holds = [(hold.party_kind, hold.seconds) for hold in custody_of(again(record), LATER)]
    assert [kind for kind, _ in holds] == ["approver", "group"]
    assert ("approver", 3600) in holds
    assert Message.objects.filter(kind="request.begun", record_id=record.pk).count() == 1
    assert not open_approvals(boss, LATER).exists()


def test_a_rejection_ends_it_and_asks_nobody_else(world: World) -> None:
    record = requested(world, level("manager", MANAGER), level("desk", {"group": "service-desk"}))
    boss = world.actor(boss_of(world), "portal")
    with pytest.raises(MissingFieldError):
        reject(approval_id=the(record).pk, reason=" ", actor=boss, at=LATER)
    reject(approval_id=the(record).pk, reason="Too dear", actor=boss, at=LATER)
    assert again(record).state == "rejected"
    assert [each.state for each in levels_of(record)] == ["rejected", "withdrawn"]
    assert [hold.party_kind for hold in custody_of(again(record), LATER)][-1] == "approver"
    with pytest.raises(IllegalStepError, match="Boss has rejected this already"):
        approve(approval_id=the(record).pk, actor=boss, at=LATER)


def test_levels_are_asked_one_after_another_and_only_those_called_for(world: World) -> None:
    dear = {"field": "cost", "at_least": 100_000}
    very = {"field": "cost", "at_least": 10_000_000}
    record = requested(
        world,
        level("manager", MANAGER, when=dear),
        level("board", person(world.administrator), when=very),
        level("desk", {"group": "service-desk"}),
        price="600.00",
        quantity=2,
    )
    assert [each.name for each in levels_of(record)] == ["Manager", "Desk"]
    agent = world.actor(world.agent)
    with pytest.raises(ForbiddenError):
        approve(approval_id=the(record).pk, actor=agent, at=LATER)
    approve(approval_id=the(record).pk, actor=world.actor(boss_of(world)), at=LATER)
    assert again(record).state == "awaiting_approval"
    approve(approval_id=the(record, 2).pk, actor=agent, at=LATER)
    assert again(record).state == "fulfilling"


def test_nobody_is_asked_where_no_level_is_called_for(world: World) -> None:
    record = requested(world, level("manager", MANAGER, when={"field": "cost", "at_least": 1}))
    assert record.state == "fulfilling"
    assert not Approval.objects.exists()


def test_a_requester_who_qualifies_is_not_asked_but_nobody_approves_what_is_for_themselves(
    world: World,
) -> None:
    boss = boss_of(world)
    mine = requested(
        world,
        level("manager", MANAGER, skip_if_qualified=True),
        by=boss,
        requested_for=world.user.email,
    )
    assert mine.state == "fulfilling"
    # Without those words somebody above is asked; there is nobody above, so the desk must see to it.
    stuck = requested(world, level("manager", MANAGER), by=boss, requested_for=world.user.email, code="other")
    assert the(stuck).lacks_approvers
    assert [hold.party_kind for hold in custody_of(stuck, LATER)][-1] == "group"
    agent = world.actor(world.agent)
    with pytest.raises(RuleError):
        assign_approver(
            approval_id=the(stuck).pk, email=world.user.email, reason="Somebody", actor=agent, at=LATER
        )
    assign_approver(
        approval_id=the(stuck).pk,
        email=world.administrator.email,
        reason="The manager asked for it",
        actor=agent,
        at=LATER,
    )
    assert not the(stuck).lacks_approvers
    assert [hold.party_kind for hold in custody_of(again(stuck), LATER)][-1] == "approver"
    with pytest.raises(NotFoundError):
        approve(approval_id=the(stuck).pk, actor=world.actor(world.other_user), at=LATER)
    approve(approval_id=the(stuck).pk, actor=world.actor(world.administrator), at=LATER)
    assert again(stuck).state == "fulfilling"


def test_a_delegate_decides_in_the_delegator_s_stead_and_the_audit_names_both(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    boss, other = world.actor(boss_of(world)), world.actor(world.other_user, "portal")
    with pytest.raises(NotFoundError):
        approve(approval_id=the(record).pk, actor=other, at=LATER)
    today = date(2026, 11, 16)
    made = delegate(to=world.other_user.email, first_day=today, last_day=today, actor=boss, at=MONDAY_TEN)
    assert get_record(other, record.number).pk == record.pk
    assert not open_approvals(other, MONDAY_TEN + timedelta(days=1)).exists()
    assert [each.pk for each in open_approvals(other, LATER)] == [the(record).pk]
    approve(approval_id=the(record).pk, actor=other, at=LATER)
    entry = steps_of(record.pk)[-1]
    assert (entry.actor_name, entry.facts["in_stead_of"]) == ("Other", [None, "Boss"])
    assert Approver.objects.get(approval__record=record).decided_by_id == world.other_user.pk
    assert end_delegation(delegation_id=made.pk, actor=boss, at=LATER).ended_at == LATER
    with pytest.raises(NotFoundError):
        end_delegation(delegation_id=made.pk, actor=other, at=LATER)


def test_a_delegation_that_ended_gives_nothing(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    boss, other = world.actor(boss_of(world)), world.actor(world.other_user)
    days = {"first_day": date(2026, 11, 17), "last_day": date(2026, 11, 18)}
    made = delegate(to=world.other_user.email, **days, actor=boss, at=MONDAY_TEN)
    with pytest.raises(NotFoundError):
        approve(approval_id=the(record).pk, actor=other, at=LATER)
    tuesday = MONDAY_TEN + timedelta(days=1)
    assert show_what_begins(day=days["first_day"]) == 1
    assert get_record(other, record.number).pk == record.pk
    end_delegation(delegation_id=made.pk, actor=boss, at=tuesday)
    with pytest.raises(NotFoundError):
        approve(approval_id=the(record).pk, actor=other, at=tuesday)


@pytest.mark.parametrize(
    ("to", "first", "last", "field"),
    [
        ("nobody@defra.example", 16, 17, "delegate"),
        ("boss@defra.example", 16, 17, "delegate"),
        ("engineer@defra.example", 16, 17, "delegate"),
        ("other@defra.example", 15, 17, "first_day"),
        ("other@defra.example", 18, 17, "last_day"),
        ("other@defra.example", 20, 21, "first_day"),
    ],
)
def test_what_cannot_be_delegated_is_told_by_field(
    world: World, to: str, first: int, last: int, field: str
) -> None:
    boss = world.actor(boss_of(world))
    delegate(
        to=world.other_user.email,
        first_day=date(2026, 11, 19),
        last_day=date(2026, 11, 20),
        actor=boss,
        at=MONDAY_TEN,
    )
    with pytest.raises(RuleError) as refused:
        delegate(
            to=to,
            first_day=date(2026, 11, first),
            last_day=date(2026, 11, last),
            actor=boss,
            at=MONDAY_TEN,
        )
    assert list(refused.value.fields) == [field]


def test_one_approval_is_handed_on_and_taken_back(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    boss, other = world.actor(boss_of(world)), world.actor(world.other_user)
    hand_on(approval_id=the(record).pk, to=world.other_user.email, actor=boss, at=LATER)
    with pytest.raises(ForbiddenError):
        approve(approval_id=the(record).pk, actor=boss, at=LATER)
    with pytest.raises(ForbiddenError):
        hand_on(approval_id=the(record).pk, to=world.administrator.email, actor=other, at=LATER)
    hand_on(approval_id=the(record).pk, to=boss.email, actor=boss, at=LATER)
    approve(approval_id=the(record).pk, actor=boss, at=LATER)
    assert again(record).state == "fulfilling"


def test_a_question_is_asked_in_the_thread_and_answered_there(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    boss, user = world.actor(boss_of(world)), world.actor(world.user, "portal")
    ask(approval_id=the(record).pk, body="What is it for?", actor=boss, at=LATER)
    asked = steps_of(record.pk)[-1]
    assert (asked.verb, "comment" in asked.facts) == ("request:ask", True)
    # Asking says nothing that answers.
    assert answered(record_id=record.pk, entry=str(asked.pk)) == 0
    comment(record=again(record), body="Field work", actor=user, at=LATER + timedelta(minutes=5))
    deliver()
    ((question,),) = [each.questions for each in levels_of(record)]
    assert question.answered_at == LATER + timedelta(minutes=5)
    (told,) = Message.objects.filter(kind="approval.answered")
    assert told.payload["members"] == [str(boss.membership_id)]


def test_reminders_and_escalation_come_in_the_service_s_hours(world: World) -> None:
    record = requested(
        world,
        level(
            "manager",
            MANAGER,
            remind_after="PT4H",
            escalate_after="PT8H",
            escalate_to=[person(world.administrator)],
        ),
    )
    assert the(record).next_at == MONDAY_TEN + timedelta(hours=4)
    robot = system_actor(world.tenant.pk)
    at = the(record).next_at
    assert at is not None
    assert look_at_due(approval_id=the(record).pk, actor=robot, at=at - timedelta(seconds=1)) == ""
    assert look_at_due(approval_id=the(record).pk, actor=robot, at=at) == "reminded"
    assert look_at_due(approval_id=the(record).pk, actor=robot, at=at) == ""
    (told,) = Message.objects.filter(kind="approval.reminded")
    assert told.payload["members"] == [str(boss_of(world).pk)]
    # Eight hours of the office: from ten on Monday to ten on Tuesday.
    tuesday_ten = MONDAY_TEN + timedelta(days=1)
    assert the(record).escalate_at == tuesday_ten
    assert look_at_due(approval_id=the(record).pk, actor=robot, at=tuesday_ten) == "escalated"
    chief = world.actor(world.administrator)
    assert [each.pk for each in open_approvals(chief, tuesday_ten)] == [the(record).pk]
    approve(approval_id=the(record).pk, actor=chief, at=tuesday_ten)
    assert again(record).state == "fulfilling"
    assert look_at_due(approval_id=the(record).pk, actor=robot, at=tuesday_ten + timedelta(days=9)) == ""


def test_somebody_is_asked_in_the_place_of_an_approver_who_left(world: World) -> None:
    record = requested(
        world,
        level("manager", MANAGER, escalate_after="PT8H", escalate_to=[person(world.administrator)]),
    )
    robot, boss = system_actor(world.tenant.pk), boss_of(world)
    assert not replace_who_left(approval_id=the(record).pk, actor=robot, at=LATER)
    Membership.objects.filter(pk=boss.pk).update(is_active=False)
    assert replace_who_left(approval_id=the(record).pk, actor=robot, at=LATER)
    assert not replace_who_left(approval_id=the(record).pk, actor=robot, at=LATER)
    (only,) = levels_of(record)
    assert [(each.name, each.has_left) for each in only.seats] == [("Boss", True), ("Administrator", False)]
    approve(approval_id=the(record).pk, actor=world.actor(world.administrator), at=LATER)
    assert again(record).state == "fulfilling"


def test_the_sweeps_find_what_is_due_in_every_tenant(world: World) -> None:
    record = requested(world, level("manager", MANAGER, remind_after="PT1M"))
    Membership.objects.filter(pk=boss_of(world).pk).update(is_active=False)
    Approval.objects.filter(record=record).update(next_at=MONDAY_TEN - timedelta(days=9000))
    # As the beat calls them: outside of any tenant, by the clock.
    assert look_at_due_approvals() == 1
    assert mend_approvals() == 1
    assert the(record).lacks_approvers


def test_a_cancelled_request_asks_nobody_any_more(world: World) -> None:
    record = requested(world, level("manager", MANAGER))
    boss = world.actor(boss_of(world))
    cancel(record=record, reason="Not needed", actor=world.actor(world.user), at=LATER)
    # Even before the message has come through.
    with pytest.raises(IllegalStepError, match="Nobody is asked"):
        approve(approval_id=the(record).pk, actor=boss, at=LATER)
    deliver()
    assert [each.state for each in levels_of(record)] == ["withdrawn"]
    assert again(record).state == "cancelled"


def test_what_was_seen_is_what_is_decided(world: World) -> None:
    record = requested(world, level("both", MANAGER, {"group": "service-desk"}, rule="all"))
    boss, agent = world.actor(boss_of(world)), world.actor(world.agent)
    seen = the(record).version
    approve(approval_id=the(record).pk, actor=boss, at=LATER, seen_version=seen)
    with pytest.raises(StaleVersionError):
        approve(approval_id=the(record).pk, actor=agent, at=LATER, seen_version=seen)
    with pytest.raises(IllegalStepError, match="You have decided this already"):
        approve(approval_id=the(record).pk, actor=boss, at=LATER)
    approve(approval_id=the(record).pk, actor=agent, at=LATER)
    assert again(record).state == "fulfilling"


def test_suppliers_neither_decide_nor_are_asked(world: World) -> None:
    record = requested(world, level("network", {"group": "network"}))
    assert the(record).lacks_approvers
    assert not Approver.objects.exists()
    with tenant_scope(world.tenant.pk, actor="system:test"), pytest.raises((ForbiddenError, NotFoundError)):
        approve(approval_id=the(record).pk, actor=world.actor(world.engineer), at=LATER)


def test_whom_a_plan_names_must_be_there_when_it_is_published(world: World) -> None:
    names = [
        {"role": "captain"},
        {"group": "navy"},
        {"person": "nobody@defra.example"},
        person(world.engineer),
        {"role": "administrator"},
    ]
    with pytest.raises(RuleError) as refused:
        requested(world, level("manager", *names))
    assert list(refused.value.fields) == [f"approval.levels.0.by.{place}" for place in range(4)]
