"""Clocks by example: what the law of the domain says, one sentence a test."""

from __future__ import annotations

from typing import Any

import pytest

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import (
    Change,
    Clock,
    EmptyHistoryError,
    TargetDefinition,
    UnknownCalendarError,
    compute_clocks,
    timeline,
    user_clock,
)
from tests.calendars.oracle import instant

HOUR = 3600
_WEEK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
_OFFICE = WorkingTime(parse_calendar({"zone": "UTC", "weekly": _WEEK}))
_ALWAYS = WorkingTime(parse_calendar({"zone": "UTC", "always": True}))
_CALENDARS = {"office": CalendarVersions([(0, _OFFICE)]), "always": CalendarVersions([(0, _ALWAYS)])}


def _target(**more: Any) -> TargetDefinition:
    plain: dict[str, Any] = {
        "id": "T",
        "code": "T",
        "kind": "sla",
        "metric": "resolution",
        "duration": 10 * HOUR,
        "calendar": "always",
    }
    return TargetDefinition(**plain | more)


def _history(*changes: tuple[int, dict[str, Any]], verb: str = "update") -> list[Change]:
    opened = Change(0, 0, {"kind": "incident", "state": "new", "phase": "open", "priority": 3})
    return [opened, *(Change(at, seq, facts, verb) for seq, (at, facts) in enumerate(changes, start=1))]


def _clocks(history: list[Change], *definitions: TargetDefinition, now: int) -> tuple[Clock, ...]:
    return compute_clocks(timeline=timeline(history), definitions=definitions, calendars=_CALENDARS, now=now)


_RESOLVED = {"state": "resolved", "phase": "resolved"}
_CLOSED = {"state": "closed", "phase": "closed"}
_WORKING = {"state": "in_progress", "phase": "open"}
_WAITING = {"state": "pending_requester", "phase": "pending"}


@pytest.mark.parametrize(
    ("stopped_at", "met", "breached_at"),
    [(10 * HOUR - 1, True, None), (10 * HOUR, True, None), (10 * HOUR + 1, False, 10 * HOUR)],
)
def test_stopping_exactly_at_due_is_met(stopped_at: int, met: bool, breached_at: int | None) -> None:
    (clock,) = _clocks(_history((stopped_at, _RESOLVED)), _target(), now=99 * HOUR)
    assert (clock.met, clock.breached_at, clock.elapsed) == (met, breached_at, stopped_at)


@pytest.mark.parametrize(
    ("now", "breached_at"), [(10 * HOUR - 1, None), (10 * HOUR, 10 * HOUR), (10**6, 10 * HOUR)]
)
def test_a_running_clock_breaches_at_its_due_instant_whenever_looked_at(
    now: int, breached_at: int | None
) -> None:
    (clock,) = _clocks(_history(), _target(), now=now)
    assert (clock.breached_at, clock.due_at, clock.met) == (breached_at, 10 * HOUR, None)


def test_a_clock_due_at_fridays_closing_is_breached_though_stopped_before_monday() -> None:
    friday = instant("2026-01-02 08:00")
    history = [
        Change(friday, 0, {"state": "new", "phase": "open"}),
        Change(friday + 30 * HOUR, 1, _RESOLVED),
    ]
    (clock,) = _clocks(history, _target(calendar="office"), now=friday + 99 * HOUR)
    assert clock.breached_at == clock.due_at == instant("2026-01-02 18:00")
    assert (clock.met, clock.elapsed) == (False, 10 * HOUR)


def test_pausing_hides_due_and_resuming_moves_it() -> None:
    history = _history((2 * HOUR, _WAITING), (5 * HOUR, _WORKING))
    target = _target(pause_on=frozenset({"pending"}))
    (paused,) = _clocks(history, target, now=3 * HOUR)
    assert (paused.state, paused.due_at, paused.elapsed, paused.next_fire_at) == (
        "paused",
        None,
        2 * HOUR,
        None,
    )
    (resumed,) = _clocks(history, target, now=6 * HOUR)
    assert (resumed.due_at, resumed.elapsed, resumed.consumed) == (13 * HOUR, 3 * HOUR, 2 * HOUR)
    assert resumed.running_since == 5 * HOUR


