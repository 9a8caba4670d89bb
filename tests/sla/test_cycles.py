"""Updates and approvals through the services: what the steps leave is what the audit says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from incidents.public import Report, comment, pend, raise_incident, reopen, resolve, take
from sla.models import Clock
from sla.public import TargetTerms, clocks_of, define_target
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        define_target(
            code="news",
            name="News every two hours",
            terms=TargetTerms(
                kind="sla",
                metric="update",
                duration=2 * 3600,
                calendar=built.calendar,
                pause_on=("holder:requester",),
            ),
            effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        )
        yield built


def _after(minutes: int) -> datetime:
    return MONDAY_TEN + timedelta(minutes=minutes)


def test_every_comment_of_those_who_work_it_is_a_clock_of_its_own(world: World) -> None:
    user, agent = world.actor(world.user, "portal"), world.actor(world.agent)
    record = raise_incident(report=Report(title="x"), actor=user, at=MONDAY_TEN)
    record = take(record=record, actor=agent, at=_after(10))
    record = comment(record=record, body="We look", actor=agent, at=_after(60))
    record = comment(record=record, body="Thanks", actor=user, at=_after(70))
    record = comment(record=record, body="It is the relay", actor=agent, at=_after(240))
    record = pend(record=record, waiting_for="requester", comment="Now?", actor=agent, at=_after(250))
    rows = Clock.objects.filter(code="news").order_by("matched_at")
    assert [(row.matched_at, row.stopped_at, row.met) for row in rows] == [
        (MONDAY_TEN, _after(60), True),
        (_after(60), _after(240), False),
        (_after(240), _after(250), True),
        (_after(250), None, None),
    ]
    assert rows[1].breached_at == _after(180)
    news = [clock for clock in clocks_of(record, _after(400)) if clock.code == "news"]
    assert [clock.state for clock in news] == ["stopped", "stopped", "stopped", "paused"]
    record = comment(record=record, body="Better", actor=user, at=_after(300))
    record = resolve(record=record, resolution_code="fixed", resolution="Done", actor=agent, at=_after(310))
    record = reopen(record=record, comment="No", actor=user, at=_after(400))
    rows = rows.all()
    assert [(row.matched_at, row.state) for row in rows][3:] == [
        (_after(250), "stopped"),
        (_after(400), "running"),
    ]
    assert [found for _, page in replay() for found in page] == []
