"""Replay names what is stored and is not what the audit says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from incidents.public import Report, assign, raise_incident
from records.models import Record
from sla.models import Clock, Hold
from sla.services.replay import Difference, replay
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


@pytest.fixture
def record(world: World) -> Record:
    agent = world.actor(world.agent)
    record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
    assign(
        record=record,
        support_group=world.network_group.code,
        actor=agent,
        at=MONDAY_TEN + timedelta(minutes=5),
    )
    return record


def _differences() -> list[Difference]:
    return [difference for _, page in replay() for difference in page]


@pytest.mark.usefixtures("record")
def test_what_the_steps_left_is_what_the_audit_says() -> None:
    assert Clock.objects.exists()
    assert Hold.objects.count() == 2
    assert [count for count, _ in replay()] == [1]
    assert _differences() == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["due_at", "started_at"])
def test_moved_instant_is_named(record: Record, name: str) -> None:
    clock = Clock.objects.filter(record=record, metric="resolution", kind="sla").get()
    was = getattr(clock, name)
    moved = was + timedelta(seconds=1)
    Clock.objects.filter(pk=clock.pk).update(**{name: moved})
    assert _differences() == [Difference(record.number, f"clock {clock.code} {name}", moved, was)]


def test_missing_and_strange_clocks_are_named(record: Record) -> None:
    clock = Clock.objects.filter(record=record, metric="response", kind="sla").get()
    Clock.objects.filter(pk=clock.pk).update(matched_at=clock.matched_at + timedelta(minutes=1))
    assert _differences() == [
        Difference(record.number, f"clock {clock.code}", "stored", "not computed"),
        Difference(record.number, f"clock {clock.code}", "missing", "computed"),
    ]


def test_altered_custody_is_named(record: Record) -> None:
    Hold.objects.filter(record=record, position=1).update(party_kind="requester")
    (difference,) = _differences()
    assert (difference.number, difference.what) == (record.number, "custody")
    assert difference.stored != difference.computed


@pytest.mark.usefixtures("record")
def test_only_what_was_opened_in_the_time_asked_for_is_replayed() -> None:
    assert list(replay(start=MONDAY_TEN + timedelta(seconds=1))) == []
    assert list(replay(end=MONDAY_TEN)) == []
    assert list(replay(start=MONDAY_TEN, end=MONDAY_TEN + timedelta(seconds=1))) == [(1, [])]
