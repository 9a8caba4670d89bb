"""Clocks against an oracle that steps through time, over random histories, targets and edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import Change, Clock, TargetBook, TargetDefinition, compute_clocks, timeline, user_clock
from tests.sla import hours, oracle
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
    from collections.abc import Callable, Sequence

_HOURS = [["09:00", "12:30"], ["13:30", "17:00"]]
_OFFICE = WorkingTime(
    parse_calendar(
        {
            "zone": "UTC",
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS),
            "holidays": ["2026-01-06"],
        }
    )
)
_ALWAYS = WorkingTime(parse_calendar({"zone": "UTC", "always": True}))
_LONDON = WorkingTime(
    parse_calendar(
        {
            "zone": "Europe/London",
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _HOURS)
            | {"sun": [["00:30", "05:30"]]},
            "holidays": ["2026-01-06", "2026-03-31", "2026-10-27"],
        }
    )
)
_WORKING = {"office": _OFFICE, "always": _ALWAYS, "london": _LONDON}
_CALENDARS = {code: CalendarVersions([(0, working)]) for code, working in _WORKING.items()}
_IS_OPEN: dict[str, Callable[[int], bool]] = {
    "office": hours.office_is_open,
    "always": hours.always_is_open,
    "london": hours.london_is_open,
}
_PARTY = {"sla": None, "ola": "support_group", "uc": "provider"}
_SEARCHING = settings(max_examples=max(300, settings().max_examples))


def _expected(
    history: Sequence[Change], definitions: Sequence[TargetDefinition], now: int
) -> list[oracle.OracleClock]:
    clocks: list[oracle.OracleClock] = []
    for kind, attribute in _PARTY.items():
        for metric in ("approval", "fulfilment", "resolution", "response", "update"):
            chain = [target for target in definitions if (target.kind, target.metric) == (kind, metric)]
            parties: list[object] = [None]
            whose = "approver" if attribute and metric == "approval" else attribute
            if whose is not None and chain:
                ticks = range(oracle.opened_at(history), now + 1, oracle.TICK)
                held = [oracle.facts_at(history, at)[whose] for at in ticks]
                parties = [party for party in dict.fromkeys(held) if party is not None]
            for party in parties if chain else []:
                found = [
                    oracle.measured(cycle, history, now, _IS_OPEN[cycle.target.calendar])
                    for path in oracle.followed(chain, history, now, whose, party)
                    for cycle in oracle.cut(path, history, now, whose)
                ]
                clocks += [clock for clock in found if clock is not None]
    return clocks


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
        timeline=timeline(reversed(history)), definitions=definitions, calendars=_CALENDARS, now=now
    )
    assert [_told(clock) for clock in clocks] == _expected(history, definitions, now)


@given(scene=focused_scenes())
@_SEARCHING
def test_updates_approvals_and_promises_are_what_stepping_through_time_finds(scene: Scene) -> None:
    clocks = compute_clocks(
        timeline=timeline(scene.history), definitions=scene.definitions, calendars=_CALENDARS, now=scene.now
    )
    assert [_told(clock) for clock in clocks] == _expected(scene.history, scene.definitions, scene.now)


@given(history=histories(), definitions=targets(), now=instants())
def test_the_figures_of_a_clock_agree_with_each_other(
    history: list[Change], definitions: list[TargetDefinition], now: int
) -> None:
    book = TargetBook(definitions)
    seen: set[tuple[object, ...]] = set()
    for clock in compute_clocks(timeline=timeline(history), definitions=book, calendars=_CALENDARS, now=now):
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
            working = _WORKING[_calendar_of(clock, definitions)]
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
    before = compute_clocks(timeline=timeline(known), definitions=definitions, calendars=_CALENDARS, now=now)
    after = compute_clocks(
        timeline=timeline(history), definitions=[*newer, *definitions], calendars=_CALENDARS, now=now
    )
    assert before == after


@given(history=histories(), definitions=targets(), now=instants(), since=instants())
def test_every_warning_and_breach_is_told_once_however_long_nobody_looked(
    history: list[Change], definitions: list[TargetDefinition], now: int, since: int
) -> None:
    since = min(since, now)
    for clock in compute_clocks(
        timeline=timeline(history), definitions=definitions, calendars=_CALENDARS, now=now, since=since
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
    is_open = _IS_OPEN[hours]
    waited = 0
    for at in range(oracle.opened_at(history), now, oracle.TICK):
        done = oracle.facts_at(history, at)["phase"] in {"resolved", "closed", "cancelled"}
        waited += oracle.TICK * (not done and is_open(at))
    clock = user_clock(timeline=timeline(history), calendar=_CALENDARS[hours](now), now=now)
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
        for code, is_open in _IS_OPEN.items():
            open_ticks = [is_open(opened + tick * oracle.TICK) for tick in range(SPAN)]
            assert (0 < sum(open_ticks) < SPAN) == (code != "always")
            for tick, expected in enumerate(open_ticks):
                at = opened + tick * oracle.TICK
                assert _WORKING[code].open_seconds(at, at + oracle.TICK) == oracle.TICK * expected
    weekends = [
        sum(hours.london_is_open(opened + tick * oracle.TICK) for tick in range(SPAN))
        for opened in (SPRING, AUTUMN)
    ]
    assert weekends[0] != weekends[1]
