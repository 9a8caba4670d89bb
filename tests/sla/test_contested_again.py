"""What was ruled is contested once more, with new evidence; and one dispute of a provider is open about the same."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from lifecycle.public import DomainError
from people.public import add_member, create_group, create_provider
from records.models import Record
from sla.models import Dispute
from sla.queries.disputes import following, may_follow
from sla.services.contest import Contest, contest
from sla.services.contested import (
    ContestedAlreadyError,
    DisputeRefusedError,
    RuledAlreadyError,
)
from sla.services.rule import Decision, rule_dispute
from sla.services.settle import withdraw_dispute
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.sla.contested import HOUR, LUNCH, NEXT_DAY, held_too_long, said, verdict_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
NEW = "The recording of the second call, which came today."


@pytest.fixture
def world() -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


@pytest.fixture
def record(world: World) -> Record:
    return held_too_long(world)


def _contest(world: World, said: Contest) -> Dispute:
    return contest(said=said, actor=world.actor(world.engineer), at=NEXT_DAY)


def _ruled(world: World, said: Contest, decision: str = "rejected") -> Dispute:
    return rule_dispute(
        dispute_id=_contest(world, said).pk,
        decision=Decision(decision=decision, reasons="The log says so."),
        seen_version=1,
        actor=world.actor(world.administrator),
        at=NEXT_DAY + HOUR,
    )


def _about(record: Record, subject: str, **more: Any) -> Contest:
    if subject == "stretch":
        return said(record, **more)
    return Contest(
        **{"number": record.number, "grounds": "Met", "evidence": "Log.", "target": "uc-network"} | more
    )


SUBJECTS = pytest.mark.parametrize("subject", ["stretch", "verdict"])


@SUBJECTS
@pytest.mark.parametrize("decision", ["upheld", "rejected"])
def test_what_was_ruled_needs_the_ruling_and_new_evidence(
    world: World, record: Record, subject: str, decision: str
) -> None:
    first = _ruled(world, _about(record, subject), decision)
    with pytest.raises(RuledAlreadyError, match="ruled on 17 November 2026") as bare:
        _contest(world, _about(record, subject, evidence=NEW))
    assert bare.value.extra() == {"dispute": str(first.pk), "final": False}
    with pytest.raises(DisputeRefusedError) as stale:
        _contest(world, _about(record, subject, follows=first.pk))
    assert list(stale.value.fields) == ["evidence"]
    engineer = world.actor(world.engineer)
    assert may_follow(engineer, first, following(engineer, first), at=NEXT_DAY)
    second = _contest(world, _about(record, subject, evidence=NEW, follows=first.pk))
    assert second.follows_id == first.pk
    assert following(engineer, first) == second
    assert not may_follow(engineer, first, second, at=NEXT_DAY)


@SUBJECTS
def test_ruled_twice_stands(world: World, record: Record, subject: str) -> None:
    first = _ruled(world, _about(record, subject))
    second = _ruled(world, _about(record, subject, evidence=NEW, follows=first.pk))
    for follows in (None, first.pk, second.pk):
        with pytest.raises(RuledAlreadyError, match="that stands") as final:
            _contest(world, _about(record, subject, evidence="More still", follows=follows))
        assert final.value.extra()["final"] is True
    assert not may_follow(world.actor(world.engineer), second, None, at=NEXT_DAY)
    assert Dispute.objects.count() == 2


def test_what_lies_beside_the_ruled_time_is_free(world: World, record: Record) -> None:
    _ruled(world, said(record))
    after = said(record, started_at=LUNCH[1], ended_at=LUNCH[1] + HOUR)
    assert _contest(world, after).follows_id is None


def test_time_ruled_in_two_disputes_is_contested_in_two(world: World, record: Record) -> None:
    first = _ruled(world, said(record))
    later = (LUNCH[1], LUNCH[1] + HOUR)
    _ruled(world, said(record, started_at=later[0], ended_at=later[1]))
    with pytest.raises(RuledAlreadyError, match="another dispute than the one you name"):
        _contest(world, said(record, ended_at=later[1], evidence=NEW, follows=first.pk))


def test_what_was_withdrawn_was_not_ruled(world: World, record: Record) -> None:
    first = _ruled(world, said(record))
    again = said(record, evidence=NEW, follows=first.pk)
    withdrawn = _contest(world, again)
    withdraw_dispute(
        dispute_id=withdrawn.pk, seen_version=1, actor=world.actor(world.engineer), at=NEXT_DAY + HOUR
    )
    assert following(world.actor(world.engineer), first) is None
    assert _contest(world, again).follows_id == first.pk


def test_only_ones_own_ruling_about_the_same_can_be_named(world: World, record: Record) -> None:
    elsewhere = _ruled(world, verdict_of(record))
    for follows in (elsewhere.pk, record.pk):
        with pytest.raises(DisputeRefusedError) as refused:
            _contest(world, said(record, follows=follows))
        assert list(refused.value.fields) == ["follows"]


def test_the_other_party_is_not_bound_by_it(world: World, record: Record) -> None:
    """The rule is each provider's own: another that had the record too contests its own time."""
    provider = create_provider(code="rival", name="Rival")
    group = create_group(code="rival", name="Rival", provider=provider)
    add_member(
        email="rival@defra.example", name="Rival", roles=["resolver"], provider=provider, groups=[group]
    )
    theirs = _contest(world, said(record))
    Dispute.objects.filter(pk=theirs.pk).update(provider=provider)
    assert _contest(world, said(record)).pk != theirs.pk


