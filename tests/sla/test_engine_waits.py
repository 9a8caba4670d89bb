"""Waits, whose minutes a breach was, and the rest that custody tells, against looking at every tick."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given

from sla.engine import (
    Change,
    CustodyAnalysis,
    TargetBook,
    TargetDefinition,
    analyse,
    compute_clocks,
    hops,
    ping_pong,
    timeline,
    used_seconds,
)
from tests.sla import oracle
from tests.sla.hours import CALENDARS, IS_OPEN
from tests.sla.strategies import histories, instants, targets

if TYPE_CHECKING:
    from collections.abc import Sequence


def _analysed(
    history: Sequence[Change], definitions: Sequence[TargetDefinition], now: int
) -> CustodyAnalysis:
    line = timeline(history)
    clocks = compute_clocks(timeline=line, definitions=TargetBook(definitions), calendars=CALENDARS, now=now)
    return analyse(timeline=line, changes=history, clocks=clocks, now=now)


@given(history=histories(), definitions=targets(), now=instants())
def test_what_a_breached_clock_counted_is_split_to_the_second_by_who_held_the_record(
    history: list[Change], definitions: list[TargetDefinition], now: int
) -> None:
    line = timeline(history)
    clocks = compute_clocks(timeline=line, definitions=TargetBook(definitions), calendars=CALENDARS, now=now)
    found = analyse(timeline=line, changes=history, clocks=clocks, now=now)
    calendar_of = {definition.id: definition.calendar for definition in definitions}
    breached = [
        clock
        for clock in clocks
        if clock.kind == "sla" and clock.breached_at and clock.state not in ("superseded", "cancelled")
    ]
    assert [(each.target_id, each.matched_at) for each in found.breaches] == [
        (clock.target_id, clock.matched_at) for clock in breached
    ]
    for clock, breach in zip(breached, found.breaches, strict=True):
        is_open = IS_OPEN[calendar_of[clock.target_id]]
        counted: Counter[Any] = Counter()
        overrun: Counter[Any] = Counter()
        for start, end in clock.runs:
            for at in range(start, end, oracle.TICK):
                if is_open(at):
                    counted[oracle.holder_at(history, at)] += oracle.TICK
                    overrun[oracle.holder_at(history, at)] += oracle.TICK * (at >= breach.breached_at)
        shares: Counter[Any] = Counter()
        late: Counter[Any] = Counter()
        for share in breach.shares:
            shares[share.party_kind, share.party] += share.seconds
            late[share.party_kind, share.party] += share.overrun
            assert share.party_kind == "group" or share.provider is None
        assert +shares == +counted
        assert +late == +overrun
        assert sum(share.seconds for share in breach.shares) == breach.counted == clock.elapsed
        assert sum(share.overrun for share in breach.shares) == breach.overrun


@given(history=histories(), definitions=targets(), now=instants())
def test_every_tick_of_waiting_lies_in_exactly_one_wait(
    history: list[Change], definitions: list[TargetDefinition], now: int
) -> None:
    waits = _analysed(history, definitions, now).waits
    for at in range(oracle.opened_at(history), now, oracle.TICK):
        facts = oracle.facts_at(history, at)
        covering = [wait.state for wait in waits if wait.start <= at and (wait.end is None or at < wait.end)]
        assert covering == ([facts["state"]] if facts["phase"] == "pending" else [])


@given(history=histories(), now=instants())
def test_stretches_partition_the_time_from_opening_to_closing(history: list[Change], now: int) -> None:
    found = _analysed(history, [], now)
    ticks = range(oracle.opened_at(history), now, oracle.TICK)
    held = Counter(holder for at in ticks if (holder := oracle.holder_at(history, at)) is not None)
    assert {party: seconds // oracle.TICK for party, seconds in found.totals.items()} == held
    assert found.whole == sum(found.totals.values())
    line = timeline(history)
    assert (found.hops, found.ping_pong) == (
        hops(timeline=line, until=now),
        ping_pong(timeline=line, until=now),
    )


def _office_clock(**more: Any) -> TargetDefinition:
    terms: dict[str, Any] = {
        "id": "T",
        "code": "T",
        "kind": "sla",
        "metric": "resolution",
        "duration": 4 * 3600,
        "calendar": "always",
        "pause_on": frozenset({"pending_requester"}),
    }
    return TargetDefinition(**terms | more)


HOUR = 3600


def _history() -> list[Change]:
    opened = {"state": "new", "phase": "open", "requester": "rita", "support_group": "desk", "provider": "us"}
    asks = {"state": "pending_requester", "phase": "pending"}
    works = {"state": "in_progress", "phase": "open"}
    return [
        Change(0, 1, opened, "incident:raise", human=False, actor="rita"),
        Change(1 * HOUR, 2, asks, "incident:comment", actor="ann"),
        Change(3 * HOUR, 3, works, "incident:comment", human=False, actor="rita"),
        Change(4 * HOUR, 4, {"support_group": "network", "provider": "them"}, "incident:assign", actor="ann"),
        Change(int(5.5 * HOUR), 5, asks, "incident:pend_requester", actor="bob"),
        Change(6 * HOUR, 6, works, "incident:resume", actor="bob"),
        Change(7 * HOUR, 7, {"support_group": "desk", "provider": "us"}, "incident:assign", actor="bob"),
        Change(9 * HOUR, 8, {"state": "resolved", "phase": "resolved"}, "incident:resolve", actor="ann"),
    ]


def test_a_wait_tells_who_paused_who_ended_it_and_whether_anything_was_asked() -> None:
    asked, unasked = _analysed(_history(), [_office_clock()], 10 * HOUR).waits
    assert (asked.paused_by, asked.question_sent, asked.is_unasked) == (("ann", "desk", "us"), True, False)
    assert asked.ended_by is not None
    assert (asked.ended_by.actor, asked.ended_by_pauser) == ("rita", False)
    assert (asked.used_percent, asked.near_breach) == (25, False)
    assert (unasked.paused_by, unasked.is_unasked) == (("bob", "network", "them"), True)
    assert (unasked.ended_by_pauser, unasked.used_percent, unasked.near_breach) == (True, 87, True)
    assert unasked.seconds(10 * HOUR) == HOUR // 2


def test_a_question_sent_within_the_wait_counts_and_one_sent_after_it_does_not() -> None:
    opened = Change(0, 1, {"state": "new", "phase": "open"}, actor="ann")
    paused = Change(10, 2, {"state": "pending_requester", "phase": "pending"}, actor="ann")
    question = Change(20, 3, {}, "incident:comment", actor="ann")
    reply = Change(15, 4, {}, "incident:comment", human=False, actor="rita")
    ended = Change(30, 5, {"state": "in_progress", "phase": "open"}, "incident:comment", actor="ann")
    (within,) = _analysed([opened, paused, question, ended], [], 100).waits
    assert within.question_sent
    (after,) = _analysed([opened, paused, reply, ended], [], 100).waits
    assert not after.question_sent
    (open_still,) = _analysed([opened, paused], [], 100).waits
    assert (open_still.end, open_still.ended_by_pauser, open_still.seconds(100)) == (None, None, 90)


def test_the_share_at_which_a_wait_counts_as_near_the_breach_is_given() -> None:
    line = timeline(_history())
    clocks = compute_clocks(
        timeline=line, definitions=TargetBook([_office_clock()]), calendars=CALENDARS, now=10 * HOUR
    )
    strict = analyse(timeline=line, changes=_history(), clocks=clocks, now=10 * HOUR, near_percent=25)
    assert [wait.near_breach for wait in strict.waits] == [True, True]
    assert used_seconds(clock=clocks[0], at=2 * HOUR) == HOUR


def test_a_breach_is_shared_out_with_the_overrun_alone_beside() -> None:
    (breach,) = _analysed(_history(), [_office_clock()], 10 * HOUR).breaches
    # Counted: 0 to 1 and 3 to 4 with the desk, 4 to 5.5 and 6 to 7 with the network, 7 to 9 with the desk; due at 6.5.
    assert breach.breached_at == int(6.5 * HOUR)
    assert (breach.counted, breach.overrun) == (int(6.5 * HOUR), int(2.5 * HOUR))
    assert [(share.party, share.provider, share.seconds, share.overrun) for share in breach.shares] == [
        ("desk", "us", 4 * HOUR, 2 * HOUR),
        ("network", "them", int(2.5 * HOUR), HOUR // 2),
    ]


def test_a_clock_that_does_not_pause_counts_the_requesters_time_on_nobodys_score() -> None:
    definition = _office_clock(pause_on=frozenset())
    (breach,) = _analysed(_history(), [definition], 10 * HOUR).breaches
    requester = next(share for share in breach.shares if share.party_kind == "requester")
    assert (requester.party, requester.provider, requester.seconds) == ("rita", None, int(2.5 * HOUR))


def test_what_was_met_or_replaced_or_promised_between_groups_is_no_breach_to_share() -> None:
    met = _office_clock(duration=100 * HOUR)
    between = _office_clock(kind="ola", duration=HOUR)
    assert _analysed(_history(), [met, between], 10 * HOUR).breaches == ()
    moved = [*_history()[:1], Change(5 * HOUR, 2, {"priority": 1}, "incident:classify")]
    low = _office_clock(scope={"priority": frozenset({None})})
    high = _office_clock(id="H", code="H", duration=50 * HOUR, scope={"priority": frozenset({1})})
    assert _analysed(moved, [low, high], 6 * HOUR).breaches == ()


def test_the_first_group_was_right_when_it_resolved_it() -> None:
    opened = Change(0, 1, {"state": "new", "phase": "open", "support_group": "desk"})
    moved = Change(10, 2, {"support_group": "network"})
    back = Change(20, 3, {"support_group": "desk"})
    resolved = Change(30, 4, {"state": "resolved", "phase": "resolved"})
    reopened = Change(40, 5, {"state": "assigned", "phase": "open"})
    cancelled = Change(30, 4, {"state": "cancelled", "phase": "closed"})
    closed = Change(30, 4, {"state": "closed", "phase": "closed"})

    def right(*history: Change) -> bool | None:
        return _analysed(history, [], 100).first_group_right

    assert right(opened, resolved) is True
    assert right(opened, moved, resolved) is False
    assert right(opened, moved, back, resolved) is True
    assert right(opened, closed) is True
    assert right(opened) is right(opened, resolved, reopened) is right(opened, cancelled) is None


def test_what_happens_later_is_not_known_yet() -> None:
    whole, early = (_analysed(_history(), [_office_clock()], now) for now in (10 * HOUR, 2 * HOUR))
    assert len(whole.waits) == 2
    assert [(wait.start, wait.end) for wait in early.waits] == [(HOUR, None)]
    assert early.breaches == ()
    assert early.totals == {("group", "desk"): HOUR, ("requester", "rita"): HOUR}


def test_fifty_entries_are_analysed_in_a_tenth_of_a_millisecond_or_a_few_on_a_slow_machine() -> None:
    history = _history()[:1]
    for turn in range(1, 50):
        facts: dict[str, Any] = {"assignee": f"a{turn}"}
        if turn % 5 == 0:
            facts = {"support_group": f"g{turn % 3}", "provider": f"p{turn % 2}"}
        elif turn % 7 == 0:
            facts = {"state": "pending_requester", "phase": "pending"}
        elif turn % 7 == 1:
            facts = {"state": "in_progress", "phase": "open"}
        history.append(Change(turn * HOUR, turn + 1, facts, "incident:update", actor="ann"))
    now = 60 * HOUR
    line = timeline(history)
    clocks = compute_clocks(
        timeline=line, definitions=TargetBook([_office_clock()]), calendars=CALENDARS, now=now
    )
    assert analyse(timeline=line, changes=history, clocks=clocks, now=now).breaches
    best = 1.0
    for _ in range(200):
        start = time.process_time()
        analyse(timeline=line, changes=history, clocks=clocks, now=now)
        best = min(best, time.process_time() - start)
    assert best < 0.0005, f"{best * 1e6:.0f} µs"
