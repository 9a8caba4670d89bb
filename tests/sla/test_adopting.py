"""Adopting a draft: new versions only, of what was tried, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from catalogue.models import PriorityMatrix, Service
from catalogue.public import create_matrix
from incidents.public import Report, assign, raise_incident
from lifecycle.public import IllegalStepError
from outbox.public import dispatch_batch
from sla.models import Clock, Draft, DraftChange, DraftRun, TargetVersion
from sla.public import TargetTerms, define_target
from sla.services import selection
from sla.services.adopt_draft import StaleResultError
from sla.services.drafts import (
    DraftError,
    DraftText,
    discard_draft,
    edit_draft,
    request_run,
    start_draft,
)
from sla.services.notation import todays_document
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope
from tests.sla.drafting import (
    HOURS,
    LONGER,
    MATRIX,
    NOW,
    RECORDS,
    TEXT,
    Ticking,
    adopt,
    asked,
    definer,
    differences,
    new_draft,
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


# Adopting.


def test_adopting_adds_versions_and_changes_none(world: World) -> None:
    targets, calendars, _ = versions()
    clocks = list(Clock.objects.order_by("id").values())
    draft = adopt(world, tried(world, replace(TEXT, document=HOURS + LONGER)))
    assert draft.state == "adopted"
    assert draft.effective_from is not None
    assert timedelta(minutes=1) <= draft.effective_from - NOW <= timedelta(minutes=2)
    after = versions()
    assert after[0][: len(targets)] == targets
    assert after[1][: len(calendars)] == calendars
    (target,) = after[0][len(targets) :]
    assert (target["duration"], target["effective_from"]) == (16 * 3600, draft.effective_from)
    assert len(after[1]) == len(calendars) + 1
    assert list(Clock.objects.order_by("id").values()) == clocks
    assert differences() == 0
    later = todays_document(int(draft.effective_from.timestamp()))
    assert next(each.duration_s for each in later.targets if each.code == "resolution-rest") == 16 * 3600


def test_clocks_that_run_keep_their_terms_and_replay_agrees(world: World) -> None:
    agent = world.actor(world.agent)
    running = raise_incident(report=Report(title="before"), actor=agent, at=NOW)
    draft = adopt(world, tried(world))
    assert draft.effective_from is not None
    after = draft.effective_from + timedelta(minutes=1)
    assign(record=running, support_group="network", actor=agent, at=after)
    fresh = raise_incident(report=Report(title="after"), actor=agent, at=after)
    durations = {
        record.pk: Clock.objects.get(record=record, metric="resolution").duration
        for record in (running, fresh)
    }
    assert durations == {running.pk: 8 * 3600, fresh.pk: 16 * 3600}
    assert differences() == 0


def test_a_retired_target_is_a_version_too(world: World) -> None:
    count = TargetVersion.objects.count()
    draft = tried(world, replace(TEXT, document="targets: [{code: response, retired: true}]\n"))
    adopt(world, draft)
    assert TargetVersion.objects.count() == count + 1
    last = TargetVersion.objects.order_by("-id").first()
    assert last is not None
    assert (last.target.code, last.is_retired) == ("response", True)
    assert differences() == 0


def _escalated(document: str, rows: str) -> DraftText:
    return replace(TEXT, document=document.rstrip("}\n") + f", escalations: {rows}}}\n")


def test_what_happens_on_the_way_is_adopted_and_changes_no_verdict(world: World) -> None:
    as_it_is = LONGER.replace("16h", "8h")
    with pytest.raises(DraftError, match="cannot be tried"):
        new_draft(world, replace(TEXT, document=as_it_is))
    rows = "[{percent: 90, action: notify_role, role: administrator}, {percent: 100, action: raise_priority}]"
    draft = tried(world, _escalated(as_it_is, rows))
    run = DraftRun.objects.get(draft=draft)
    assert run.tallies is not None
    assert run.tallies["records_changed"] == 0
    adopt(world, draft)
    last = TargetVersion.objects.order_by("-id")[0]
    assert sorted(last.escalations.values_list("percent", "action", "role__code")) == [
        (90, "notify_role", "administrator"),
        (100, "raise_priority", None),
    ]
    # A draft that says nothing of them leaves them as they are.
    adopt(world, tried(world), effective_from=NOW + timedelta(hours=1))
    last = TargetVersion.objects.order_by("-id")[0]
    assert (last.duration, last.escalations.count()) == (16 * 3600, 2)


def test_a_draft_may_take_away_what_happens_on_the_way(world: World) -> None:
    as_it_is = LONGER.replace("16h", "8h")
    adopt(world, tried(world, _escalated(as_it_is, "[{percent: 100, action: raise_priority}]")))
    later = NOW + timedelta(hours=1)
    text = _escalated(as_it_is, "[]")
    draft = start_draft(text=text, actor=definer(world), at=later)
    run = request_run(draft_id=draft.pk, actor=definer(world), at=later)
    assert run_draft(run_id=run.pk, read_time=lambda: later) == "finished"
    adopt(world, draft, at=later)
    assert TargetVersion.objects.order_by("-id")[0].escalations.count() == 0


def test_who_holds_a_record_pauses_the_clocks_of_a_draft(world: World) -> None:
    """The network group has each record from its opening on, so no time of the target is ever used."""
    paused = LONGER.replace("16h", "8h").replace(
        "pause: pending_requester", "pause: ['group:network', 'holder:wire'], pause_until: true"
    )
    draft = tried(world, replace(TEXT, document=paused))
    run = DraftRun.objects.get(draft=draft)
    assert run.tallies is not None
    assert run.tallies["records_changed"] == RECORDS
    adopt(world, draft)
    last = TargetVersion.objects.order_by("-id")[0]
    assert (last.pause_on, last.pause_until) == ([f"group:{world.network_group.pk}", "holder:wire"], True)
    (entry,) = [
        each
        for each in todays_document(int(last.effective_from.timestamp())).targets
        if each.code == "resolution-rest"
    ]
    assert (entry.pause, entry.pause_until) == (frozenset({"group:network", "holder:wire"}), True)


def test_a_matrix_is_a_new_row_in_the_old_ones_place(world: World) -> None:
    old = create_matrix(name="Standard", cells=[3] * 16, is_default=True)
    Service.objects.filter(code="email").update(matrix=old)
    draft = tried(world, replace(TEXT, document=MATRIX))
    with pytest.raises(DraftError, match="holds as soon as it is adopted"):
        adopt(world, draft, effective_from=NOW + timedelta(days=1))
    adopt(world, draft)
    old.refresh_from_db()
    assert (old.cells, old.is_default) == ([3] * 16, False)
    new = PriorityMatrix.objects.get(is_default=True)
    assert new.cells[0] == 1
    assert Service.objects.get(code="email").matrix == new
    agent = world.actor(world.agent)
    assert raise_incident(report=Report(title="x", impact=1), actor=agent, at=NOW).priority == 1
    assert differences() == 0


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (NOW - timedelta(seconds=1), "What was measured stays measured"),
        (datetime(1950, 1, 1, tzinfo=UTC), "What was measured stays measured"),
        (NOW + timedelta(days=4000), "more than ten years"),
    ],
)
def test_only_from_now_or_from_a_time_to_come(world: World, start: datetime, said: str) -> None:
    draft = tried(world)
    before = versions()
    with pytest.raises(DraftError, match=said) as caught:
        adopt(world, draft, effective_from=start)
    assert list(caught.value.fields) == ["effective_from"]
    assert versions() == before
    assert Draft.objects.get().state == "draft"


def test_a_version_planned_for_later_is_not_overridden_silently(world: World) -> None:
    terms = TargetTerms(kind="sla", metric="resolution", duration=60, calendar=world.calendar)
    planned = NOW + timedelta(days=30)
    define_target(code="resolution-rest", name="x", terms=terms, effective_from=planned)
    draft = tried(world)
    with pytest.raises(DraftError, match="resolution-rest has a version from 2026-12-23 10:00 UTC already"):
        adopt(world, draft)
    adopt(world, draft, effective_from=planned + timedelta(days=1))


def test_a_draft_that_was_not_tried_is_not_adopted(world: World) -> None:
    with pytest.raises(StaleResultError, match="has not been tried"):
        adopt(world, new_draft(world))
    draft = tried(world)
    asked(world, draft)
    with pytest.raises(StaleResultError, match="being tried just now"):
        adopt(world, draft)


def test_what_is_over_is_over(world: World) -> None:
    draft = tried(world)
    adopt(world, draft)
    boss = definer(world)
    for again in (
        lambda: adopt(world, draft),
        lambda: discard_draft(draft_id=draft.pk, actor=boss),
        lambda: edit_draft(draft_id=draft.pk, text=TEXT, seen_version=1, actor=boss, at=NOW),
        lambda: asked(world, draft),
    ):
        with pytest.raises(IllegalStepError, match="was adopted already"):
            again()


def test_what_is_thrown_away_leaves_no_results(world: World) -> None:
    draft = tried(world)
    assert discard_draft(draft_id=draft.pk, actor=definer(world)).state == "discarded"
    assert not DraftChange.objects.exists()


def test_a_draft_thrown_away_while_it_is_tried(world: World) -> None:
    draft = new_draft(world)
    run = asked(world, draft)
    discarding = Ticking(4, lambda: discard_draft(draft_id=draft.pk, actor=definer(world)))
    assert run_draft(run_id=run.pk, read_time=discarding) == "cancelled"
    assert not DraftChange.objects.exists()


# Races, on connections of their own.


@pytest.fixture
def committed(transactional_db: None) -> World:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        resolved_records(built)
    return built


def _at_once(world: World, *steps: Callable[[], object]) -> list[object]:
    """What each step answers, or raises, when they start together."""
    gate = threading.Barrier(len(steps))
    outcomes: list[object] = [None] * len(steps)

    def run(place: int, step: Callable[[], object]) -> None:
        try:
            with tenant_scope(world.tenant.pk, actor="system:test"):
                gate.wait()
                outcomes[place] = step()
        except Exception as error:  # noqa: BLE001  what it raised is the outcome
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_who_adopt_one_does(committed: World) -> None:
    with tenant_scope(committed.tenant.pk, actor="system:test"):
        draft = tried(committed)
        count = TargetVersion.objects.count()
    outcomes = _at_once(committed, *[lambda: adopt(committed, draft)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["Draft", "IllegalStepError"]
    with tenant_scope(committed.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.count() == count + 1


def test_of_two_who_try_one_does(committed: World) -> None:
    with tenant_scope(committed.tenant.pk, actor="system:test"):
        draft = new_draft(committed)
    outcomes = _at_once(committed, *[lambda: asked(committed, draft)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["DraftRun", "RunActiveError"]


def test_a_definition_that_is_written_while_adopting_makes_it_stale(committed: World) -> None:
    world = committed
    with tenant_scope(world.tenant.pk, actor="system:test"):
        draft = tried(world)
        before = TargetVersion.objects.count()
    wrote, go_on = threading.Event(), threading.Event()

    def define_slowly() -> None:
        with tenant_scope(world.tenant.pk, actor="system:test"):
            with transaction.atomic():
                other_target(world)
                wrote.set()
                go_on.wait(5)
            connection.close()

    writer = threading.Thread(target=define_slowly)
    writer.start()
    wrote.wait(5)
    threading.Timer(0.5, go_on.set).start()
    with tenant_scope(world.tenant.pk, actor="system:test"), pytest.raises(StaleResultError):
        adopt(world, draft)
    writer.join()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.count() == before + 1
        assert Draft.objects.get().state == "draft"


@pytest.mark.worker
def test_a_real_worker_tries_it(real_worker: Any, committed: World) -> None:
    world = committed
    with tenant_scope(world.tenant.pk, actor="system:test"):
        run = request_run(draft_id=new_draft(world).pk, actor=definer(world), at=NOW)
    dispatch_batch()
    deadline = threading.Event()
    state = ""
    for _ in range(100):
        with tenant_scope(world.tenant.pk, actor="system:test"):
            state = DraftRun.objects.get(pk=run.pk).state
        if state == "finished":
            break
        deadline.wait(0.2)
    assert state == "finished"
