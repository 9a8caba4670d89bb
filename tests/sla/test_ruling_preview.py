"""What a ruling is said to change is what it then changes, whatever was contested and however it is ruled."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lifecycle.public import ForbiddenError, StaleVersionError
from outbox.models import Message
from records.models import Record
from sla.models import Dispute
from sla.queries.disputes import both_figures
from sla.queries.ruling_changes import changes_by
from sla.services.contest import Contest, contest
from sla.services.contested import DisputeRefusedError
from sla.services.rule import Decision, preview_ruling, rule_dispute
from sla.services.settle import withdraw_dispute
from tenancy.engine.scope import tenant_scope
from tests.sla.contested import HOUR, LUNCH, NEXT_DAY, TAKEN, held_too_long, said, verdict_of
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


def _contest(world: World, said: Contest) -> Dispute:
    return contest(said=said, actor=world.actor(world.engineer), at=NEXT_DAY)


def _asked(world: World, dispute: Dispute, how: dict[str, Any]) -> dict[str, Any]:
    return {
        "dispute_id": dispute.pk,
        "decision": Decision(**{"decision": "upheld", "reasons": "The log."} | how),
        "seen_version": 1,
        "actor": world.actor(world.administrator),
        "at": NEXT_DAY + HOUR,
    }


WAYS = pytest.mark.parametrize(
    ("subject", "how", "changed"),
    [
        ("stretch", {}, {"Network", "Requester", "uc-network", "ola-network"}),
        ("stretch", {"ended_at": LUNCH[0] + HOUR / 2}, {"Network", "Requester"}),
        ("stretch", {"ruled_kind": "unassigned"}, {"Network", "Nobody", "uc-network", "ola-network"}),
        (
            "stretch",
            {"ruled_kind": "group", "ruled_group": "service-desk"},
            {"Network", "Service desk", "uc-network", "ola-network"},
        ),
        ("stretch", {"decision": "rejected"}, set()),
        ("verdict", {}, {"uc-network"}),
        ("verdict", {"decision": "rejected"}, set()),
    ],
)


@WAYS
@pytest.mark.parametrize("is_ruled_before", [False, True])
def test_the_preview_is_what_the_ruling_does(
    world: World, record: Record, subject: str, how: dict[str, Any], changed: set[str], is_ruled_before: bool
) -> None:
    if is_ruled_before:
        # Another stretch was ruled to be the desk's: what counts now is no longer what was measured.
        early = said(record, started_at=TAKEN, ended_at=TAKEN + HOUR / 4, claimed_kind="unassigned")
        rule_dispute(**_asked(world, _contest(world, early), {}))
    dispute = _contest(world, said(record) if subject == "stretch" else verdict_of(record))
    asked = _asked(world, dispute, how)
    seen = preview_ruling(**asked)
    before = both_figures(Dispute.objects.get(pk=dispute.pk), asked["at"], is_whole=True)
    ruled = rule_dispute(**asked)
    after = both_figures(ruled, asked["at"], is_whole=True)
    assert (seen.before, seen.after) == (before, after)
    changes = changes_by(seen.before, seen.after)
    found = {each.party for each in changes.custody if each.before != each.after}
    found |= {each.code for each in changes.verdicts if each.before != each.after}
    assert found == changed
    assert changes.is_none == (not changed)
    assert {each.party: each.after for each in changes.custody} == {
        each.party: each.ruled for each in after.custody
    } | {each.party: 0 for each in changes.custody if each.party not in {one.party for one in after.custody}}
    assert sum(each.after for each in changes.custody) == sum(each.before for each in changes.custody)
    for name in ("state", "ruled_kind", "ruled_group_id", "ruled_started_at", "ruled_ended_at", "reasons"):
        assert getattr(seen.dispute, name) == getattr(ruled, name)


def test_a_preview_writes_nothing(world: World, record: Record) -> None:
    dispute = _contest(world, said(record))
    stored = Dispute.objects.values().get(pk=dispute.pk)
    told = Message.objects.count()
    preview_ruling(**_asked(world, dispute, {}))
    assert Dispute.objects.values().get(pk=dispute.pk) == stored
    assert Message.objects.count() == told


def test_what_cannot_be_ruled_is_not_previewed(world: World, record: Record) -> None:
    dispute = _contest(world, said(record))
    with pytest.raises(DisputeRefusedError) as refused:
        preview_ruling(**_asked(world, dispute, {"started_at": LUNCH[0] - timedelta(seconds=1)}))
    assert list(refused.value.fields) == ["started_at"]
    with pytest.raises(ForbiddenError):
        preview_ruling(**_asked(world, dispute, {}) | {"actor": world.actor(world.engineer)})
    withdraw_dispute(dispute_id=dispute.pk, seen_version=1, actor=world.actor(world.engineer), at=NEXT_DAY)
    with pytest.raises(StaleVersionError):
        preview_ruling(**_asked(world, dispute, {}))
