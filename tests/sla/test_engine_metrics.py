"""Updates, approvals, and pauses by holder and until a date: what they mean, one sentence a test."""

from __future__ import annotations

import time
from typing import Any

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import Change, Clock, TargetBook, TargetDefinition, compute_clocks, timeline

HOUR = 3600
_ALWAYS = WorkingTime(parse_calendar({"zone": "UTC", "always": True}))
_CALENDARS = {"always": CalendarVersions([(0, _ALWAYS)])}
_RESOLVED = {"state": "resolved", "phase": "resolved"}
_WORKING = {"state": "in_progress", "phase": "open"}
_WAITING = {"state": "pending_requester", "phase": "pending"}
_DESK = {"support_group": "desk", "provider": "us"}
_VENDOR = {"support_group": "vendor", "provider": "them"}
_COMMENT: dict[str, Any] = {"verb": "incident:comment"}


def _target(**more: Any) -> TargetDefinition:
    plain: dict[str, Any] = {
        "id": "T",
        "code": "T",
        "kind": "sla",
        "metric": "update",
        "duration": 4 * HOUR,
        "calendar": "always",
    }
    return TargetDefinition(**plain | more)


def _clocks(
    *steps: tuple[int, dict[str, Any]], target: TargetDefinition, now: int, **opened: Any
) -> tuple[Clock, ...]:
    """The clocks of a record with these steps, at these hours; `verb` among the facts is the step's."""
    first = {"kind": "incident", "state": "new", "phase": "open", "requester": "rita"} | opened
    changes = [Change(0, 0, first)]
    for seq, (hour, given) in enumerate(steps, start=1):
        facts = dict(given)
        verb, human = facts.pop("verb", "update"), facts.pop("human", True)
        changes.append(Change(hour * HOUR, seq, facts, verb, human))
    return compute_clocks(
        timeline=timeline(changes), definitions=[target], calendars=_CALENDARS, now=now * HOUR
    )


