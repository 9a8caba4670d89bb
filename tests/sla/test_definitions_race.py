"""Steps that race a version with effect from earlier: whoever comes second, all is measured by that version."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from incidents.public import Report, assign, get_incident, pend, raise_incident
from people.public import Actor
from records.models import Record
from sla.models import Clock, Target, TargetVersion
from sla.services.book import definitions
from sla.services.edit_target import TargetDraft, add_target_version
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 15.0
HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        # A version may hold from before now where there was something before.
        raise_incident(
            report=Report(title="Old", service="email"),
            actor=built.actor(built.agent),
            at=timezone.now() - timedelta(days=2),
        )
        yield built


def _agent(world: World) -> Actor:
    """The agent, as a request finds them: with the version of this moment."""
    return world.actor(world.agent)


def _raise(actor: Actor) -> Record:
    return raise_incident(report=Report(title="Mail", service="email"), actor=actor, at=timezone.now())


def _change(world: World, hours: int = 30) -> None:
    """Let the rest's resolution target hold other hours from a minute ago on."""
    now = timezone.now()
    add_target_version(
        target=Target.objects.get(code="resolution-rest"),
        draft=TargetDraft(terms={"duration": hours * HOUR}, effective_from=now - timedelta(minutes=1)),
        actor=world.actor(world.administrator),
        at=now,
    )


def _durations(record: Record) -> set[int]:
    """What the clocks that count promise a solution in, as stored."""
    rows = Clock.objects.filter(record=record, metric="resolution").exclude(state="superseded")
    return set(rows.values_list("duration", flat=True))


def _in_thread(scope: Any, work: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with scope:
                work()
        except BaseException as error:  # noqa: BLE001  told to the test
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failed


def _until_done_or_waiting(thread: threading.Thread) -> bool:
    """Wait until a thread ended, or stands before a lock of another; whether it stands."""
    until = time.monotonic() + PATIENCE_S
    while thread.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False


def _done(thread: threading.Thread, failed: list[BaseException]) -> None:
    thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()
    assert failed == []


def test_a_step_that_began_before_is_measured_by_what_was_saved_meanwhile(world: World) -> None:
    """The engineer's definitions are kept by themselves, so nobody else's reading makes them new."""
    record = _raise(_agent(world))
    assign(record=record, support_group="network", actor=_agent(world), at=timezone.now())
    actor = world.actor(world.engineer)
    with enter_scope(actor.scope()):
        definitions()
        # Found before, as in a request; its lock is taken by the step.
        loaded = get_incident(actor, record.number)
    _change(world)
    with enter_scope(actor.scope()):
        pend(record=loaded, waiting_for="requester", comment="Which?", actor=actor, at=timezone.now())
    assert _durations(record) == {30 * HOUR}


def test_a_record_whose_raising_began_before_is_measured_by_what_was_saved_meanwhile(world: World) -> None:
    actor = replace(world.actor(world.engineer), permissions=_agent(world).permissions)
    with enter_scope(actor.scope()):
        definitions()
    _change(world)
    with enter_scope(actor.scope()):
        record = _raise(actor)
    assert _durations(record) == {30 * HOUR}
    assert record.projection is not None
    assert {clock.duration for clock in record.projection.clocks if clock.metric == "resolution"} == {
        30 * HOUR
    }


def test_who_raises_while_a_version_is_written_waits_for_it(world: World) -> None:
    actor, made = _agent(world), []
    with transaction.atomic():
        _change(world)
        thread, failed = _in_thread(enter_scope(actor.scope()), lambda: made.append(_raise(actor)))
        assert _until_done_or_waiting(thread)
    _done(thread, failed)
    assert _durations(made[0]) == {30 * HOUR}


def test_who_acts_while_a_version_is_written_that_is_thrown_away_is_measured_as_before(world: World) -> None:
    actor, made = _agent(world), []
    before = _durations(_raise(actor))
    with transaction.atomic():
        _change(world)
        thread, failed = _in_thread(enter_scope(actor.scope()), lambda: made.append(_raise(actor)))
        _until_done_or_waiting(thread)
        transaction.set_rollback(True)
    _done(thread, failed)
    assert _durations(made[0]) == before != {30 * HOUR}


def test_a_version_waits_for_records_that_are_being_raised(world: World) -> None:
    actor = _agent(world)
    with transaction.atomic():
        with enter_scope(actor.scope()):
            record = _raise(actor)
        thread, failed = _in_thread(
            tenant_scope(world.tenant.pk, actor="system:test"), lambda: _change(world)
        )
        assert _until_done_or_waiting(thread)
    _done(thread, failed)
    assert _durations(record) == {30 * HOUR}


def test_many_who_act_and_define_at_once_end_measured_by_the_last_version(world: World) -> None:
    """And nobody waits for somebody who waits for them."""
    records = [_raise(_agent(world)) for _ in range(3)]
    lock, began = threading.Lock(), threading.Barrier(4)

    def act() -> None:
        began.wait(timeout=PATIENCE_S)
        for turn in range(4):
            actor = _agent(world)
            with enter_scope(actor.scope()):
                made = _raise(actor)
                group = "network" if turn % 2 else "service-desk"
                assign(
                    record=get_incident(actor, made.number),
                    support_group=group,
                    actor=actor,
                    at=timezone.now(),
                )
            with lock:
                records.append(made)

    def define() -> None:
        began.wait(timeout=PATIENCE_S)
        for hours in (20, 25, 30):
            time.sleep(1.01)  # versions begin at whole seconds, each at one of its own
            _change(world, hours)

    def scope() -> Any:
        return tenant_scope(world.tenant.pk, actor="system:test")

    threads = [_in_thread(scope(), work) for work in (act, act, act, define)]
    for thread, failed in threads:
        _done(thread, failed)
    newest = TargetVersion.objects.filter(target__code="resolution-rest").order_by("-effective_from")[0]
    assert newest.duration == 30 * HOUR
    wrong = {record.number: found for record in records if (found := _durations(record)) != {30 * HOUR}}
    assert wrong == {}
