"""Messages arrive in order per record, at least once, and never get lost."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from outbox.engine import registry
from outbox.engine.registry import Delivered, subscribe
from outbox.public import dispatch_batch, publish, release_expired_leases, replay
from tenancy.engine.identity import uuid7
from tenancy.engine.scope import platform_scope, tenant_scope
from tests.support.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """A lone subscriber to `test.*` messages that fails on the word "fail"."""
    monkeypatch.setattr(registry, "_subscribers", {})
    got: list[tuple[str, int]] = []

    def handle(message: Delivered) -> None:
        if message.payload.get("fail"):
            raise RuntimeError("subscriber is down")
        got.append((str(message.record_id), message.payload["n"]))

    subscribe("ear", frozenset({"test.thing"}), handle)
    return got


def _statuses() -> list[str]:
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM outbox_delivery ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_order_per_record_and_a_failure_stops_its_own_lane_only(heard: list[tuple[str, int]]) -> None:
    world = build_world()
    one, two = uuid7(), uuid7()
    with tenant_scope(world.tenant.pk):
        for number in range(3):
            publish(kind="test.thing", record_id=one, at=NOW, payload={"n": number, "fail": number == 1})
            publish(kind="test.thing", record_id=two, at=NOW, payload={"n": number})
    while dispatch_batch():
        pass
    assert [n for record, n in heard if record == str(two)] == [0, 1, 2]
    assert [n for record, n in heard if record == str(one)] == [0]
    assert sorted(_statuses()) == ["done"] * 4 + ["pending"] * 2


def test_one_message_that_spoils_a_batch_stops_its_own_lane_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_subscribers", {})
    batches: list[list[int]] = []

    def handle_all(messages: Sequence[Delivered]) -> dict[int, Exception]:
        batches.append([message.payload["n"] for message in messages])
        if any(message.payload["n"] == 1 for message in messages):
            raise RuntimeError("subscriber is down")
        return {
            message.message_id: RuntimeError("not this one")
            for message in messages
            if message.payload["n"] == 2
        }

    def handle(message: Delivered) -> None:
        for error in handle_all([message]).values():
            raise error

    subscribe("ear", frozenset({"test.thing"}), handle, handle_all=handle_all)
    world = build_world()
    with tenant_scope(world.tenant.pk):
        for number in range(4):
            publish(kind="test.thing", record_id=uuid7(), at=NOW, payload={"n": number})
    assert dispatch_batch() == 4
    assert batches == [[0, 1, 2, 3], [0], [1], [2], [3]]
    assert _statuses() == ["done", "pending", "pending", "done"]
    with tenant_scope(world.tenant.pk):
        publish(kind="test.thing", record_id=uuid7(), at=NOW, payload={"n": 2})
        publish(kind="test.thing", record_id=uuid7(), at=NOW, payload={"n": 5})
    assert dispatch_batch() == 2
    assert batches[5:] == [[2, 5]]
    assert _statuses()[4:] == ["pending", "done"]


def test_a_handler_is_told_when_a_message_may_have_been_handled_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_subscribers", {})
    told: list[bool] = []

    def handle(message: Delivered) -> None:
        told.append(message.is_first)
        raise RuntimeError("subscriber is down")

    subscribe("ear", frozenset({"test.thing"}), handle)
    world = build_world()
    with tenant_scope(world.tenant.pk):
        publish(kind="test.thing", record_id=uuid7(), at=NOW)
    dispatch_batch()
    _set("next_at = now()")
    dispatch_batch()
    _set("status = 'dead'")
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM outbox_delivery")
        (key,) = cursor.fetchone()
        assert replay(delivery_id=key, at=NOW)
    dispatch_batch()
    assert told == [True, False, False]


def _set(columns: str) -> None:
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE outbox_delivery SET {columns}")


def test_a_rolled_back_change_tells_nothing(heard: list[tuple[str, int]]) -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk), pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  one change
        publish(kind="test.thing", record_id=uuid7(), at=NOW, payload={"n": 1})
        _ = 1 / 0
    assert dispatch_batch() == 0
    assert heard == []


def test_a_killed_dispatcher_s_messages_come_back(heard: list[tuple[str, int]]) -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk):
        publish(kind="test.thing", record_id=uuid7(), at=NOW, payload={"n": 1})
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_delivery SET status = 'leased', leased_until = now() - interval '1 second'"
        )
    assert release_expired_leases() == 1
    dispatch_batch()
    assert [n for _, n in heard] == [1]


def test_nothing_is_written_when_nobody_listens(heard: list[tuple[str, int]]) -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk):
        publish(kind="test.unheard", record_id=uuid7(), at=NOW)
    assert _statuses() == []
