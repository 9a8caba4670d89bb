"""Figures follow what happens, add up, and are rebuilt the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from incidents.public import Report, assign, raise_incident, resolve
from records.models import Record
from reporting.engine.questions import Month, Question
from reporting.models import Cell, Fact
from reporting.queries.figures import Figure, answer
from reporting.services.rebuild import check, rebuild
from reporting.services.refresh import refresh_records
from sla.public import record_keys
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NOVEMBER = Question(Month(2026, 11), Month(2026, 11))


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _life(world: World, *, hours: int, at: datetime = MONDAY_TEN) -> Record:
    """An incident on the e-mail service that the network group resolved after so many hours."""
    agent = world.actor(world.agent)
    record = raise_incident(report=Report(title="x", service="email"), actor=agent, at=at)
    assign(record=record, support_group=world.network_group.code, actor=agent, at=at + timedelta(minutes=5))
    assign(
        record=record,
        support_group=world.network_group.code,
        assignee=world.engineer.email,
        actor=agent,
        at=at + timedelta(minutes=10),
    )
    return record


def _refresh(now: datetime) -> None:
    for keys in record_keys(page=100):
        refresh_records(keys=keys, now=now)


def test_smoke(world: World) -> None:
    _life(world, hours=1)
    _refresh(MONDAY_TEN + timedelta(hours=1))
    print(list(Fact.objects.values_list("measure", "period", "amount", "support_group")))
    print(Cell.objects.count(), [p for p in check(now=MONDAY_TEN + timedelta(hours=1))])
    a = answer(NOVEMBER, measures=["records.opened", "live.open"], by="service")
    print(a.values(["records.opened"]), a.total("records.opened"))
    assert 0
