"""Disputes: who may contest what, until when, and who rules; also two at once."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from incidents.public import close
from lifecycle.public import DomainError, ForbiddenError, IllegalStepError, NotFoundError, StaleVersionError
from outbox.models import Message
from outbox.public import subscribe
from people.models import Membership
from people.public import Actor, add_member, create_group, create_provider
from records.models import Record
from sla.models import Dispute
from sla.queries.disputes import both_figures, disputes, get_dispute
from sla.services.contest import Contest, contest
from sla.services.contested import ContestedAlreadyError, DisputeRefusedError
from sla.services.rule import Decision, rule_dispute
from sla.services.settle import withdraw_dispute
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.sla.contested import HOUR, LUNCH, NEXT_DAY, RESOLVED, TAKEN, held_too_long, said, verdict_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


@pytest.fixture
def record(world: World) -> Record:
    return held_too_long(world)


def _engineer(world: World) -> Actor:
    return world.actor(world.engineer)


def _ruling(**more: Any) -> Decision:
    return Decision(**{"decision": "upheld", "reasons": "The calls are in the log."} | more)


def _rule(world: World, dispute: Dispute, *, seen: int | None = 1, **more: Any) -> Dispute:
    return rule_dispute(
        dispute_id=dispute.pk,
        decision=_ruling(**more),
        seen_version=seen,
        actor=world.actor(world.administrator),
        at=NEXT_DAY + HOUR,
    )


def _rival(world: World) -> Membership:
    """Somebody of another supplier, which has nothing to do with the record."""
    provider = create_provider(code="rival", name="Rival")
    group = create_group(code="rival", name="Rival", provider=provider)
    return add_member(
        email="rival@defra.example", name="Rival", roles=["resolver"], provider=provider, groups=[group]
    )


def test_a_stretch_is_contested_and_ruled_in_part(world: World, record: Record) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    assert (dispute.state, dispute.version, dispute.raised_by_name) == ("raised", 1, "Engineer")
    ruled = _rule(world, dispute, ended_at=LUNCH[0] + HOUR)
    assert (ruled.state, ruled.version, ruled.ruled_kind) == ("upheld", 2, "requester")
    assert (ruled.ruled_started_at, ruled.ruled_ended_at) == (LUNCH[0], LUNCH[0] + HOUR)
    # What was contested stays beside what was ruled.
    assert (ruled.started_at, ruled.ended_at) == LUNCH
    figures = both_figures(ruled, NEXT_DAY + HOUR)
    assert {each.party: (each.measured, each.ruled) for each in figures.custody} == {
        "Service desk": (600, 600),
        "Network": (21_000, 17_400),
        "Requester": (0, 3_600),
    }


def test_each_step_is_told_of_in_its_transaction(world: World, record: Record) -> None:
    subscribe(
        "ear", frozenset({"dispute.raised", "dispute.ruled", "dispute.withdrawn"}), lambda _message: None
    )
    first = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    withdraw_dispute(dispute_id=first.pk, seen_version=1, actor=_engineer(world), at=NEXT_DAY)
    _rule(world, contest(said=said(record), actor=_engineer(world), at=NEXT_DAY))
    told = Message.objects.filter(kind__startswith="dispute.").order_by("id")
    assert [(m.kind, m.record_id) for m in told] == [
        (kind, record.pk)
        for kind in ("dispute.raised", "dispute.withdrawn", "dispute.raised", "dispute.ruled")
    ]


@pytest.mark.parametrize("target", ["uc-network", "ola-network"])
def test_a_verdict_of_ones_own_is_contested(world: World, record: Record, target: str) -> None:
    ruled = _rule(world, contest(said=verdict_of(record, target), actor=_engineer(world), at=NEXT_DAY))
    verdicts = {each.code: (each.measured, each.ruled) for each in both_figures(ruled, NEXT_DAY).verdicts}
    assert verdicts[target] == (False, True)
    assert sum(measured != counted for measured, counted in verdicts.values()) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"started_at": TAKEN - timedelta(seconds=1)}, "started_at"),
        ({"ended_at": RESOLVED + 400 * HOUR}, "ended_at"),
        ({"ended_at": LUNCH[0]}, "ended_at"),
        ({"started_at": None}, "started_at"),
        ({"grounds": " "}, "grounds"),
        ({"grounds": "x" * 201}, "grounds"),
        ({"evidence": ""}, "evidence"),
        ({"claimed_kind": "weather"}, "claimed_kind"),
        ({"claimed_kind": "group"}, "claimed_group"),
        ({"claimed_kind": "group", "claimed_group": "network"}, "claimed_group"),
        ({"claimed_group": "service-desk"}, "claimed_group"),
        ({"target": "uc-network"}, "target"),
    ],
)
def test_what_cannot_be_contested_says_why(
    world: World, record: Record, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(DisputeRefusedError) as refused:
        contest(said=said(record, **more), actor=_engineer(world), at=NEXT_DAY)
    assert list(refused.value.fields) == [field]
    assert not Dispute.objects.exists()


def test_the_very_edges_of_custody_can_be_contested(world: World, record: Record) -> None:
    whole = said(
        record, started_at=TAKEN, ended_at=RESOLVED, claimed_kind="group", claimed_group="service-desk"
    )
    ruled = _rule(world, contest(said=whole, actor=_engineer(world), at=NEXT_DAY))
    assert ruled.ruled_group == world.desk_group


@pytest.mark.parametrize("target", ["response", "resolution-rest", "nothing"])
def test_verdicts_that_are_not_broken_are_not_contested(world: World, record: Record, target: str) -> None:
    with pytest.raises(DisputeRefusedError) as refused:
        contest(said=verdict_of(record, target), actor=_engineer(world), at=NEXT_DAY)
    assert list(refused.value.fields) == ["target"]


def test_the_same_is_contested_once_at_a_time(world: World, record: Record) -> None:
    first = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    overlapping = said(record, started_at=LUNCH[1] - timedelta(seconds=1), ended_at=LUNCH[1] + HOUR)
    with pytest.raises(
        ContestedAlreadyError, match="16 November 2026 12:00 to 16 November 2026 14:00"
    ) as refused:
        contest(said=overlapping, actor=_engineer(world), at=NEXT_DAY)
    assert refused.value.extra() == {"dispute": str(first.pk)}
    contest(
        said=said(record, started_at=LUNCH[1], ended_at=LUNCH[1] + HOUR), actor=_engineer(world), at=NEXT_DAY
    )
    contest(said=verdict_of(record), actor=_engineer(world), at=NEXT_DAY)
    with pytest.raises(ContestedAlreadyError):
        contest(said=verdict_of(record), actor=_engineer(world), at=NEXT_DAY)
    contest(said=verdict_of(record, "ola-network"), actor=_engineer(world), at=NEXT_DAY)


def test_thirty_days_after_closing_it_is_too_late(world: World, record: Record) -> None:
    closed_at = NEXT_DAY + HOUR
    close(record=record, actor=world.actor(world.agent), at=closed_at)
    in_time = closed_at + timedelta(days=30)
    with pytest.raises(DisputeRefusedError, match="30 days"):
        contest(said=said(record), actor=_engineer(world), at=in_time + timedelta(seconds=1))
    contest(said=said(record), actor=_engineer(world), at=in_time)


def test_who_may_contest_see_and_rule(world: World, record: Record) -> None:
    for member in (world.agent, world.user, world.administrator):
        with pytest.raises(ForbiddenError):
            contest(said=said(record), actor=world.actor(member), at=NEXT_DAY)
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    for member in (world.agent, world.user):
        with pytest.raises(ForbiddenError):
            get_dispute(world.actor(member), dispute.pk)
    with pytest.raises(ForbiddenError):
        rule_dispute(
            dispute_id=dispute.pk, decision=_ruling(), seen_version=1, actor=_engineer(world), at=NEXT_DAY
        )
    with pytest.raises(ForbiddenError):
        withdraw_dispute(
            dispute_id=dispute.pk, seen_version=1, actor=world.actor(world.administrator), at=NEXT_DAY
        )


def test_nobody_rules_on_what_he_contested(world: World, record: Record) -> None:
    both = add_member(
        email="both@defra.example",
        name="Both",
        roles=["service-management", "resolver"],
        provider=world.supplier,
        groups=[world.network_group],
    )
    dispute = contest(said=said(record), actor=world.actor(both), at=NEXT_DAY)
    with pytest.raises(ForbiddenError, match="Somebody else"):
        rule_dispute(
            dispute_id=dispute.pk, decision=_ruling(), seen_version=1, actor=world.actor(both), at=NEXT_DAY
        )
    assert _rule(world, dispute).state == "upheld"


def test_another_supplier_sees_nothing_of_it(world: World, record: Record) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    rival = world.actor(_rival(world))
    with pytest.raises(NotFoundError):
        get_dispute(rival, dispute.pk)
    with pytest.raises(NotFoundError):
        contest(said=said(record), actor=rival, at=NEXT_DAY)
    assert not disputes(rival).exists()
    # The database sees to it as well.
    with enter_scope(rival.scope()):
        assert not Dispute.objects.exists()
    with enter_scope(_engineer(world).scope()):
        assert Dispute.objects.get() == dispute
        withdraw_dispute(dispute_id=dispute.pk, seen_version=1, actor=_engineer(world), at=NEXT_DAY)


def test_another_tenant_sees_nothing_of_it(world: World, record: Record) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    other = build_world("dvla")
    with tenant_scope(other.tenant.pk, actor="system:test"):
        for member in (other.engineer, other.administrator):
            with pytest.raises(NotFoundError):
                get_dispute(other.actor(member), dispute.pk)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reasons": " "}, "reasons"),
        ({"decision": "maybe"}, "decision"),
        ({"started_at": LUNCH[0] - timedelta(seconds=1)}, "started_at"),
        ({"ended_at": LUNCH[1] + timedelta(seconds=1)}, "ended_at"),
        ({"started_at": LUNCH[1]}, "ended_at"),
        ({"ruled_kind": "group", "ruled_group": "network"}, "ruled_group"),
        ({"decision": "rejected", "ruled_kind": "requester"}, "started_at"),
    ],
)
def test_what_cannot_be_ruled_says_why(
    world: World, record: Record, more: dict[str, Any], field: str
) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    with pytest.raises(DisputeRefusedError) as refused:
        _rule(world, dispute, **more)
    assert list(refused.value.fields) == [field]


def test_what_is_settled_stays_settled(world: World, record: Record) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    withdraw_dispute(dispute_id=dispute.pk, seen_version=1, actor=_engineer(world), at=NEXT_DAY)
    with pytest.raises(StaleVersionError):
        _rule(world, dispute, seen=1)
    with pytest.raises(IllegalStepError):
        _rule(world, dispute, seen=2)
    second = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    _rule(world, second, decision="rejected")
    with pytest.raises(StaleVersionError, match="rejected after you read it"):
        withdraw_dispute(dispute_id=second.pk, seen_version=1, actor=_engineer(world), at=NEXT_DAY)


def test_no_step_of_a_dispute_touches_the_record(world: World, record: Record) -> None:
    """No audit entry of the record is written, so its clocks and its version are what they were."""
    before = Record.objects.values().get(pk=record.pk)
    _rule(world, contest(said=said(record), actor=_engineer(world), at=NEXT_DAY))
    assert Record.objects.values().get(pk=record.pk) == before


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lost"},
        {"evidence": ""},
        {"ended_at": LUNCH[0]},
        {"claimed_kind": ""},
        {"matched_at": NEXT_DAY},
        {"state": "upheld"},
        {"reasons": "None"},
        {"ruled_kind": "requester"},
    ],
)
def test_the_database_refuses_a_dispute_that_cannot_be(
    world: World, record: Record, broken: dict[str, Any]
) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(**broken)


def _at_once(world: World, *steps: Any) -> list[str]:
    """Take steps in threads of their own; what each came to."""
    ready = threading.Barrier(len(steps))
    came: list[str] = []

    def take(step: Any) -> None:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                ready.wait(timeout=10)
                try:
                    step()
                    came.append("done")
                except DomainError as error:
                    came.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(came)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_contest_the_same_at_once_one_is_refused(world: World, record: Record) -> None:
    def step() -> None:
        contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)

    assert _at_once(world, step, step) == ["contested_already", "done"]
    assert Dispute.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_ruled_at_once_is_one_of_them(world: World, record: Record) -> None:
    dispute = contest(said=said(record), actor=_engineer(world), at=NEXT_DAY)

    def rule() -> None:
        _rule(world, dispute)

    def withdraw() -> None:
        withdraw_dispute(dispute_id=dispute.pk, seen_version=1, actor=_engineer(world), at=NEXT_DAY)

    assert _at_once(world, rule, withdraw) == ["done", "stale_version"]
    assert Dispute.objects.get().version == 2


def test_the_machine_audit_keeps_each_step(world: World, record: Record) -> None:
    _rule(world, contest(said=said(record), actor=_engineer(world), at=NEXT_DAY))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenancy_machineentry WHERE table_name = 'sla_dispute'")
        assert cursor.fetchone()[0] == 2


def test_a_contest_is_of_a_stretch_or_of_a_verdict(world: World, record: Record) -> None:
    nothing = Contest(number=record.number, grounds="Why", evidence="None")
    with pytest.raises(DisputeRefusedError) as refused:
        contest(said=nothing, actor=_engineer(world), at=NEXT_DAY)
    assert set(refused.value.fields) == {"started_at", "ended_at", "claimed_kind"}
