"""The change feed loses nothing, however writers overlap."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction

from incidents.public import Report, raise_incident
from people.public import Actor
from records.public import Change, changes_since
from tenancy.engine.scope import tenant_scope
from tests.support.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def test_a_late_commit_is_told_after_an_early_one() -> None:
    world = build_world()
    slow_wrote, fast_done = threading.Event(), threading.Event()

    def slow() -> None:
        with tenant_scope(world.tenant.pk, actor="system:test"), transaction.atomic():
            raise_incident(report=Report(title="slow"), actor=actor, at=NOW)
            slow_wrote.set()
            fast_done.wait(10)
        connection.close()

    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(world.agent)
        writer = threading.Thread(target=slow)
        with transaction.atomic():
            from_before = changes_since(actor, None, limit=50)
        writer.start()
        slow_wrote.wait(10)
        assert list(changes_since(actor, None, limit=50)) == list(from_before) == []
        fast_done.set()
        writer.join()
        told = _once_told(actor, None)
        assert [change.number for change in told] == ["INC0000001"]
        raise_incident(report=Report(title="next"), actor=actor, at=NOW)
        rest = _once_told(actor, told[-1].cursor)
        assert [change.number for change in rest] == ["INC0000002"]


def _once_told(actor: Actor, cursor: tuple[int, UUID] | None) -> Sequence[Change]:
    """What the feed tells as soon as every older transaction of the server, in whichever database, has ended."""
    deadline = time.monotonic() + 30
    while not (told := changes_since(actor, cursor, limit=50)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return told


def test_overlapping_writers_are_all_told_once() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(world.agent)

    def write(count: int) -> None:
        with tenant_scope(world.tenant.pk, actor="system:test"):
            for number in range(count):
                raise_incident(report=Report(title=f"n{number}"), actor=actor, at=NOW)
        connection.close()

    writers = [threading.Thread(target=write, args=(8,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    cursor = None
    deadline = time.monotonic() + 30
    with tenant_scope(world.tenant.pk, actor="system:test"):
        # What has just been committed is told as soon as every older transaction of the server has ended.
        while len(seen) < 32 and time.monotonic() < deadline:
            page = changes_since(actor, cursor, limit=10)
            seen += [change.number for change in page]
            cursor = page[-1].cursor if page else cursor
    assert sorted(seen) == [f"INC{number:07d}" for number in range(1, 33)]
