"""Clocks against an oracle that steps through time, over random histories, targets and edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.engine import Change, Clock, TargetBook, TargetDefinition, compute_clocks, timeline, user_clock
from tests.sla import oracle
from tests.sla.hours import CALENDARS, IS_OPEN, london_is_open
from tests.sla.stepping import expected
from tests.sla.strategies import (
    AUTUMN,
    OPENED,
    SPAN,
    SPRING,
    Scene,
    focused_scenes,
    histories,
    instants,
    scenes,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEARCHING = settings(max_examples=max(300, settings().max_examples))


def _told(clock: Clock) -> oracle.OracleClock:
    return oracle.OracleClock(
        target_id=clock.target_id,
        party=clock.party,
        started_at=clock.started_at,
        matched_at=clock.matched_at,
        state=clock.state,
        stopped_at=clock.stopped_at,
        elapsed=clock.elapsed,
        running_since=clock.running_since,
        due_at=None,
        reached=dict(clock.schedule),
    )


@given(scene=scenes())
@_SEARCHING
def test_clocks_are_what_stepping_through_time_finds(scene: Scene) -> None:
    history, definitions, now = scene.history, scene.definitions, scene.now
    clocks = compute_clocks(
        timeline=timeline(reversed(history)), definitions=definitions, calendars=CALENDARS, now=now
    )
    assert [_told(clock) for clock in clocks] == expected(history, definitions, now)


@given(scene=focused_scenes())
@_SEARCHING
def test_updates_approvals_and_promises_are_what_stepping_through_time_finds(scene: Scene) -> None:
    clocks = compute_clocks(
        timeline=timeline(scene.history), definitions=scene.definitions, calendars=CALENDARS, now=scene.now
    )
    assert [_told(clock) for clock in clocks] == expected(scene.history, scene.definitions, scene.now)


@given(history=histories(), definitions=targets(), now=instants())
def test_the_figures_of_a_clock_agree_with_each_other(
    history: list[Change], definitions: list[TargetDefinition], now: int
) -> None:
    book = TargetBook(definitions)
    seen: set[tuple[object, ...]] = set()
    for clock in compute_clocks(timeline=timeline(history), definitions=book, calendars=CALENDARS, now=now):
        assert clock.remaining == clock.duration - clock.elapsed
        # What tells a record's clocks apart.
        assert (clock.target_id, clock.party, clock.matched_at) not in seen
        seen.add((clock.target_id, clock.party, clock.matched_at))
        assert (clock.state in {"running", "paused"}) == (clock.stopped_at is None)
        assert (clock.met is None) == (clock.state != "stopped")
        assert clock.met is None or clock.met == (clock.breached_at is None)
        assert list(clock.schedule) == sorted(clock.schedule)
        assert clock.breached_at is None or clock.due_at == clock.breached_at <= now
        assert clock.breached_at is None or clock.elapsed >= clock.duration
        assert clock.breached_at is not None or clock.elapsed <= clock.duration
        assert all(at <= now for _, at in clock.warnings)
        assert clock.next_fire_at == clock.next_fire_after(now)
        if clock.next_fire_at is not None:
            assert clock.next_fire_at > now
            assert clock.next_fire_at <= (clock.due_at or 0) or clock.breached_at is not None
        if clock.state == "running":
            assert clock.running_since is not None
            working = CALENDARS[_calendar_of(clock, definitions)](clock.matched_at)
            # A clock that waits for a promised date runs since that date, which is ahead.
            counted = working.open_seconds(clock.running_since, max(now, clock.running_since))
            assert clock.consumed + counted == clock.elapsed
            assert (clock.breached_at is not None) == (clock.due_at is not None and clock.due_at <= now)
        if clock.state == "stopped" and clock.due_at is not None and clock.stopped_at is not None:
            assert clock.met == (clock.stopped_at <= clock.due_at)


@given(history=histories(), definitions=targets(), now=instants(), later=instants())
def test_an_edit_or_a_change_yet_to_come_moves_nothing(
    history: list[Change], definitions: list[TargetDefinition], now: int, later: int
) -> None:
    now, later = min(now, later), max(now, later) + 1
    known = [change for change in history if change.at <= now]
    newer = [
        TargetDefinition(
            id="newer",
            code="N",
            kind=kind,
            metric=metric,
            duration=60,
            calendar="always",
            scope={"kind": frozenset({"incident"}), "support_group": frozenset({"desk", "network"})},
            effective_from=later,
            created_order=99,
        )
        for kind in ("sla", "ola", "uc")
        for metric in ("response", "resolution")
    ]
    before = compute_clocks(timeline=timeline(known), definitions=definitions, calendars=CALENDARS, now=now)
    after = compute_clocks(
        timeline=timeline(history), definitions=[*newer, *definitions], calendars=CALENDARS, now=now
    )
    assert before == after


@given(history=histories(), definitions=targets(), now=instants(), since=instants())
def test_every_warning_and_breach_is_told_once_however_long_nobody_looked(
    history: list[Change], definitions: list[TargetDefinition], now: int, since: int
) -> None:
    since = min(since, now)
    for clock in compute_clocks(
        timeline=timeline(history), definitions=definitions, calendars=CALENDARS, now=now, since=since
    ):
        told: list[int] = []
        next_fire_at = clock.next_fire_at
        while next_fire_at is not None and next_fire_at <= now:
            told.append(next_fire_at)
            next_fire_at = clock.next_fire_after(next_fire_at)
        ended = clock.state in {"superseded", "cancelled"}
        happened = sorted({at for _, at in clock.schedule if since < at <= now})
        assert told == ([] if ended else happened)


@given(history=histories(), now=instants(), hours=st.sampled_from(("office", "always")))
def test_the_users_clock_runs_until_resolved_and_never_pauses(
    history: list[Change], now: int, hours: str
) -> None:
    is_open = IS_OPEN[hours]
    waited = 0
    for at in range(oracle.opened_at(history), now, oracle.TICK):
        done = oracle.facts_at(history, at)["phase"] in {"resolved", "closed", "cancelled"}
        waited += oracle.TICK * (not done and is_open(at))
    clock = user_clock(timeline=timeline(history), calendar=CALENDARS[hours](now), now=now)
    assert clock is not None
    assert clock.elapsed == waited
    done_now = oracle.facts_at(history, now)["phase"] in {"resolved", "closed", "cancelled"}
    assert (
        (clock.state == "stopped")
        == done_now
        == (clock.stopped_at is not None)
        == (clock.running_since is None)
    )


def _calendar_of(clock: Clock, definitions: Sequence[TargetDefinition]) -> str:
    return next(target.calendar for target in definitions if target.id == clock.target_id)


def test_the_grid_covers_lunch_a_weekend_a_holiday_and_clocks_that_change() -> None:
    for opened in (OPENED, SPRING, AUTUMN):
        for code, is_open in IS_OPEN.items():
            open_ticks = [is_open(opened + tick * oracle.TICK) for tick in range(SPAN)]
            assert (0 < sum(open_ticks) < SPAN) == (code != "always")
            for tick, is_open_then in enumerate(open_ticks):
                at = opened + tick * oracle.TICK
                assert CALENDARS[code](at).open_seconds(at, at + oracle.TICK) == oracle.TICK * is_open_then
    weekends = [
        sum(london_is_open(opened + tick * oracle.TICK) for tick in range(SPAN))
        for opened in (SPRING, AUTUMN)
    ]
    assert weekends[0] != weekends[1]
