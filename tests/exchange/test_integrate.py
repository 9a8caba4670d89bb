"""A supplier's system joined at level Integrate: told of changes, telling of its own, and the wire between."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from exchange.models import EndpointHealth, Outgoing
from exchange.services.endpoints import pause, replay, resume, rotate_secret
from exchange.services.send import release_expired
from incidents.public import assign, comment
from lifecycle.public import RuleError
from records.models import AuditEntry, Record
from sla.models import Hold
from suppliers.public import switch_level
from tenancy.engine.scope import tenant_scope
from tests.exchange.joined import Joined, join
from tests.exchange.theirs import TheirSystem
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def joined(world: World, settings: Any) -> Iterator[Joined]:
    theirs = TheirSystem("acknowledged", "taken")
    yield join(world, theirs, settings)
    theirs.close()


def custody(joined: Joined, record: Record) -> list[tuple[str, int]]:
    """Who held the record how long, in seconds; the last stretch is open."""
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        rows = Hold.objects.filter(record=record).order_by("position")
        return [
            (row.party_kind, int((row.ended_at - row.started_at).total_seconds()) if row.ended_at else -1)
            for row in rows
            if row.ended_at != row.started_at
        ]


def test_a_record_goes_over_is_acknowledged_and_comes_back_resolved(joined: Joined) -> None:
    record = joined.handed()
    joined.tell()
    (told,) = joined.theirs.heard
    reference = f"THEIRS-{record.number}"
    assert (told["type"], told["data"]["handed_over"]) == ("incident.assigned", True)
    assert (told["data"]["number"], told["data"]["state"]) == (record.number, "ASSIGNED")
    assert told["data"]["fields"]["TITLE"] == "No e-mail"
    assert joined.counterpart(record).their_reference == reference

    answer = joined.say(reference=reference, state="IN_PROGRESS", work_note="Looking", sequence=1)
    assert (answer.status_code, answer.json()["result"]) == (200, "done")
    assert joined.now(record).state == "in_progress"
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        comment(record=joined.now(record), body="Any news?", actor=joined.agent, at=timezone.now())
    joined.tell()
    assert [each["type"] for each in joined.theirs.heard] == ["incident.assigned", "incident.commented"]
    assert joined.theirs.heard[1]["data"]["comment"] == "Any news?"
    assert joined.theirs.heard[1]["data"]["reference"] == reference

    done = joined.say(number=record.number, state="RESOLVED", fields={"FIX": "A switch was replaced"})
    assert done.status_code == 200, done.content
    assert joined.now(record).state == "resolved"
    joined.tell()
    assert len(joined.theirs.heard) == 2


def test_time_on_the_wire_is_on_nobodys_score(joined: Joined) -> None:
    handed_at = timezone.now().replace(microsecond=0) - timedelta(seconds=60)
    record = joined.handed(at=handed_at)
    joined.tell(at=handed_at + timedelta(seconds=60))
    assert custody(joined, record) == [("wire", 60), ("group", -1)]

    late = joined.handed(at=handed_at, title="Another")
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        assign(
            record=late,
            support_group="service-desk",
            actor=joined.agent,
            at=handed_at + timedelta(seconds=30),
        )
    assert custody(joined, late) == [("wire", 30), ("group", -1)]
    joined.tell()
    assert [each["data"]["handed_on"] for each in joined.theirs.heard[1:]] == [False, True]


def test_whatever_their_system_does_acknowledges(joined: Joined) -> None:
    record = joined.handed()
    answer = joined.client("POST", f"incidents/{record.number}/start/", {})
    assert answer.status_code == 200, answer.content
    assert joined.counterpart(record).acknowledged_at is not None
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        assert AuditEntry.objects.filter(record=record).last().facts["on_wire"] == [True, False]  # type: ignore[union-attr]


def test_reopening_puts_it_on_the_wire_again(joined: Joined) -> None:
    record = joined.handed()
    joined.tell()
    joined.say(number=record.number, state="RESOLVED", comment="Mended")
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        user = joined.world.actor(joined.world.user, "portal")
        comment(record=joined.now(record), body="Still broken", actor=user, at=timezone.now())
    assert joined.counterpart(record).acknowledged_at is None
    joined.tell()
    last = joined.theirs.heard[-1]
    assert (last["type"], last["data"]["handed_over"]) == ("incident.reopened", True)


def test_the_same_message_is_done_once_and_another_under_its_key_refused(joined: Joined) -> None:
    record = joined.handed()
    first = joined.say(number=record.number, comment="Looking", id="one")
    again = joined.say(number=record.number, comment="Looking", id="one")
    assert (first.status_code, first.json()) == (200, again.json())
    other = joined.say(number=record.number, comment="Something else", id="one")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        verbs = list(AuditEntry.objects.filter(record=record).values_list("verb", flat=True))
    assert verbs.count("incident:comment") == 1


def test_what_is_older_than_the_newest_changes_nothing(joined: Joined) -> None:
    record = joined.handed()
    joined.say(number=record.number, state="IN_PROGRESS", sequence=5)
    late = joined.say(number=record.number, state="CANCELLED", comment="Not ours", sequence=4)
    assert (late.status_code, late.json()["result"]) == (200, "superseded")
    assert joined.now(record).state == "in_progress"


@pytest.mark.parametrize(
    ("message", "status", "field"),
    [
        ({"state": "ON FIRE"}, 422, "state"),
        ({"state": "NEW"}, 422, "state"),
        ({"state": "PENDING_REQUESTER"}, 422, "comment"),
        ({"fields": {"TEXT": {}}}, 400, "fields"),
        ({"no": "such"}, 400, "no"),
        ({"number": "INC9999999"}, 404, ""),
    ],
)
def test_a_bad_message_says_what_is_wrong_and_leaves_nothing(
    joined: Joined, message: dict[str, Any], status: int, field: str
) -> None:
    record = joined.handed()
    before = joined.now(record).version
    answer = joined.say(**({"number": record.number} | message))
    assert answer.status_code == status, answer.content
    if field:
        assert answer.json()["errors"][0]["field"].startswith(field)
    assert joined.now(record).version == before
    # The key may be used again: nothing was done under it.
    joined.keys -= 1
    assert joined.say(number=record.number, comment="Now then").status_code == 200


def test_what_they_may_change_is_changed_and_the_rest_told_as_ignored(joined: Joined) -> None:
    record = joined.handed()
    answer = joined.say(number=record.number, fields={"TEXT": "Two switches", "TITLE": "Mine", "X": "y"})
    assert answer.json()["ignored"] == ["TITLE", "X"]
    now = joined.now(record)
    assert (now.title, now.description) == ("No e-mail", "Two switches")


def test_they_hand_it_back_with_a_reason(joined: Joined) -> None:
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        start = joined.handed()
        desk = assign(record=start, support_group="service-desk", actor=joined.agent, at=timezone.now())
        record = assign(record=desk, support_group="network", actor=joined.agent, at=timezone.now())
    assert joined.say(number=record.number, reject="Not a network fault").status_code == 200
    now = joined.now(record)
    assert now.support_group_id == joined.world.desk_group.pk
    assert custody(joined, record)[-1] == ("group", -1)


@pytest.mark.parametrize("answer", ["html", "redirect", "down"])
def test_what_nobody_took_is_sent_again_in_order(joined: Joined, answer: str) -> None:
    joined.theirs.answers = [answer, "acknowledged", "taken"]
    record = joined.handed()
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        comment(record=record, body="Hurry", actor=joined.agent, at=timezone.now())
    joined.tell()
    assert [row.status for row in joined.rows(record)] == ["pending", "pending"]
    joined.tell(at=timezone.now() + timedelta(seconds=10))
    assert [each["type"] for each in joined.theirs.heard] == [
        "incident.assigned",
        "incident.assigned",
        "incident.commented",
    ]
    assert joined.theirs.heard[0]["id"] == joined.theirs.heard[1]["id"]
    assert [row.status for row in joined.rows(record)] == ["done", "done"]


def test_a_system_that_asks_for_time_gets_it(joined: Joined) -> None:
    joined.theirs.answers = ["busy", "acknowledged"]
    one, two = joined.handed(), joined.handed(title="Another")
    began = timezone.now()
    joined.tell()
    joined.tell(at=began + timedelta(seconds=590))
    assert len(joined.theirs.heard) == 2
    joined.tell(at=began + timedelta(seconds=620))
    assert len(joined.theirs.heard) == 3
    assert {row.status for each in (one, two) for row in joined.rows(each)} == {"done"}


def test_a_system_that_is_down_for_days_loses_nothing(joined: Joined) -> None:
    joined.theirs.answers = ["down"]
    record = joined.handed()
    at = timezone.now()
    for _ in range(300):
        at += timedelta(minutes=15)
        joined.tell(at=at)
    (row,) = joined.rows(record)
    assert (row.status, row.attempts > 12) == ("pending", True)
    joined.theirs.answers = ["acknowledged"]
    joined.tell(at=at + timedelta(minutes=15))
    assert [row.status for row in joined.rows(record)] == ["done"]


def test_what_they_refuse_is_parked_and_replayed(joined: Joined) -> None:
    joined.theirs.answers = ["refused", "acknowledged"]
    record = joined.handed()
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        comment(record=record, body="Hurry", actor=joined.agent, at=timezone.now())
    joined.tell()
    dead, waiting = joined.rows(record)
    assert (dead.status, waiting.status) == ("dead", "pending")
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        chief = joined.world.actor(joined.world.administrator)
        replay(provider=joined.world.supplier, message=str(dead.pk), actor=chief, at=timezone.now())
        with pytest.raises(RuleError):
            replay(provider=joined.world.supplier, message=str(waiting.pk), actor=chief, at=timezone.now())
    joined.tell()
    assert [row.status for row in joined.rows(record)] == ["done", "done"]


def test_a_reference_that_names_another_record_is_not_taken(joined: Joined) -> None:
    joined.theirs.answers = ["mixed up"]
    one, two = joined.handed(), joined.handed(title="Another")
    joined.tell()
    assert [joined.counterpart(each).their_reference for each in (one, two)].count("THEIRS-1") == 1
    assert joined.counterpart(one).acknowledged_at
    assert joined.counterpart(two).acknowledged_at
    (named,) = [each for each in (one, two) if joined.counterpart(each).their_reference]
    (other,) = [each for each in (one, two) if each.pk != named.pk]
    refused = joined.say(number=other.number, reference="THEIRS-1")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reference")


def test_a_paused_endpoint_hears_nothing_until_it_is_resumed(joined: Joined) -> None:
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        chief = joined.world.actor(joined.world.administrator)
        pause(provider=joined.world.supplier, reason="They move house", actor=chief)
    joined.handed()
    joined.tell()
    assert joined.theirs.heard == []
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        resume(provider=joined.world.supplier, actor=chief)
    joined.tell()
    assert len(joined.theirs.heard) == 1


def test_a_new_secret_and_the_old_one_both_sign_for_two_days(joined: Joined) -> None:
    old = joined.theirs.secret
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        chief = joined.world.actor(joined.world.administrator)
        _, new = rotate_secret(provider=joined.world.supplier, actor=chief, at=timezone.now())
    for secret in (old, new):
        joined.theirs.secret = secret
        joined.handed()
        joined.tell()
    assert len(joined.theirs.heard) == 2


def test_a_killed_sender_gives_back_what_it_held(joined: Joined) -> None:
    record = joined.handed()
    joined.theirs.answers = ["down"]
    joined.tell()
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        Outgoing.objects.update(status="leased", leased_until=timezone.now() - timedelta(seconds=1))
        EndpointHealth.objects.update(open_until=None)
    joined.theirs.answers = ["acknowledged"]
    assert release_expired(at=timezone.now()) == 1
    joined.tell(at=timezone.now() + timedelta(seconds=30))
    assert [row.status for row in joined.rows(record)] == ["done"]


def test_a_level_is_left_only_when_nothing_is_on_the_wire(joined: Joined) -> None:
    record = joined.handed()
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        about: dict[str, Any] = {
            "provider": joined.world.supplier,
            "process": "incident",
            "actor": joined.world.actor(joined.world.administrator),
            "level": "use",
            "reason": "They work in the desk",
            "at": timezone.now(),
        }
        with pytest.raises(RuleError) as refused:
            switch_level(**about)
        assert "level" in refused.value.fields
    joined.tell()
    with tenant_scope(joined.world.tenant.pk, actor="system:test"):
        switch_level(**about)
        comment(record=joined.now(record), body="Hello", actor=joined.agent, at=timezone.now())
    joined.tell()
    assert len(joined.theirs.heard) == 1


def test_another_suppliers_system_finds_nothing(joined: Joined, settings: Any) -> None:
    record = joined.handed()
    stranger = build_world("other")
    from_elsewhere = join(stranger, TheirSystem("taken"), settings)
    assert from_elsewhere.say(number=record.number, comment="Mine").status_code == 404
    desk = joined.client.__class__(**vars(joined.client))
    assert desk("GET", "suppliers/desk-partner/endpoint/").status_code == 404
