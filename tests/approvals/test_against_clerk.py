"""Whatever is decided, delegated, handed on, left or taken back, in whatever order: as a slow clerk would tell it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Approval, Delegation
from approvals.public import approve, delegate, end_delegation, hand_on, open_approvals, reject, withdraw
from approvals.services.tending import replace_who_left
from lifecycle.public import DomainError
from people.models import Membership
from people.public import Actor, system_actor
from records.models import Record
from requests_app.public import cancel
from sla.public import custody_of
from tenancy.engine.scope import tenant_scope
from tests.approvals.asking import MONDAY_TEN, colleague, level, person, requested
from tests.approvals.clerk import Clerk, Event
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NAMES = "abc"
TODAY = date(2026, 11, 16)
_WHO = st.sampled_from(NAMES)
LEVELS = st.lists(
    st.tuples(
        st.sampled_from(("any", "all", "quorum")),
        st.integers(1, 2),
        st.lists(_WHO, min_size=2, max_size=3, unique=True).map(sorted),
    ),
    min_size=1,
    max_size=2,
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), _WHO, st.sampled_from(("approved", "approved", "rejected"))),
        st.tuples(st.just("decide"), _WHO, st.just("approved")),
        st.tuples(st.just("delegate"), _WHO, _WHO),
        st.tuples(st.just("undelegate"), _WHO),
        st.tuples(st.just("hand_on"), _WHO, _WHO),
        st.tuples(st.just("leave"), _WHO),
        st.tuples(st.just("mend"), st.just("")),
        st.tuples(st.just("cancel"), st.just("")),
    ),
    max_size=14,
)


class Office:
    """The platform, spoken to by the same events as the clerk."""

    def __init__(self, world: World, people: dict[str, Membership], levels: Any) -> None:
        self.world, self.people = world, people
        self.at = MONDAY_TEN
        notation = [
            level(
                f"level-{place}",
                *(person(people[who]) for who in names),
                rule=rule,
                **({"quorum": quorum} if rule == "quorum" else {}),
            )
            for place, (rule, quorum, names) in enumerate(levels)
        ]
        self.record = requested(world, *notation)

    def told(self) -> tuple[list[str], str, dict[str, bool]]:
        states = (
            Approval.objects.filter(record=self.record).order_by("position").values_list("state", flat=True)
        )
        able = {}
        for who, member in self.people.items():
            if Membership.objects.get(pk=member.pk).is_active:
                able[who] = open_approvals(self.world.actor(member), self.at).exists()
            else:
                able[who] = False
        return list(states), Record.objects.get(pk=self.record.pk).state, able

    def try_to(self, event: Event) -> bool:
        """Whether it was done, rather than refused."""
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                return self._do(*event)
        except DomainError:
            return False

    def _do(self, name: str, who: str, *rest: str) -> bool:
        if name in ("leave", "mend", "cancel"):
            return bool(getattr(self, f"_{name}")(who))
        if not Membership.objects.get(pk=self.people[who].pk).is_active:
            return False
        getattr(self, f"_{name}")(self.world.actor(self.people[who]), *rest)
        return True

    def _leave(self, who: str) -> bool:
        return bool(Membership.objects.filter(pk=self.people[who].pk).update(is_active=False))

    def _mend(self, _: str) -> bool:
        robot = system_actor(self.world.tenant.pk)
        for approval in Approval.objects.filter(state="asked"):
            replace_who_left(approval_id=approval.pk, actor=robot, at=self.at)
        return True

    def _cancel(self, _: str) -> bool:
        record = Record.objects.get(pk=self.record.pk)
        if record.state == "awaiting_approval":
            cancel(record=record, reason="No", actor=self.world.actor(self.world.user), at=self.at)
            return bool(withdraw(record_id=record.pk, at=self.at))
        return False

    def _delegate(self, actor: Actor, to: str) -> None:
        delegate(to=self.people[to].email, first_day=TODAY, last_day=TODAY, actor=actor, at=self.at)

    def _undelegate(self, actor: Actor) -> None:
        for row in Delegation.objects.filter(delegator=actor.membership_id, ended_at=None):
            end_delegation(delegation_id=row.pk, actor=actor, at=self.at)

    def _hand_on(self, actor: Actor, to: str) -> None:
        hand_on(approval_id=self._key(), to=self.people[to].email, actor=actor, at=self.at)

    def _decide(self, actor: Actor, said: str) -> None:
        if said == "approved":
            approve(approval_id=self._key(), actor=actor, at=self.at)
        else:
            reject(approval_id=self._key(), reason="No", actor=actor, at=self.at)

    def _key(self) -> UUID:
        rows = Approval.objects.filter(record=self.record).order_by("position")
        return (rows.filter(state="asked").first() or rows[0]).pk


@pytest.fixture
def office() -> tuple[World, dict[str, Membership]]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return world, {name: colleague(name) for name in NAMES}


@settings(
    max_examples=settings.get_profile(settings.get_current_profile_name()).max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(levels=LEVELS, events=EVENTS)
def test_the_platform_and_the_clerk_agree(
    office: tuple[World, dict[str, Membership]], levels: Any, events: list[Event]
) -> None:
    world, people = office
    with tenant_scope(world.tenant.pk, actor="system:test"), transaction.atomic():
        here, clerk = Office(world, people, levels), Clerk(levels)
        for event in events:
            gone = {who for name, who, *_ in clerk.book if name == "leave"}
            if event[0] == "undelegate" and event[1] in gone:
                continue
            expected = clerk.would_accept(event)
            assert here.try_to(event) == expected, (event, clerk.book)
            if expected:
                clerk.book.append(event)
            assert here.told() == clerk.told(NAMES), clerk.book
        record = Record.objects.get(pk=here.record.pk)
        end = record.closed_at or here.at
        assert sum(hold.seconds for hold in custody_of(record, end)) == (end - MONDAY_TEN).total_seconds()
        transaction.set_rollback(True)
