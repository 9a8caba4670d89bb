"""Drafts: tried as a job that counts only when whole, adopted as new versions, or thrown away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from calendars.models import CalendarVersion
from calendars.public import define_calendar
from catalogue.models import PriorityMatrix, Service
from catalogue.public import create_matrix, create_service
from incidents.public import Report, assign, raise_incident, resolve
from lifecycle.public import ForbiddenError, IllegalStepError, NotFoundError, StaleVersionError
from outbox.models import Message
from outbox.public import dispatch_batch
from people.models import Role
from people.public import Actor
from records.models import Record
from sla.engine.verdicts import Tallies
from sla.models import Clock, Draft, DraftChange, DraftRun, TargetVersion
from sla.public import TargetTerms, define_target
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
from sla.services.notation import todays_document
from sla.services.replay import replay
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope
from tests.support.world import OFFICE_HOURS, World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NOW = MONDAY_TEN + timedelta(days=7)
RECORDS = 5
LONGER = (
    "targets:\n- {code: resolution-rest, name: Resolution, duration: 16h, calendar: office,"
    " applies_to: {kind: incident, priority: [2, 3, 4, 5]}, stop: resolved, pause: pending_requester}\n"
)
HOURS = "calendars: {office: {zone: Europe/London, weekly: {mon-fri: 07:00-21:00}}}\n"
MATRIX = "matrices: [{name: Standard, cells: [[1,1,1,1],[1,1,1,1],[2,2,2,2],[5,5,5,5]]}]\n"
TEXT = DraftText(name="Sixteen hours", document=LONGER)


@dataclass
class Ticking:
    """A clock that does something at one of its ticks."""

    at_tick: int = -1
    then: Callable[[], object] = lambda: None
    ticks: int = field(default=0)

    def __call__(self) -> datetime:
        self.ticks += 1
        if self.ticks == self.at_tick:
            self.then()
        return NOW


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # Pages of two, so that a few records are several.
    monkeypatch.setattr(selection, "PAGE", 2)
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        _records(built)
        yield built


def _records(world: World) -> None:
    agent = world.actor(world.agent)
    for _ in range(RECORDS):
        record = raise_incident(report=Report(title="x", service="email"), actor=agent, at=MONDAY_TEN)
        record = assign(record=record, support_group="network", actor=agent, at=MONDAY_TEN)
        resolve(
            record=record,
            resolution="Done",
            resolution_code="fixed",
            actor=agent,
            at=MONDAY_TEN + timedelta(hours=30),
        )


def _boss(world: World) -> Actor:
    return world.actor(world.administrator)


def _draft(world: World, text: DraftText = TEXT) -> Draft:
    return start_draft(text=text, actor=_boss(world), at=NOW)


def _asked(world: World, draft: Draft) -> DraftRun:
    return request_run(draft_id=draft.pk, actor=_boss(world), at=NOW)


def _tried(world: World, text: DraftText = TEXT) -> Draft:
    draft = _draft(world, text)
    assert run_draft(run_id=_asked(world, draft).pk, now=Ticking()) == "finished"
    return draft


def _adopt(world: World, draft: Draft, **rest: Any) -> Draft:
    return adopt_draft(
        **{"draft_id": draft.pk, "effective_from": None, "actor": _boss(world), "at": NOW} | rest
    )


def _versions() -> list[Any]:
    return [
        list(TargetVersion.objects.order_by("id").values()),
        list(CalendarVersion.objects.order_by("id").values()),
        list(PriorityMatrix.objects.order_by("id").values("id", "cells", "name")),
    ]


def _differences() -> int:
    return sum(len(found) for _, found in replay())


# Trying.


def test_a_draft_is_tried_and_nothing_stored_changes(world: World) -> None:
    stored = [list(Clock.objects.order_by("id").values()), _versions()]
    draft = _tried(world)
    trial = trial_of(draft)
    assert trial.finished is not None
    assert (trial.finished.done, trial.finished.total, trial.stale) == (RECORDS, RECORDS, "")
    tallies = Tallies.of(trial.finished.tallies)
    assert (tallies.records, tallies.records_changed, tallies.total.breaches_gone) == (RECORDS,) * 3
    rows = list(changes_of(_boss(world), trial.finished))
    assert {(row.direction, row.provider, row.service) for row in rows} == {
        ("better", world.supplier.pk, world.service.pk)
    }
    assert len(rows) == RECORDS
    assert [list(Clock.objects.order_by("id").values()), _versions()] == stored


def test_asking_tells_the_worker_in_the_same_transaction(world: World) -> None:
    run = _asked(world, _draft(world))
    message = Message.objects.get(kind="what_if.requested")
    assert message.payload == {"run": str(run.pk)}


def test_a_draft_is_tried_once_at_a_time(world: World) -> None:
    draft = _draft(world)
    _asked(world, draft)
    with pytest.raises(RunActiveError):
        _asked(world, draft)
    assert DraftRun.objects.count() == 1


def test_one_that_nobody_works_at_any_more_can_be_asked_for_again(world: World) -> None:
    draft = _draft(world)
    first = _asked(world, draft)
    later = NOW + GIVEN_UP + timedelta(seconds=1)
    second = request_run(draft_id=draft.pk, actor=_boss(world), at=later)
    first.refresh_from_db()
    assert (first.state, second.state) == ("failed", "queued")
    # A worker that comes late for the first one leaves it.
    assert run_draft(run_id=first.pk, now=Ticking()) == "failed"
    assert run_draft(run_id=second.pk, now=Ticking()) == "finished"


@pytest.mark.parametrize("tick", range(1, 6))
def test_a_trial_cancelled_at_any_point_leaves_nothing(world: World, tick: int) -> None:
    draft = _draft(world)
    run = _asked(world, draft)
    cancelling = Ticking(tick, lambda: cancel_run(draft_id=draft.pk, actor=_boss(world), at=NOW))
    assert run_draft(run_id=run.pk, now=cancelling) == "cancelled"
    assert cancelling.ticks <= tick + 1
    assert not DraftChange.objects.exists()
    trial = trial_of(draft)
    assert trial.finished is None
    assert trial.latest is not None
    assert trial.latest.tallies is None
    # And it can be tried again.
    assert run_draft(run_id=_asked(world, draft).pk, now=Ticking()) == "finished"


def test_a_cancelled_trial_leaves_what_the_one_before_came_to(world: World) -> None:
    draft = _tried(world)
    before = trial_of(draft).finished
    run = _asked(world, draft)
    cancelling = Ticking(4, lambda: cancel_run(draft_id=draft.pk, actor=_boss(world), at=NOW))
    assert run_draft(run_id=run.pk, now=cancelling) == "cancelled"
    after = trial_of(draft).finished
    assert after == before
    assert after is not None
    assert changes_of(_boss(world), after).count() == DraftChange.objects.count() == RECORDS


class KilledError(BaseException):
    """Stands for what ends a worker."""


def test_a_killed_worker_leaves_it_to_the_next_one(world: World) -> None:
    draft = _draft(world)
    run = _asked(world, draft)
    # Half-way, and no chance to tidy up: as after kill -9.
    DraftRun.objects.filter(pk=run.pk).update(state="running", attempt=1, done=2, total=RECORDS)
    record = Record.objects.first()
    DraftChange.objects.create(
        run=run, attempt=1, record=record, kind="sla", metric="x", code="x", direction="worse",
        before="met", after="breached",
    )  # fmt: skip
    assert run_draft(run_id=run.pk, now=Ticking()) == "finished"
    run.refresh_from_db()
    assert (run.attempt, run.done) == (2, RECORDS)
    assert DraftChange.objects.count() == RECORDS


def test_of_two_workers_the_later_one_counts(world: World) -> None:
    draft = _draft(world)
    run = _asked(world, draft)
    states: list[str] = []
    taking_over = Ticking(4, lambda: states.append(run_draft(run_id=run.pk, now=Ticking())))
    assert run_draft(run_id=run.pk, now=taking_over) == "finished"
    assert states == ["finished"]
    finished = trial_of(draft).finished
    assert finished is not None
    assert finished.attempt == 2
    assert changes_of(_boss(world), finished).count() == DraftChange.objects.count() == RECORDS


def test_a_trial_that_breaks_off_says_so(world: World) -> None:
    draft = _draft(world)
    run = _asked(world, draft)

    def killed() -> None:
        raise KilledError

    with pytest.raises(KilledError):
        run_draft(run_id=run.pk, now=Ticking(4, killed))
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.reason
    assert not DraftChange.objects.exists()


def test_what_cannot_be_read_any_more_fails_with_the_reason(world: World) -> None:
    text = replace(TEXT, document=LONGER.replace("{kind: incident,", "{service: email,"))
    run = _asked(world, _draft(world, text))
    Service.objects.filter(code="email").update(code="mail")
    assert run_draft(run_id=run.pk, now=Ticking()) == "failed"
    run.refresh_from_db()
    assert "there is no service 'email'" in run.reason


def test_filters_choose_the_records(world: World) -> None:
    create_service(code="maps", name="Maps")
    draft = _tried(world, replace(TEXT, services=("maps",)))
    finished = trial_of(draft).finished
    assert finished is not None
    assert (finished.total, finished.tallies["records"]) == (0, 0)
    assert text_of(draft).services == ("maps",)


def test_restricted_records_are_in_no_list(world: World) -> None:
    draft = _tried(world)
    Record.objects.update(is_restricted=True)
    finished = trial_of(draft).finished
    assert finished is not None
    assert not changes_of(_boss(world), finished).exists()


# Stale.


def _other_hours(world: World) -> None:
    hours = OFFICE_HOURS | {"holidays": ["2026-12-25"]}
    define_calendar(code="office", name="x", definition=hours, effective_from=NOW + timedelta(days=400))


def _other_target(world: World) -> None:
    terms = TargetTerms(kind="uc", metric="resolution", duration=60, calendar=world.calendar)
    define_target(code="new", name="new", terms=terms, effective_from=NOW)


def _other_matrix(_: World) -> None:
    create_matrix(name="Other", cells=[3] * 16)


@pytest.mark.parametrize("edit", [_other_hours, _other_target, _other_matrix])
@pytest.mark.parametrize("when", ["while it runs", "afterwards"])
def test_definitions_that_change_make_the_result_stale(
    world: World, edit: Callable[[World], None], when: str
) -> None:
    draft = _draft(world)
    run = _asked(world, draft)
    during = Ticking(4, lambda: edit(world)) if when == "while it runs" else Ticking()
    assert run_draft(run_id=run.pk, now=during) == "finished"
    if when == "afterwards":
        edit(world)
    assert trial_of(draft).stale == "definitions"
    before = _versions()
    with pytest.raises(StaleResultError, match="Definitions changed"):
        _adopt(world, draft)
    assert _versions() == before
    assert run_draft(run_id=_asked(world, draft).pk, now=Ticking()) == "finished"
    assert trial_of(draft).stale == ""
    assert _adopt(world, draft, effective_from=NOW + timedelta(days=500)).state == "adopted"


def test_a_role_that_changes_does_not(world: World) -> None:
    draft = _tried(world)
    Role.objects.filter(code="resolver").update(name="Engineer")
    assert trial_of(draft).stale == ""


def test_an_edited_draft_is_to_be_tried_again(world: World) -> None:
    draft = _tried(world)
    text = replace(TEXT, document=LONGER.replace("16h", "12h"))
    edit_draft(draft_id=draft.pk, text=text, seen_version=1, actor=_boss(world), at=NOW)
    assert trial_of(read_draft(_boss(world), draft.pk)).stale == "edited"
    with pytest.raises(StaleResultError, match="edited after it was tried"):
        _adopt(world, draft)


def test_of_two_who_edit_the_later_one_is_told(world: World) -> None:
    draft = _draft(world)
    boss = _boss(world)
    edit_draft(draft_id=draft.pk, text=replace(TEXT, name="A"), seen_version=1, actor=boss, at=NOW)
    with pytest.raises(StaleVersionError) as caught:
        edit_draft(draft_id=draft.pk, text=replace(TEXT, name="B"), seen_version=1, actor=boss, at=NOW)
    assert (caught.value.seen, caught.value.current) == (1, 2)
    assert Draft.objects.get().name == "A"


# Adopting.


def test_adopting_adds_versions_and_changes_none(world: World) -> None:
    targets, calendars, _ = _versions()
    clocks = list(Clock.objects.order_by("id").values())
    draft = _adopt(world, _tried(world, replace(TEXT, document=HOURS + LONGER)))
    assert draft.state == "adopted"
    assert draft.effective_from is not None
    assert timedelta(minutes=1) <= draft.effective_from - NOW <= timedelta(minutes=2)
    after = _versions()
    assert after[0][: len(targets)] == targets
    assert after[1][: len(calendars)] == calendars
    (target,) = after[0][len(targets) :]
    assert (target["duration"], target["effective_from"]) == (16 * 3600, draft.effective_from)
    assert len(after[1]) == len(calendars) + 1
    assert list(Clock.objects.order_by("id").values()) == clocks
    assert _differences() == 0
    later = todays_document(int(draft.effective_from.timestamp()))
    assert next(each.duration_s for each in later.targets if each.code == "resolution-rest") == 16 * 3600


def test_clocks_that_run_keep_their_terms_and_replay_agrees(world: World) -> None:
    agent = world.actor(world.agent)
    running = raise_incident(report=Report(title="before"), actor=agent, at=NOW)
    draft = _adopt(world, _tried(world))
    assert draft.effective_from is not None
    after = draft.effective_from + timedelta(minutes=1)
    assign(record=running, support_group="network", actor=agent, at=after)
    fresh = raise_incident(report=Report(title="after"), actor=agent, at=after)
    durations = {
        record.pk: Clock.objects.get(record=record, metric="resolution").duration
        for record in (running, fresh)
    }
    assert durations == {running.pk: 8 * 3600, fresh.pk: 16 * 3600}
    assert _differences() == 0


def test_a_retired_target_is_a_version_too(world: World) -> None:
    count = TargetVersion.objects.count()
    draft = _tried(world, replace(TEXT, document="targets: [{code: response, retired: true}]\n"))
    _adopt(world, draft)
    assert TargetVersion.objects.count() == count + 1
    last = TargetVersion.objects.order_by("-id").first()
    assert last is not None
    assert (last.target.code, last.is_retired) == ("response", True)
    assert _differences() == 0


def test_a_matrix_is_a_new_row_in_the_old_ones_place(world: World) -> None:
    old = create_matrix(name="Standard", cells=[3] * 16, is_default=True)
    Service.objects.filter(code="email").update(matrix=old)
    draft = _tried(world, replace(TEXT, document=MATRIX))
    with pytest.raises(DraftError, match="holds as soon as it is adopted"):
        _adopt(world, draft, effective_from=NOW + timedelta(days=1))
    _adopt(world, draft)
    old.refresh_from_db()
    assert (old.cells, old.is_default) == ([3] * 16, False)
    new = PriorityMatrix.objects.get(is_default=True)
    assert new.cells[0] == 1
    assert Service.objects.get(code="email").matrix == new
    agent = world.actor(world.agent)
    assert raise_incident(report=Report(title="x", impact=1), actor=agent, at=NOW).priority == 1
    assert _differences() == 0


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (NOW - timedelta(seconds=1), "What was measured stays measured"),
        (datetime(1950, 1, 1, tzinfo=UTC), "What was measured stays measured"),
        (NOW + timedelta(days=4000), "more than ten years"),
    ],
)
def test_only_from_now_or_from_a_time_to_come(world: World, start: datetime, said: str) -> None:
    draft = _tried(world)
    before = _versions()
    with pytest.raises(DraftError, match=said) as caught:
        _adopt(world, draft, effective_from=start)
    assert list(caught.value.fields) == ["effective_from"]
    assert _versions() == before
    assert Draft.objects.get().state == "draft"


def test_a_version_planned_for_later_is_not_overridden_silently(world: World) -> None:
    terms = TargetTerms(kind="sla", metric="resolution", duration=60, calendar=world.calendar)
    planned = NOW + timedelta(days=30)
    define_target(code="resolution-rest", name="x", terms=terms, effective_from=planned)
    draft = _tried(world)
    with pytest.raises(DraftError, match="resolution-rest has a version from 2026-12-23 10:00 UTC already"):
        _adopt(world, draft)
    _adopt(world, draft, effective_from=planned + timedelta(days=1))


def test_a_draft_that_was_not_tried_is_not_adopted(world: World) -> None:
    with pytest.raises(StaleResultError, match="has not been tried"):
        _adopt(world, _draft(world))
    draft = _tried(world)
    _asked(world, draft)
    with pytest.raises(StaleResultError, match="being tried just now"):
        _adopt(world, draft)


def test_what_is_over_is_over(world: World) -> None:
    draft = _tried(world)
    _adopt(world, draft)
    boss = _boss(world)
    for again in (
        lambda: _adopt(world, draft),
        lambda: discard_draft(draft_id=draft.pk, actor=boss),
        lambda: edit_draft(draft_id=draft.pk, text=TEXT, seen_version=1, actor=boss, at=NOW),
        lambda: _asked(world, draft),
    ):
        with pytest.raises(IllegalStepError, match="was adopted already"):
            again()


def test_what_is_thrown_away_leaves_no_results(world: World) -> None:
    draft = _tried(world)
    assert discard_draft(draft_id=draft.pk, actor=_boss(world)).state == "discarded"
    assert not DraftChange.objects.exists()


def test_a_draft_thrown_away_while_it_is_tried(world: World) -> None:
    draft = _draft(world)
    run = _asked(world, draft)
    discarding = Ticking(4, lambda: discard_draft(draft_id=draft.pk, actor=_boss(world)))
    assert run_draft(run_id=run.pk, now=discarding) == "cancelled"
    assert not DraftChange.objects.exists()


# Who may, and what is refused.


@pytest.mark.parametrize("who", ["user", "engineer", "agent"])
def test_only_those_who_define_write_drafts(world: World, who: str) -> None:
    draft = _tried(world)
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
    draft = _tried(world)
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
    text = DraftText(name=" ", document="targets: [{code: x}]", services=("mial",), priorities=(7,))
    with pytest.raises(DraftError) as caught:
        start_draft(text=text, actor=_boss(world), at=NOW)
    assert set(caught.value.fields) == {"name", "document", "services", "priorities"}
    assert [fault.line for fault in caught.value.faults] == [1, 1]
    assert caught.value.extra()["faults"][0]["problem"] == "the key 'duration' is missing"
    assert not Draft.objects.exists()


# Races, on connections of their own.


@pytest.fixture
def committed(transactional_db: None) -> World:
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        _records(built)
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
        draft = _tried(committed)
        count = TargetVersion.objects.count()
    outcomes = _at_once(committed, *[lambda: _adopt(committed, draft)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["Draft", "IllegalStepError"]
    with tenant_scope(committed.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.count() == count + 1


def test_of_two_who_try_one_does(committed: World) -> None:
    with tenant_scope(committed.tenant.pk, actor="system:test"):
        draft = _draft(committed)
    outcomes = _at_once(committed, *[lambda: _asked(committed, draft)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["DraftRun", "RunActiveError"]


def test_a_definition_that_is_written_while_adopting_makes_it_stale(committed: World) -> None:
    world = committed
    with tenant_scope(world.tenant.pk, actor="system:test"):
        draft = _tried(world)
        before = TargetVersion.objects.count()
    wrote, go_on = threading.Event(), threading.Event()

    def define_slowly() -> None:
        with tenant_scope(world.tenant.pk, actor="system:test"):
            with transaction.atomic():
                _other_target(world)
                wrote.set()
                go_on.wait(5)
            connection.close()

    writer = threading.Thread(target=define_slowly)
    writer.start()
    wrote.wait(5)
    threading.Timer(0.5, go_on.set).start()
    with tenant_scope(world.tenant.pk, actor="system:test"), pytest.raises(StaleResultError):
        _adopt(world, draft)
    writer.join()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert TargetVersion.objects.count() == before + 1
        assert Draft.objects.get().state == "draft"


@pytest.mark.worker
def test_a_real_worker_tries_it(real_worker: Any, committed: World) -> None:
    world = committed
    with tenant_scope(world.tenant.pk, actor="system:test"):
        run = request_run(draft_id=_draft(world).pk, actor=_boss(world), at=NOW)
    dispatch_batch()
    deadline = threading.Event()
    for _ in range(100):
        with tenant_scope(world.tenant.pk, actor="system:test"):
            state = DraftRun.objects.get(pk=run.pk).state
        if state == "finished":
            break
        deadline.wait(0.2)
    assert state == "finished"
    assert isinstance(run.pk, UUID)