def test_a_clock_paused_with_nothing_left_breaches_as_it_resumes() -> None:
    history = _history((10 * HOUR, _WAITING), (20 * HOUR, _WORKING))
    target = _target(pause_on=frozenset({"pending"}))
    (paused,) = _clocks(history, target, now=19 * HOUR)
    assert (paused.breached_at, paused.remaining) == (None, 0)
    (resumed,) = _clocks(history, target, now=20 * HOUR)
    assert resumed.breached_at == 20 * HOUR


def test_a_change_of_priority_keeps_the_start_and_the_pauses_and_shows_the_old_clock() -> None:
    history = _history((1 * HOUR, _WAITING), (3 * HOUR, _WORKING), (4 * HOUR, {"priority": 1}))
    slow = _target(id="P3", scope={"priority": frozenset({3})}, pause_on=frozenset({"pending"}))
    fast = _target(
        id="P1", scope={"priority": frozenset({1})}, duration=2 * HOUR, pause_on=frozenset({"pending"})
    )
    old, new = _clocks(history, slow, fast, now=5 * HOUR)
    assert (old.target_id, old.state, old.stopped_at, old.elapsed) == ("P3", "superseded", 4 * HOUR, 2 * HOUR)
    assert (new.target_id, new.state, new.started_at, new.matched_at) == ("P1", "running", 0, 4 * HOUR)
    assert (new.elapsed, new.breached_at) == (3 * HOUR, 4 * HOUR)


def test_a_change_that_leaves_no_target_cancels_the_clock() -> None:
    history = _history((4 * HOUR, {"priority": 1}))
    (clock,) = _clocks(history, _target(scope={"priority": frozenset({3})}), now=5 * HOUR)
    assert (clock.state, clock.stopped_at, clock.elapsed, clock.met) == (
        "cancelled",
        4 * HOUR,
        4 * HOUR,
        None,
    )


def test_an_edited_target_holds_for_records_matched_from_then_on() -> None:
    old = _target(id="v1", effective_to=2 * HOUR)
    new = _target(id="v2", duration=HOUR, effective_from=2 * HOUR, created_order=1)
    (kept,) = _clocks(_history((3 * HOUR, {"support_group": "desk"})), old, new, now=4 * HOUR)
    assert kept.target_id == "v1"
    later = [Change(3 * HOUR, 0, {"state": "new", "phase": "open"})]
    (fresh,) = _clocks(later, old, new, now=4 * HOUR)
    assert fresh.target_id == "v2"


def test_a_target_written_later_does_not_make_an_old_change_count() -> None:
    old = _target(id="v1", effective_to=2 * HOUR)
    edited = _target(id="v2", duration=HOUR, effective_from=2 * HOUR, created_order=1)
    later = _target(id="L", scope={"support_group": frozenset({"network"})}, effective_from=50 * HOUR)
    (clock,) = _clocks(_history((3 * HOUR, {"support_group": "desk"})), old, edited, later, now=60 * HOUR)
    assert (clock.target_id, clock.matched_at) == ("v1", 0)


def test_the_calendar_is_the_version_in_force_when_the_target_was_matched() -> None:
    edited = CalendarVersions([(0, _ALWAYS), (HOUR, _OFFICE)])
    (clock,) = compute_clocks(
        timeline=timeline(_history()), definitions=[_target()], calendars={"always": edited}, now=2 * HOUR
    )
    assert clock.elapsed == 2 * HOUR


def test_reopening_resumes_resolution_without_the_time_in_resolved() -> None:
    history = _history(
        (2 * HOUR, _RESOLVED), (7 * HOUR, _WORKING), (8 * HOUR, _RESOLVED), (9 * HOUR, _CLOSED)
    )
    (stopped,) = _clocks(history, _target(), now=6 * HOUR)
    assert (stopped.state, stopped.stopped_at, stopped.met) == ("stopped", 2 * HOUR, True)
    (again,) = _clocks(history, _target(), now=7 * HOUR)
    assert (again.state, again.due_at) == ("running", 15 * HOUR)
    (closed,) = _clocks(history, _target(), now=99 * HOUR)
    assert (closed.stopped_at, closed.elapsed) == (8 * HOUR, 3 * HOUR)


