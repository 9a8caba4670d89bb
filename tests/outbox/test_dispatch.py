"""Messages arrive in order per record, at least once, and never get lost."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from outbox.engine import registry
from outbox.engine.registry import Delivered, subscribe
from outbox.public import dispatch_batch, publish, release_expired_leases
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
