"""The time a provider has: its own target's or the customer's, whichever leaves less, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.public import Report, assign, get_incident, pend, raise_incident, resolve
from people.public import get_group
from records.models import Record
from sla.engine import budget
from sla.public import TargetTerms, budget_of, budget_on_hand_over, clocks_of, define_target
from tenancy.engine.scope import tenant_scope
from tests.support.world import LONG_AGO, World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
HOUR = 3600


@dataclass(frozen=True)
class _Clock:
    kind: str
    metric: str = "resolution"
    state: str = "running"
    party: str | None = None
    duration: int = 100
    remaining: int = 50


_clocks = st.lists(
    st.builds(
        _Clock,
        kind=st.sampled_from(("sla", "ola", "uc")),
        metric=st.sampled_from(("resolution", "fulfilment", "response")),
        state=st.sampled_from(("running", "paused", "stopped", "superseded")),
        party=st.sampled_from(("us", "them", "desk", None)),
        remaining=st.integers(-50, 50),
    ),
    max_size=6,
)


@given(clocks=_clocks)
def test_the_budget_is_the_least_of_the_own_and_the_customers(clocks: list[_Clock]) -> None:
    found = budget(clocks=clocks, group="desk", provider="us")
    counted = [
        clock.remaining
        for clock in clocks
        if clock.state in ("running", "paused")
        and clock.metric != "response"
        and (clock.kind == "sla" or (clock.kind, clock.party) in (("ola", "desk"), ("uc", "us")))
    ]
    assert (None if found is None else found.seconds) == min(counted, default=None)
    if found is not None:
        named = found.customer if found.limited_by == "customer" else found.own
        assert named is not None
        assert named.remaining == found.seconds


def test_between_equals_the_customer_is_named() -> None:
    found = budget(clocks=[_Clock("sla"), _Clock("uc", party="us")], group=None, provider="us")
    assert found is not None
    assert found.limited_by == "customer"


def test_a_party_that_is_nobody_has_no_target_of_its_own() -> None:
    assert budget(clocks=[_Clock("ola"), _Clock("uc")], group=None, provider=None) is None


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        for code, kind, scope, hours in (
            ("network-uc", "uc", {"provider": [str(built.supplier.pk)]}, 3),
            ("desk-ola", "ola", {"support_group": [str(built.desk_group.pk)]}, 2),
        ):
            define_target(
                code=code,
                name=code,
                terms=TargetTerms(
                    kind=kind,
                    metric="resolution",
                    duration=hours * HOUR,
                    calendar=built.calendar,
                    scope=scope,
                ),
                effective_from=LONG_AGO,
            )
        yield built


def _raised(world: World) -> Record:
    agent = world.actor(world.agent)
    made = raise_incident(
        report=Report(title="x", impact=1, urgency=1, service="email"), actor=agent, at=MONDAY_TEN
    )
    return get_incident(agent, made.number)


@pytest.mark.django_db
def test_whoever_holds_it_sees_its_own_target_beside_the_customers(world: World) -> None:
    record, at = _raised(world), MONDAY_TEN + timedelta(minutes=30)
    found = budget_of(record, clocks_of(record, at))
    assert found is not None
    assert (found.seconds, found.limited_by) == (int(1.5 * HOUR), "own")
    assert found.customer is not None
    assert (found.customer.remaining, found.customer.duration) == (int(3.5 * HOUR), 4 * HOUR)


@pytest.mark.django_db
def test_before_handing_over_it_is_known_what_the_group_would_have(world: World) -> None:
    record, at = _raised(world), MONDAY_TEN + timedelta(hours=3)
    group = get_group(world.network_group.pk)
    assert group is not None
    before = budget_on_hand_over(record, group, at)
    assert before is not None
    # An hour of the customer's four is left, and none of the supplier's own three is used.
    assert (before.seconds, before.limited_by) == (HOUR, "customer")
    assert before.own is not None
    assert (before.own.kind, before.own.remaining) == ("uc", 3 * HOUR)
    agent = world.actor(world.agent)
    assign(record=record, support_group=world.network_group.code, actor=agent, at=at)
    record = get_incident(agent, record.number)
    assert budget_of(record, clocks_of(record, at)) == before


@pytest.mark.django_db
def test_handing_over_what_was_paused_counts_it_as_going_on(world: World) -> None:
    record, agent = _raised(world), world.actor(world.agent)
    pend(record=record, waiting_for="requester", comment="When?", actor=agent, at=MONDAY_TEN)
    record = get_incident(agent, record.number)
    group = get_group(world.network_group.pk)
    assert group is not None
    at = MONDAY_TEN + timedelta(hours=2)
    found = budget_on_hand_over(record, group, at)
    assert found is not None
    assert found.customer is not None
    assert found.customer.remaining == 4 * HOUR


@pytest.mark.django_db
def test_what_is_resolved_needs_no_budget(world: World) -> None:
    record, agent = _raised(world), world.actor(world.agent)
    done = resolve(record=record, resolution_code="fixed", resolution="x", actor=agent, at=MONDAY_TEN)
    assert budget_of(done, clocks_of(done, MONDAY_TEN)) is None