def _write(world: World, record: Record, **more: Any) -> None:
    """A dispute written past the service."""
    plain: dict[str, Any] = {
        "record": record,
        "provider": world.supplier,
        "raised_by_name": "Engineer",
        "raised_at": NEXT_DAY,
        "started_at": LUNCH[0],
        "ended_at": LUNCH[1],
        "claimed_kind": "requester",
        "grounds": "We waited",
        "evidence": "Log",
    }
    Dispute.objects.create(**plain | more)


def _clock_of(dispute: Dispute) -> dict[str, Any]:
    return {
        "started_at": None,
        "ended_at": None,
        "claimed_kind": "",
        "target_version_id": dispute.target_version_id,
        "party": dispute.party,
        "matched_at": dispute.matched_at,
    }


def test_the_database_holds_one_open_dispute_about_the_same(world: World, record: Record) -> None:
    _contest(world, said(record))
    verdict = _contest(world, verdict_of(record))
    for broken in ({"started_at": LUNCH[1] - HOUR, "ended_at": LUNCH[1] + HOUR}, _clock_of(verdict)):
        with pytest.raises(IntegrityError, match="dispute_open_"), transaction.atomic():
            _write(world, record, **broken)
    # A promise to the user has no party, and is held to it as well.
    Dispute.objects.filter(pk=verdict.pk).update(party=None)
    with pytest.raises(IntegrityError, match="dispute_open_verdict"), transaction.atomic():
        _write(world, record, **_clock_of(verdict) | {"party": None})
    _write(world, record, started_at=LUNCH[1], ended_at=LUNCH[1] + HOUR)
    assert Dispute.objects.count() == 3


def test_the_database_holds_one_dispute_after_a_ruling(world: World, record: Record) -> None:
    first = _ruled(world, said(record))
    _contest(world, said(record, evidence=NEW, follows=first.pk))
    with pytest.raises(IntegrityError, match="dispute_followed_once"), transaction.atomic():
        _write(world, record, started_at=LUNCH[1], ended_at=LUNCH[1] + HOUR, follows=first)


def _at_once(world: World, *steps: Callable[[], object], **scope: Any) -> list[str]:
    """Take steps in threads of their own; what each came to."""
    ready = threading.Barrier(len(steps))
    came: list[str] = []

    def take(step: Callable[[], object]) -> None:
        try:
            with scope.get("scope") or tenant_scope(world.tenant.pk, actor="system:test"):
                ready.wait(timeout=10)
                try:
                    step()
                    came.append("done")
                except DomainError as error:
                    came.append(error.code)
                except IntegrityError as error:
                    came.append(str(error).split('"')[1])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(came)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_contest_overlapping_time_at_once_one_gets_through(world: World, record: Record) -> None:
    actor = world.actor(world.engineer)

    def contesting(shift: float) -> Callable[[], object]:
        one = said(record, started_at=LUNCH[0] + shift * HOUR, ended_at=LUNCH[1] + shift * HOUR)
        return lambda: contest(said=one, actor=actor, at=NEXT_DAY)

    steps = [contesting(shift) for shift in (0, 0.5, 1, 1.5)]
    assert _at_once(world, *steps) == ["contested_already"] * 3 + ["done"]
    assert Dispute.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_decides_the_race_by_itself(world: World, record: Record) -> None:
    def write() -> None:
        _write(world, record)

    assert _at_once(world, write, write, write) == ["dispute_open_stretch"] * 2 + ["done"]


@pytest.mark.django_db(transaction=True)
def test_a_ruling_is_followed_once_by_those_who_race(world: World, record: Record) -> None:
    first = _ruled(world, said(record))
    again = said(record, evidence=NEW, follows=first.pk)

    def step() -> None:
        _contest(world, again)

    assert _at_once(world, step, step, step) == ["contested_already"] * 2 + ["done"]


def test_the_suppliers_own_role_finds_what_was_ruled(world: World, record: Record) -> None:
    first = _ruled(world, said(record))
    with enter_scope(world.actor(world.engineer).scope()):
        with pytest.raises(RuledAlreadyError):
            _contest(world, said(record))
        _contest(world, said(record, evidence=NEW, follows=first.pk))
        with pytest.raises(ContestedAlreadyError):
            _contest(world, said(record, evidence=NEW, follows=first.pk))
