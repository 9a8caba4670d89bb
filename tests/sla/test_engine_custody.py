"""The custody ledger: exactly one holder at every second, and what is counted from it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from calendars.engine import WorkingTime, parse_calendar
from sla.engine import (
    Change,
    custody,
    custody_totals,
    group_sequence,
    hops,
    ping_pong,
    time_unassigned,
    timeline,
)
from tests.sla import oracle
from tests.sla.strategies import histories, instants


@given(history=histories(), now=instants())
def test_every_second_has_exactly_the_holder_that_looking_finds(history: list[Change], now: int) -> None:
    holds = custody(timeline=timeline(history), until=now)
    for at in range(oracle.opened_at(history), now, oracle.TICK):
        covering = [
            (hold.party_kind, hold.party)
            for hold in holds
            if hold.start <= at and (hold.end is None or at < hold.end)
        ]
        expected = oracle.holder_at(history, at)
        assert covering == ([] if expected is None else [expected])


@given(history=histories(), now=instants())
def test_holds_add_up_to_wall_time(history: list[Change], now: int) -> None:
    holds = custody(timeline=timeline(history), until=now)
    ticks = range(oracle.opened_at(history), now, oracle.TICK)
    lived = oracle.TICK * sum(oracle.holder_at(history, at) is not None for at in ticks)
    assert sum(custody_totals(holds=holds, until=now).values()) == lived
    assert all(hold.end is None or hold.start < hold.end for hold in holds)
    for before, after in pairwise(holds):
        assert before.end is not None
        assert before.end <= after.start


@given(history=histories())
def test_the_ledger_does_not_depend_on_the_order_in_which_entries_are_read(history: list[Change]) -> None:
    assert timeline(history) == timeline(reversed(history))


def _moves(*groups: str | None) -> list[Change]:
    opened = Change(0, 0, {"state": "new", "phase": "open"})
    return [
        opened,
        *(Change(100 * seq, seq, {"support_group": group}) for seq, group in enumerate(groups, start=1)),
    ]


def test_hops_and_ping_pong_count_the_ways_between_groups() -> None:
    history = timeline(_moves("desk", "network", "desk", "desk", None, "network", "vendor"))
    assert group_sequence(timeline=history) == ("desk", "network", "desk", "network", "vendor")
    assert hops(timeline=history) == 4
    assert ping_pong(timeline=history) == 2
    assert hops(timeline=history, until=300) == 2
    assert hops(timeline=timeline(_moves("desk"))) == 0


def test_a_hop_that_took_no_time_is_a_hop_but_no_hold() -> None:
    history = timeline(
        [
            Change(0, 0, {"phase": "open", "support_group": "desk"}),
            Change(50, 1, {"support_group": "network"}),
            Change(50, 2, {"support_group": "vendor"}),
        ]
    )
    assert hops(timeline=history) == 2
    assert [hold.party for hold in custody(timeline=history)] == ["desk", "vendor"]


def test_the_requester_the_approver_and_the_wire_hold_in_their_turn() -> None:
    history = timeline(
        [
            Change(0, 0, {"state": "new", "phase": "open", "requester": "rita"}),
            Change(10, 1, {"support_group": "desk", "provider": "us"}),
            Change(20, 2, {"state": "pending_requester", "phase": "pending"}),
            Change(40, 3, {"state": "in_progress", "phase": "open", "approver": "boss"}),
            Change(70, 4, {"approver": None, "support_group": "vendor", "provider": "them", "on_wire": True}),
            Change(75, 5, {"on_wire": False, "assignee": "vic"}),
            Change(90, 6, {"state": "resolved", "phase": "resolved"}),
            Change(100, 7, {"state": "closed", "phase": "closed"}),
        ]
    )
    holds = custody(timeline=history)
    assert custody_totals(holds=holds, until=1000) == {
        ("unassigned", None): 10,
        ("group", "desk"): 10,
        ("requester", "rita"): 20,
        ("approver", "boss"): 30,
        ("wire", "them"): 5,
        ("group", "vendor"): 25,
    }
    assert [hold.provider for hold in holds] == [None, "us", "us", "us", "them", "them", "them"]
    assert time_unassigned(holds=holds, until=1000) == (10, 20)
    assert history.closed_at == 100


def test_a_partys_share_can_be_told_in_working_time() -> None:
    office = WorkingTime(parse_calendar({"zone": "UTC", "weekly": {"thu": [["00:00", "00:01"]]}}))
    holds = custody(timeline=timeline(_moves("desk")))
    assert custody_totals(holds=holds, until=1000, calendar=office) == {
        ("unassigned", None): 60,
        ("group", "desk"): 0,
    }


def test_nobody_holds_a_record_between_closing_and_reopening() -> None:
    history = timeline(
        [
            Change(0, 0, {"phase": "open", "support_group": "desk"}),
            Change(10, 1, {"state": "closed", "phase": "closed"}),
            Change(50, 2, {"state": "in_progress", "phase": "open"}),
        ]
    )
    holds = custody(timeline=history, until=60)
    assert [(hold.start, hold.end) for hold in holds] == [(0, 10), (50, None)]
    assert history.closed_at is None