def test_response_stops_for_good_at_the_first_human_comment_or_assignment() -> None:
    target = _target(metric="response", stop_on=frozenset({"responded:comment", "responded:assigned"}))
    robot = Change(1 * HOUR, 1, {}, "incident:comment", human=False)
    person = Change(2 * HOUR, 2, {}, "incident:comment")
    assigned = Change(3 * HOUR, 3, {"assignee": "ann"})
    (by_comment,) = _clocks([*_history(), robot, person, assigned], target, now=9 * HOUR)
    assert by_comment.stopped_at == 2 * HOUR
    (by_person,) = _clocks([*_history(), robot, assigned], target, now=9 * HOUR)
    assert by_person.stopped_at == 3 * HOUR


def test_a_response_given_is_not_undone_by_a_later_priority() -> None:
    slow = _target(
        id="P3", metric="response", scope={"priority": frozenset({3})}, stop_on=frozenset({"in_progress"})
    )
    fast = _target(id="P1", metric="response", scope={"priority": frozenset({1})}, duration=1)
    history = _history((HOUR, _WORKING), (2 * HOUR, {"priority": 1, "state": "new"}))
    (clock,) = _clocks(history, slow, fast, now=5 * HOUR)
    assert (clock.target_id, clock.state, clock.stopped_at, clock.met) == ("P3", "stopped", HOUR, True)


def test_a_state_passed_within_one_second_is_a_response_too() -> None:
    target = _target(metric="response", stop_on=frozenset({"in_progress"}))
    (clock,) = _clocks(_history((HOUR, _WORKING), (HOUR, _WAITING)), target, now=5 * HOUR)
    assert (clock.state, clock.stopped_at) == ("stopped", HOUR)


def test_closing_stops_a_clock_that_waits_for_something_else() -> None:
    (clock,) = _clocks(_history((HOUR, _CLOSED)), _target(stop_on=frozenset({"fulfilled"})), now=2 * HOUR)
    assert (clock.state, clock.stopped_at, clock.met) == ("stopped", HOUR, True)


def test_cancelling_the_record_cancels_its_clocks() -> None:
    history = _history((HOUR, {"state": "cancelled", "phase": "cancelled"}))
    (clock,) = _clocks(history, _target(), now=99 * HOUR)
    assert (clock.state, clock.stopped_at, clock.elapsed, clock.met) == ("cancelled", HOUR, HOUR, None)


def test_a_clock_may_start_later_than_the_record() -> None:
    target = _target(metric="fulfilment", start_on="fulfilling", stop_on=frozenset({"resolved"}))
    history = _history((HOUR, {"state": "fulfilling"}), (3 * HOUR, _RESOLVED))
    assert _clocks(history, target, now=HOUR - 1) == ()
    (clock,) = _clocks(history, target, now=5 * HOUR)
    assert (clock.started_at, clock.elapsed) == (HOUR, 2 * HOUR)
    by_mark = _target(start_on="responded:assigned")
    assigned = _history((2 * HOUR, {"assignee": "ann"}))
    assert _clocks(assigned, by_mark, now=3 * HOUR)[0].started_at == 2 * HOUR


_DESK = {"support_group": "desk", "provider": "us"}
_VENDOR = {"support_group": "vendor", "provider": "them"}


def test_the_holds_of_a_group_add_up_on_one_clock() -> None:
    history = _history((HOUR, _DESK), (3 * HOUR, _VENDOR), (7 * HOUR, _DESK), (8 * HOUR, _RESOLVED))
    target = _target(kind="ola", scope={"support_group": frozenset({"desk"})})
    (between,) = _clocks(history, target, now=5 * HOUR)
    assert (between.state, between.elapsed, between.party) == ("paused", 2 * HOUR, "desk")
    (clock,) = _clocks(history, target, now=99 * HOUR)
    assert (clock.started_at, clock.stopped_at, clock.elapsed, clock.met) == (HOUR, 8 * HOUR, 3 * HOUR, True)


