"""Drafts: tried as a job that counts only when whole; edited, thrown away; and who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue.models import Service
from catalogue.public import create_service
from lifecycle.public import ForbiddenError, NotFoundError, StaleVersionError
from outbox.models import Message
from people.models import Role
from records.models import Record
from sla.engine.verdicts import Tallies
from sla.models import Clock, Draft, DraftChange, DraftRun
from sla.queries.drafts import changes_of, drafts, read_draft, trial_of
from sla.services import selection
from sla.services.adopt_draft import StaleResultError, adopt_draft
from sla.services.drafts import (
    GIVEN_UP,
    DraftError,
    DraftText,
    RunActiveError,
    cancel_run,
    discard_draft,
    edit_draft,
    request_run,
    start_draft,
    text_of,
)
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope
from tests.sla.drafting import (
    LONGER,
    NOW,
    RECORDS,
    TEXT,
    Ticking,
    adopt,
    asked,
    definer,
    new_draft,
    other_hours,
    other_matrix,
    other_target,
    resolved_records,
    tried,
    versions,
)
from tests.support.world import World, build_world


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # Pages of two, so that a few records are several.
    monkeypatch.setattr(selection, "PAGE", 2)
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        resolved_records(built)
        yield built


# Trying.


def test_a_draft_is_tried_and_nothing_stored_changes(world: World) -> None:
    stored = [list(Clock.objects.order_by("id").values()), versions()]
    draft = tried(world)
    trial = trial_of(draft)
    assert trial.finished is not None
    assert (trial.finished.done, trial.finished.total, trial.stale) == (RECORDS, RECORDS, "")
    tallies = Tallies.of(trial.finished.tallies or {})
    assert (tallies.records, tallies.records_changed, tallies.total.breaches_gone) == (RECORDS,) * 3
    rows = list(changes_of(definer(world), trial.finished))
    assert {(row.direction, row.provider, row.service) for row in rows} == {
        ("better", world.supplier.pk, world.service.pk)
    }
    assert len(rows) == RECORDS
    assert [list(Clock.objects.order_by("id").values()), versions()] == stored


def test_asking_tells_the_worker_in_the_same_transaction(world: World) -> None:
    run = asked(world, new_draft(world))
    message = Message.objects.get(kind="what_if.requested")
    assert message.payload == {"run": str(run.pk)}


def test_a_draft_is_tried_once_at_a_time(world: World) -> None:
    draft = new_draft(world)
    asked(world, draft)
    with pytest.raises(RunActiveError):
        asked(world, draft)
    assert DraftRun.objects.count() == 1


def test_one_that_nobody_works_at_any_more_can_be_asked_for_again(world: World) -> None:
    draft = new_draft(world)
    first = asked(world, draft)
    later = NOW + GIVEN_UP + timedelta(seconds=1)
    second = request_run(draft_id=draft.pk, actor=definer(world), at=later)
    first.refresh_from_db()
    assert (first.state, second.state) == ("failed", "queued")
    # A worker that comes late for the first one leaves it.
    assert run_draft(run_id=first.pk, read_time=Ticking()) == "failed"
    assert run_draft(run_id=second.pk, read_time=Ticking()) == "finished"


@pytest.mark.parametrize("tick", range(1, 6))
def test_a_trial_cancelled_at_any_point_leaves_nothing(world: World, tick: int) -> None:
    draft = new_draft(world)
    run = asked(world, draft)
    cancelling = Ticking(tick, lambda: cancel_run(draft_id=draft.pk, actor=definer(world), at=NOW))
    assert run_draft(run_id=run.pk, read_time=cancelling) == "cancelled"
    assert cancelling.ticks <= tick + 1
    assert not DraftChange.objects.exists()
    trial = trial_of(draft)
    assert trial.finished is None
    assert trial.latest is not None
    assert trial.latest.tallies is None
    # And it can be tried again.
    assert run_draft(run_id=asked(world, draft).pk, read_time=Ticking()) == "finished"


def test_a_cancelled_trial_leaves_what_the_one_before_came_to(world: World) -> None:
    draft = tried(world)
    before = trial_of(draft).finished
    run = asked(world, draft)
    cancelling = Ticking(4, lambda: cancel_run(draft_id=draft.pk, actor=definer(world), at=NOW))
    assert run_draft(run_id=run.pk, read_time=cancelling) == "cancelled"
    after = trial_of(draft).finished
    assert after == before
    assert after is not None
    assert changes_of(definer(world), after).count() == DraftChange.objects.count() == RECORDS


class KilledError(BaseException):
    """Stands for what ends a worker."""


def test_a_killed_worker_leaves_it_to_the_next_one(world: World) -> None:
    draft = new_draft(world)
    run = asked(world, draft)
    # Half-way, and no chance to tidy up: as after kill -9.
    DraftRun.objects.filter(pk=run.pk).update(state="running", attempt=1, done=2, total=RECORDS)
    record = Record.objects.earliest("id")
    DraftChange.objects.create(
        run=run, attempt=1, record=record, kind="sla", metric="x", code="x", direction="worse",
        before="met", after="breached",
    )  # fmt: skip
    assert run_draft(run_id=run.pk, read_time=Ticking()) == "finished"
    run.refresh_from_db()
    assert (run.attempt, run.done) == (2, RECORDS)
    assert DraftChange.objects.count() == RECORDS


def test_of_two_workers_the_later_one_counts(world: World) -> None:
    draft = new_draft(world)
    run = asked(world, draft)
    states: list[str] = []
    taking_over = Ticking(4, lambda: states.append(run_draft(run_id=run.pk, read_time=Ticking())))
    assert run_draft(run_id=run.pk, read_time=taking_over) == "finished"
    assert states == ["finished"]
    finished = trial_of(draft).finished
    assert finished is not None
    assert finished.attempt == 2
    assert changes_of(definer(world), finished).count() == DraftChange.objects.count() == RECORDS


def test_a_trial_that_breaks_off_says_so(world: World) -> None:
    draft = new_draft(world)
    run = asked(world, draft)

    def killed() -> None:
        raise KilledError

    with pytest.raises(KilledError):
        run_draft(run_id=run.pk, read_time=Ticking(4, killed))
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.reason
    assert not DraftChange.objects.exists()


def test_what_cannot_be_read_any_more_fails_with_the_reason(world: World) -> None:
    text = replace(TEXT, document=LONGER.replace("{kind: incident,", "{service: email,"))
    run = asked(world, new_draft(world, text))
    Service.objects.filter(code="email").update(code="mail")
    assert run_draft(run_id=run.pk, read_time=Ticking()) == "failed"
    run.refresh_from_db()
    assert "there is no service 'email'" in run.reason


def test_filters_choose_the_records(world: World) -> None:
    create_service(code="maps", name="Maps")
    draft = tried(world, replace(TEXT, services=("maps",)))
    finished = trial_of(draft).finished
    assert finished is not None
    assert (finished.total, (finished.tallies or {})["records"]) == (0, 0)
    assert text_of(draft).services == ("maps",)


def test_restricted_records_are_in_no_list(world: World) -> None:
    draft = tried(world)
    Record.objects.update(is_restricted=True)
    finished = trial_of(draft).finished
    assert finished is not None
    assert not changes_of(definer(world), finished).exists()


# Stale.


@pytest.mark.parametrize("edit", [other_hours, other_target, other_matrix])
@pytest.mark.parametrize("when", ["while it runs", "afterwards"])
def test_definitions_that_change_make_the_result_stale(
    world: World, edit: Callable[[World], None], when: str
) -> None:
    draft = new_draft(world)
    run = asked(world, draft)
    during = Ticking(4, lambda: edit(world)) if when == "while it runs" else Ticking()
    assert run_draft(run_id=run.pk, read_time=during) == "finished"
    if when == "afterwards":
        edit(world)
    assert trial_of(draft).stale == "definitions"
    before = versions()
    with pytest.raises(StaleResultError, match="Definitions changed"):
        adopt(world, draft)
    assert versions() == before
    assert run_draft(run_id=asked(world, draft).pk, read_time=Ticking()) == "finished"
    assert trial_of(draft).stale == ""
    assert adopt(world, draft, effective_from=NOW + timedelta(days=500)).state == "adopted"


def test_a_role_that_changes_does_not(world: World) -> None:
    draft = tried(world)
    Role.objects.filter(code="resolver").update(name="Engineer")
    assert trial_of(draft).stale == ""


def test_an_edited_draft_is_to_be_tried_again(world: World) -> None:
    draft = tried(world)
    text = replace(TEXT, document=LONGER.replace("16h", "12h"))
    edit_draft(draft_id=draft.pk, text=text, seen_version=1, actor=definer(world), at=NOW)
    assert trial_of(read_draft(definer(world), draft.pk)).stale == "edited"
    with pytest.raises(StaleResultError, match="edited after it was tried"):
        adopt(world, draft)


def test_of_two_who_edit_the_later_one_is_told(world: World) -> None:
    draft = new_draft(world)
    boss = definer(world)
    edit_draft(draft_id=draft.pk, text=replace(TEXT, name="A"), seen_version=1, actor=boss, at=NOW)
    with pytest.raises(StaleVersionError) as caught:
        edit_draft(draft_id=draft.pk, text=replace(TEXT, name="B"), seen_version=1, actor=boss, at=NOW)
    assert (caught.value.seen, caught.value.current) == (1, 2)
    assert Draft.objects.get().name == "A"


# Who may, and what is refused.


@pytest.mark.parametrize("who", ["user", "engineer", "agent"])
def test_only_those_who_define_write_drafts(world: World, who: str) -> None:
    draft = tried(world)
    actor = world.actor(getattr(world, who))
    for step in (
        lambda: start_draft(text=TEXT, actor=actor, at=NOW),
        lambda: edit_draft(draft_id=draft.pk, text=TEXT, seen_version=1, actor=actor, at=NOW),
        lambda: request_run(draft_id=draft.pk, actor=actor, at=NOW),
        lambda: cancel_run(draft_id=draft.pk, actor=actor, at=NOW),
        lambda: discard_draft(draft_id=draft.pk, actor=actor),
        lambda: adopt_draft(draft_id=draft.pk, effective_from=None, actor=actor, at=NOW),
    ):
        with pytest.raises(ForbiddenError):
            step()
    if who == "agent":
        assert drafts(actor).count() == 1
    else:
        with pytest.raises(ForbiddenError):
            drafts(actor)


def test_a_draft_of_another_tenant_is_none(world: World) -> None:
    draft = tried(world)
    other = build_world("dvla")
    with tenant_scope(other.tenant.pk, actor="system:test"):
        boss = other.actor(other.administrator)
        assert not drafts(boss).exists()
        for step in (
            lambda: read_draft(boss, draft.pk),
            lambda: request_run(draft_id=draft.pk, actor=boss, at=NOW),
            lambda: adopt_draft(draft_id=draft.pk, effective_from=None, actor=boss, at=NOW),
            lambda: discard_draft(draft_id=draft.pk, actor=boss),
        ):
            with pytest.raises(NotFoundError):
                step()
        assert not DraftChange.objects.exists()
        assert not DraftRun.objects.exists()


def test_every_mistake_of_a_text_is_told(world: World) -> None:
    text = DraftText(name=" ", document="targets: [{code: x}]", services=("mailx",), priorities=(7,))
    with pytest.raises(DraftError) as caught:
        start_draft(text=text, actor=definer(world), at=NOW)
    assert set(caught.value.fields) == {"name", "document", "services", "priorities"}
    assert [fault.line for fault in caught.value.faults] == [1, 1]
    assert caught.value.extra()["faults"][0]["problem"] == "the key 'duration' is missing"
    assert not Draft.objects.exists()
