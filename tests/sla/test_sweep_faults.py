"""The sweep when it was away, and while others edit definitions and take steps. Real time, real threads."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from calendars.public import define_calendar
from incidents.public import Report, pend, raise_incident, resume
from outbox.engine import registry
from outbox.engine.registry import subscribe
from people.public import Actor
from records.models import Record
from sla.models import Clock
from sla.public import TargetTerms, define_target
from sla.services.replay import replay
from sla.services.sweep import sweep_once
from tenancy.engine.scope import platform_scope, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _someone_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_subscribers", {})
    subscribe("ear", frozenset({"clock.warned", "clock.breached"}), lambda _message: None)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _promise(world: World, seconds: int, effective_from: datetime, **more: Any) -> None:
    if not Clock.objects.exists():
        define_calendar(
            code="always",
            name="Always",
            definition={"zone": "UTC", "always": True},
            effective_from=effective_from,
        )
    from_calendar = type(world.calendar).objects.get(code="always")
    terms = TargetTerms(
        kind="sla",
        metric="fulfilment",
        duration=seconds,
        calendar=from_calendar,
        scope={"kind": ["incident"]},
        **more,
    )
    define_target(code="quick", name="Quick", terms=terms, effective_from=effective_from)


def _raised(world: World, at: datetime) -> Record:
    return raise_incident(report=Report(title="x"), actor=world.actor(world.agent), at=at)


def _told() -> list[tuple[str, int, datetime, int | None]]:
    """What was told about the quick target: clock, percent, instant, seconds late."""
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload ->> 'clock', (payload ->> 'percent')::int, at, (payload ->> 'late_seconds')::int"
            " FROM outbox_message WHERE kind LIKE 'clock.%' AND payload ->> 'code' = 'quick' ORDER BY id"
        )
        return list(cursor.fetchall())


def _at_once(*works: Callable[[], object]) -> None:
    """Run all at the same time, each with a connection of its own; re-raise what any of them raises."""
    failures: list[BaseException] = []
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            ready.wait(10)
            work()
        except BaseException as error:  # noqa: BLE001  it is raised again below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures:
        raise failure


def _sweep_all() -> None:
    while sweep_once(batch=7):
        pass


def test_dead_for_an_hour_breaches_are_true_warnings_marked_late_and_nothing_doubled(world: World) -> None:
    now = timezone.now().replace(microsecond=0)
    # Two hours of the clock, three of them gone: breached an hour ago, and nobody was there to say so.
    _promise(world, 7200, now - timedelta(days=1), warn_at=(50, 90))
    records = [_raised(world, now - 3 * HOUR - timedelta(seconds=n)) for n in range(20)]
    # This one reaches its first warning just now.
    punctual = _raised(world, now - HOUR - timedelta(seconds=5))
    _at_once(*[_sweep_all] * 4)
    _sweep_all()
    told = _told()
    clocks = {str(row.pk): row for row in Clock.objects.filter(code="quick")}
    by_record = {row.record_id: row for row in clocks.values()}
    assert Counter((clock, percent) for clock, percent, _, _ in told) == {
        (str(by_record[record.pk].pk), percent): 1 for record in records for percent in (50, 90, 100)
    } | {(str(by_record[punctual.pk].pk), 50): 1}
    for clock, percent, at, late in told:
        row = clocks[clock]
        assert at == row.started_at + timedelta(seconds=72 * percent)
        if row.record_id == punctual.pk:
            assert late is None
            continue
        assert late is not None
        # The tests' machine may be slow; a minute is not much of an hour.
        assert 0 <= late - (now - at).total_seconds() <= 60
        if percent == 100:
            assert (row.breached_at, row.due_at) == (at, at)
            assert late >= 3600
    _at_once(*[_sweep_all] * 4)
    assert len(_told()) == len(told)
    assert [found for _, page in replay() for found in page] == []


def _stepped(record: Record, actor: Actor) -> Record:
    """The record after it was paused, or went on."""
    at = timezone.now()
    if record.phase == "pending":
        return resume(record=record, actor=actor, at=at)
    return pend(record=record, waiting_for="change", reason="x", actor=actor, at=at)


def test_steps_and_edits_while_the_sweep_runs_leave_it_true(world: World) -> None:
    begin = timezone.now()
    _promise(world, 2, begin - timedelta(days=1), pause_on=("pending",))
    records = [_raised(world, timezone.now()) for _ in range(6)]
    tenant, agent = world.tenant.pk, world.actor(world.agent)
    stopping = threading.Event()

    def sweep() -> None:
        while not stopping.is_set():
            if not sweep_once(batch=3):
                time.sleep(0.01)

    def take_steps() -> None:
        end = time.monotonic() + 4
        try:
            with tenant_scope(tenant, actor="system:test"):
                while time.monotonic() < end:
                    records[:] = [_stepped(record, agent) for record in records]
        finally:
            stopping.set()

    def edit() -> None:
        with tenant_scope(tenant, actor="system:test"):
            for seconds in (3, 1):
                _promise(world, seconds, timezone.now() + timedelta(seconds=1), pause_on=("pending",))
                time.sleep(1.2)
                _raised(world, timezone.now())

    _at_once(sweep, sweep, take_steps, edit)
    time.sleep(3)
    _sweep_all()
    told = _told()
    assert len(told) == len({(clock, percent, at) for clock, percent, at, _ in told})
    breaches = {clock: at for clock, percent, at, _ in told if percent == 100}
    clocks = list(Clock.objects.filter(code="quick"))
    assert {row.duration for row in clocks} == {2, 3, 1}
    overdue = [row for row in clocks if row.due_at is not None and row.due_at <= timezone.now()]
    assert overdue
    for row in overdue:
        assert row.breached_at == row.due_at == breaches[str(row.pk)]
    assert [found for _, page in replay() for found in page] == []


def test_points_of_one_second_are_all_told_though_a_step_comes_between_them(world: World) -> None:
    now = timezone.now()
    _promise(world, 1, now - timedelta(days=1), pause_on=("pending",))
    record = _raised(world, now - timedelta(seconds=10))
    assert sweep_once(batch=1) == 1
    _stepped(record, world.actor(world.agent))
    _sweep_all()
    assert [percent for _, percent, _, _ in _told()] == [50, 75, 90, 100]
