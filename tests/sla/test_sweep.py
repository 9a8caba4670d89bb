"""Warnings and breaches are told once, with their true instant, whenever they are noticed."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from incidents.public import Report, raise_incident, resolve
from outbox.engine import registry
from outbox.engine.registry import subscribe
from sla.models import Clock
from sla.public import clocks_of
from sla.services.sweep import sweep_once
from tenancy.engine.scope import platform_scope, tenant_scope
from tests.support.world import build_world

pytestmark = pytest.mark.django_db

LAST_MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _someone_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_subscribers", {})
    subscribe("ear", frozenset({"clock.warned", "clock.breached"}), lambda _message: None)


def _told() -> list[tuple[str, str, datetime]]:
    with platform_scope("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT kind, payload ->> 'metric', at FROM outbox_message ORDER BY id")
        return list(cursor.fetchall())


def test_after_an_outage_everything_is_told_once_with_its_true_instant() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        record = raise_incident(
            report=Report(title="x"), actor=world.actor(world.user, "portal"), at=LAST_MONDAY
        )
    while sweep_once():
        pass
    told = _told()
    assert Counter((kind, metric) for kind, metric, _ in told) == {
        ("clock.warned", "response"): 3,
        ("clock.breached", "response"): 1,
        ("clock.warned", "resolution"): 3,
        ("clock.breached", "resolution"): 1,
    }
    breaches = {metric: at for kind, metric, at in told if kind == "clock.breached"}
    # Eight office hours from Monday ten o'clock end on Tuesday at ten.
    assert breaches["response"] == LAST_MONDAY + timedelta(hours=1)
    assert breaches["resolution"] == LAST_MONDAY + timedelta(days=1)
    assert sweep_once() == 0
    with tenant_scope(world.tenant.pk, actor="system:test"):
        clock = Clock.objects.get(record=record, metric="resolution")
        assert clock.breached_at == clock.due_at == LAST_MONDAY + timedelta(days=1)


def test_what_was_resolved_in_time_is_never_told() -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = raise_incident(report=Report(title="x"), actor=agent, at=LAST_MONDAY)
        resolve(
            record=record,
            resolution_code="fixed",
            resolution="Done",
            actor=agent,
            at=LAST_MONDAY + timedelta(minutes=20),
        )
        views = clocks_of(record, LAST_MONDAY + timedelta(days=9))
        assert {view.metric: view.met for view in views} == {"resolution": True, "response": True}
    assert sweep_once() == 0
