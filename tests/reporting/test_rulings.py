"""Rulings change a supplier's figures, with the original beside."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from outbox.public import Delivered
from reporting.engine.questions import Month, Question
from reporting.queries.figures import Figure, answer
from reporting.services.follow import follow_all
from reporting.services.rebuild import check
from reporting.services.refresh import refresh_records
from sla.models import Dispute
from sla.public import measure_records, record_keys
from sla.services.contest import contest
from sla.services.rule import Decision, rule_dispute
from tenancy.engine.scope import tenant_scope
from tests.reporting.lives import resolved_after
from tests.sla.contested import NEXT_DAY, held_too_long, said, verdict_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NOVEMBER = Question(Month(2026, 11), Month(2026, 11))


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def _figure(measure: str, world: World) -> Figure:
    return answer(NOVEMBER, measures=[measure], by="provider").total(measure, value=str(world.supplier.pk))


def _rule(world: World, dispute: Dispute, **how: Any) -> None:
    decision = Decision(**{"decision": "upheld", "reasons": "The log shows it."} | how)
    rule_dispute(
        dispute_id=dispute.pk,
        decision=decision,
        seen_version=1,
        actor=world.actor(world.administrator),
        at=NEXT_DAY + timedelta(hours=1),
    )


def _wrong() -> int:
    return sum(page.wrong for page in check(now=NEXT_DAY + timedelta(days=1)))


def test_a_ruling_changes_the_suppliers_figures_and_the_original_stays_beside(world: World) -> None:
    record = held_too_long(world)
    refresh_records(keys=[record.pk], now=NEXT_DAY)
    held = 5 * 3600 + 50 * 60
    assert _figure("custody.group", world) == Figure(held, held)
    assert _figure("uc.resolution.breached", world) == Figure(1, 1)
    dispute = contest(said=said(record), actor=world.actor(world.engineer), at=NEXT_DAY)
    assert _wrong() == 0
    _rule(world, dispute)
    assert _wrong() > 0
    told = Message.objects.get(kind="dispute.ruled")
    follow_all([Delivered(world.tenant.pk, told.pk, told.kind, told.record_id, told.payload, told.at)])
    assert _figure("custody.group", world) == Figure(held, held - 2 * 3600)
    # Ten minutes short of six hours of four promised: without the two, in time.
    for kind in ("uc", "ola"):
        assert _figure(f"{kind}.resolution.breached", world) == Figure(1, 0)
        assert _figure(f"{kind}.resolution.met", world) == Figure(0, 1)
    assert answer(NOVEMBER, measures=["custody.requester"]).total("custody.requester") == Figure(0, 2 * 3600)
    assert _wrong() == 0


def test_a_verdict_ruled_upon_counts_as_met_and_custody_stays(world: World) -> None:
    record = held_too_long(world)
    dispute = contest(said=verdict_of(record), actor=world.actor(world.engineer), at=NEXT_DAY)
    _rule(world, dispute)
    refresh_records(keys=[record.pk], now=NEXT_DAY)
    assert _figure("uc.resolution.breached", world) == Figure(1, 0)
    assert _figure("ola.resolution.breached", world) == Figure(1, 1)
    held = _figure("custody.group", world)
    assert held.amount == held.ruled
    assert _wrong() == 0


def test_rejected_and_open_disputes_change_nothing(world: World) -> None:
    record = held_too_long(world)
    refresh_records(keys=[record.pk], now=NEXT_DAY)
    dispute = contest(said=said(record), actor=world.actor(world.engineer), at=NEXT_DAY)
    _rule(world, dispute, decision="rejected")
    again = said(record, evidence="The recording of the call.", follows=dispute.pk)
    contest(said=again, actor=world.actor(world.engineer), at=NEXT_DAY + timedelta(hours=2))
    assert _wrong() == 0


def test_rulings_are_read_at_once_however_many_records(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for keys in record_keys(page=100):
                measure_records(keys=keys, now=NEXT_DAY)
        return sum('FROM "sla_dispute"' in each["sql"] for each in asked.captured_queries)

    record = held_too_long(world)
    _rule(world, contest(said=said(record), actor=world.actor(world.engineer), at=NEXT_DAY))
    assert statements() == 1
    for _ in range(3):
        another = resolved_after(world, hours=6)
        _rule(world, contest(said=said(another), actor=world.actor(world.engineer), at=NEXT_DAY))
    assert statements() == 1