def test_a_target_per_hold_gives_each_stay_its_own_clock() -> None:
    history = _history((HOUR, _DESK), (3 * HOUR, _VENDOR), (7 * HOUR, _DESK), (8 * HOUR, _RESOLVED))
    target = _target(kind="uc", duration=90 * 60, cumulative=False)
    clocks = _clocks(history, target, now=99 * HOUR)
    assert [(clock.party, clock.started_at, clock.stopped_at, clock.met) for clock in clocks] == [
        ("us", HOUR, 3 * HOUR, False),
        ("us", 7 * HOUR, 8 * HOUR, True),
        ("them", 3 * HOUR, 7 * HOUR, False),
    ]


def test_time_with_the_requester_or_on_the_wire_is_not_the_groups() -> None:
    history = _history(
        (HOUR, {**_VENDOR, "on_wire": True}),
        (2 * HOUR, {"on_wire": False}),
        (3 * HOUR, _WAITING),
        (6 * HOUR, _WORKING),
    )
    (clock,) = _clocks(history, _target(kind="ola"), now=7 * HOUR)
    assert clock.elapsed == 2 * HOUR


def test_a_groups_response_is_its_own_not_that_of_the_group_before() -> None:
    target = _target(kind="ola", metric="response", stop_on=frozenset({"responded:assigned"}))
    history = _history(
        (HOUR, {**_DESK, "assignee": "ann"}),
        (2 * HOUR, {**_VENDOR, "assignee": None}),
        (5 * HOUR, {"assignee": "vic"}),
    )
    desk, vendor = _clocks(history, target, now=9 * HOUR)
    assert (desk.started_at, desk.stopped_at) == (HOUR, HOUR)
    assert (vendor.started_at, vendor.stopped_at, vendor.elapsed) == (2 * HOUR, 5 * HOUR, 3 * HOUR)


def test_warnings_come_at_their_share_of_the_duration() -> None:
    (clock,) = _clocks(_history(), _target(), now=8 * HOUR)
    assert clock.warnings == ((50, 5 * HOUR), (75, 7 * HOUR + 1800))
    assert clock.schedule == (*clock.warnings, (90, 9 * HOUR), (100, 10 * HOUR))
    assert clock.next_fire_at == 9 * HOUR
    assert [clock.next_fire_after(since) for since in (0, 5 * HOUR, 9 * HOUR, 10 * HOUR)] == [
        5 * HOUR,
        7 * HOUR + 1800,
        10 * HOUR,
        None,
    ]


def test_a_calendar_that_will_not_open_again_gives_no_due() -> None:
    once = WorkingTime(
        parse_calendar({"zone": "UTC", "weekly": {}, "exceptions": {"1970-01-01": [["00:00", "01:00"]]}})
    )
    (clock,) = compute_clocks(
        timeline=timeline(_history()),
        definitions=[_target()],
        calendars={"always": lambda _: once},
        now=5 * HOUR,
    )
    assert (clock.state, clock.elapsed, clock.due_at, clock.schedule) == ("running", HOUR, None, ())


def test_before_its_opening_a_record_has_no_clocks() -> None:
    history = timeline([Change(100, 0, {"phase": "open"})])
    assert compute_clocks(timeline=history, definitions=[_target()], calendars=_CALENDARS, now=99) == ()
    assert user_clock(timeline=history, calendar=_ALWAYS, now=99) is None


def test_a_history_without_changes_and_a_calendar_not_handed_in_are_refused() -> None:
    with pytest.raises(EmptyHistoryError):
        timeline([])
    with pytest.raises(UnknownCalendarError, match="'nowhere'"):
        _clocks(_history(), _target(calendar="nowhere"), now=1)