def _spans(clocks: tuple[Clock, ...]) -> list[tuple[int, int | None, bool | None]]:
    return [
        (clock.started_at // HOUR, clock.stopped_at // HOUR if clock.stopped_at else None, clock.met)
        for clock in clocks
    ]


def test_each_comment_ends_a_cycle_of_updates_and_begins_the_next() -> None:
    clocks = _clocks((3, _COMMENT), (9, _COMMENT), target=_target(), now=10)
    assert _spans(clocks) == [(0, 3, True), (3, 9, False), (9, None, None)]
    assert (clocks[1].breached_at, clocks[2].due_at) == (7 * HOUR, 13 * HOUR)


def test_what_a_rule_or_the_requester_says_is_no_update() -> None:
    clocks = _clocks((3, {**_COMMENT, "human": False}), target=_target(), now=10)
    assert _spans(clocks) == [(0, None, None)]


def test_no_update_is_owed_while_resolved_and_reopening_begins_anew() -> None:
    clocks = _clocks((3, _RESOLVED), (5, _COMMENT), (20, _WORKING), target=_target(), now=21)
    assert _spans(clocks) == [(0, 3, True), (20, None, None)]


def test_pauses_hold_for_updates_too() -> None:
    target = _target(pause_on=frozenset({"pending"}))
    clocks = _clocks((1, {**_COMMENT, **_WAITING}), (9, _WORKING), target=target, now=10)
    assert _spans(clocks) == [(0, 1, True), (1, None, None)]
    assert (clocks[1].elapsed, clocks[1].due_at) == (HOUR, 13 * HOUR)


def test_a_cycle_follows_a_new_priority_from_its_own_start() -> None:
    steps = ((3, _COMMENT), (5, {"priority": 1}), (6, _COMMENT))
    slow = _target(id="slow", scope={"priority": frozenset({3})})
    fast = _target(id="fast", scope={"priority": frozenset({1})}, duration=HOUR)
    changes = [Change(0, 0, {"kind": "incident", "phase": "open", "priority": 3})]
    for seq, (hour, given) in enumerate(steps, start=1):
        facts = dict(given)
        changes.append(Change(hour * HOUR, seq, facts, facts.pop("verb", "update")))
    clocks = compute_clocks(
        timeline=timeline(changes), definitions=[slow, fast], calendars=_CALENDARS, now=7 * HOUR
    )
    assert [
        (clock.target_id, clock.state, clock.started_at, clock.matched_at, clock.stopped_at)
        for clock in clocks
    ] == [
        ("slow", "stopped", 0, 0, 3 * HOUR),
        ("slow", "superseded", 3 * HOUR, 3 * HOUR, 5 * HOUR),
        ("fast", "stopped", 3 * HOUR, 5 * HOUR, 6 * HOUR),
        ("fast", "running", 6 * HOUR, 6 * HOUR, None),
    ]
    assert clocks[2].met is False


def test_a_group_owes_updates_only_while_it_has_the_record() -> None:
    steps = ((2, _VENDOR), (5, _COMMENT), (6, _COMMENT), (9, _DESK))
    clocks = _clocks(*steps, target=_target(kind="ola"), now=10, **_DESK)
    assert [(clock.party, *_spans((clock,))[0], clock.elapsed // HOUR) for clock in clocks] == [
        ("desk", 0, 5, True, 2),
        ("desk", 9, None, None, 1),
        ("vendor", 2, 5, True, 3),
        ("vendor", 5, 6, True, 1),
        ("vendor", 6, None, None, 3),
    ]


def test_approval_counts_only_while_an_approver_has_the_record() -> None:
    steps = ((2, {"approver": "boss"}), (5, {"approver": None}), (7, {"approver": "deputy"}))
    target = _target(metric="approval")
    assert _clocks(*steps, target=target, now=1) == ()
    (clock,) = _clocks(*steps, target=target, now=8)
    assert (clock.started_at, clock.elapsed, clock.breached_at) == (2 * HOUR, 4 * HOUR, 8 * HOUR)
    (between,) = _clocks(*steps, target=target, now=6)
    assert (between.state, between.elapsed) == ("paused", 3 * HOUR)


def test_each_round_of_approval_may_be_measured_alone() -> None:
    steps = ((2, {"approver": "boss"}), (4, {"approver": "deputy"}), (7, {"approver": None}))
    again = (8, {"approver": "boss"})
    clocks = _clocks(*steps, again, target=_target(metric="approval", cumulative=False), now=9)
    assert _spans(clocks) == [(2, 7, False), (8, None, None)]
    by_person = _clocks(*steps, again, target=_target(metric="approval", kind="ola"), now=9)
    assert [(clock.party, clock.elapsed // HOUR) for clock in by_person] == [("boss", 3), ("deputy", 3)]


def test_a_clock_pauses_for_whom_the_target_names() -> None:
    steps = ((1, _VENDOR), (3, {"on_wire": True}), (6, {"on_wire": False}), (7, _WAITING), (10, _WORKING))

    def elapsed(*rules: str) -> int:
        target = _target(metric="resolution", pause_on=frozenset(rules))
        (clock,) = _clocks(*steps, target=target, now=12, **_DESK)
        return clock.elapsed // HOUR

    assert elapsed() == 12
    assert elapsed("holder:wire") == 9
    assert elapsed("holder:requester") == 9
    assert elapsed("group:vendor") == elapsed("provider:them") == 12 - 2 - 1 - 2
    assert elapsed("group:desk", "holder:wire", "holder:requester") == 5
    assert elapsed("group:nobody") == 12


def test_a_promised_date_ends_the_pause_by_itself() -> None:
    steps = ((1, {**_WAITING, "pending_until": 5 * HOUR}), (9, _WORKING))
    target = _target(metric="resolution", pause_on=frozenset({"pending"}), pause_until=True)
    (waiting,) = _clocks(*steps, target=target, now=3)
    assert (waiting.elapsed, waiting.running_since, waiting.due_at) == (HOUR, 5 * HOUR, 8 * HOUR)
    assert waiting.next_fire_at == 6 * HOUR
    (after,) = _clocks(*steps, target=target, now=8)
    assert (after.state, after.elapsed, after.breached_at) == ("running", 4 * HOUR, 8 * HOUR)
    deaf = _target(metric="resolution", pause_on=frozenset({"pending"}))
    (paused,) = _clocks(*steps, target=deaf, now=8)
    assert (paused.state, paused.elapsed, paused.due_at) == ("paused", HOUR, None)


def test_a_promised_date_does_not_end_a_pause_for_another_party() -> None:
    steps = ((1, {**_WAITING, "pending_until": 5 * HOUR, "on_wire": True}),)
    target = _target(metric="resolution", pause_on=frozenset({"pending", "holder:wire"}), pause_until=True)
    (clock,) = _clocks(*steps, target=target, now=9)
    assert (clock.state, clock.elapsed) == ("paused", HOUR)


def test_a_long_history_costs_in_proportion() -> None:
    def seconds_for(count: int) -> float:
        opened = Change(0, 0, {"kind": "incident", "state": "new", "phase": "open"})
        states = (_WORKING, _WAITING)
        said = (Change(at * HOUR, at, states[at % 2], "incident:comment") for at in range(1, count))
        line, book = timeline([opened, *said]), TargetBook([_target()])
        taken = []
        for _ in range(3):
            began = time.process_time()
            clocks = compute_clocks(timeline=line, definitions=book, calendars=_CALENDARS, now=count * HOUR)
            taken.append(time.process_time() - began)
            assert len(clocks) == count
        return min(taken)

    # Eight times as much: were it squared, sixty-four times as long.
    assert seconds_for(4000) < 20 * seconds_for(500)
