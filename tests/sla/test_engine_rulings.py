"""Rulings, beside what was measured: custody second by second, and the verdicts that follow."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import Change, Clock, Hold, TargetDefinition, compute_clocks, custody, timeline
from sla.engine.rulings import (
    Reattribution,
    Ruling,
    VerdictRuling,
    ruled_custody,
    ruled_timeline,
    ruled_verdicts,
)
from tests.sla import oracle
from tests.sla.strategies import OPENED, SPAN, histories

HOUR = 3600
_ALWAYS = {"always": CalendarVersions([(0, WorkingTime(parse_calendar({"zone": "UTC", "always": True})))])}
_PARTIES: tuple[dict[str, Any], ...] = (
    {"party_kind": "group", "group": "desk", "provider": "us"},
    {"party_kind": "group", "group": "network", "provider": "them"},
    {"party_kind": "requester"},
    {"party_kind": "unassigned"},
    {"party_kind": "wire", "provider": "them"},
)
# What a small history takes: short enough to look at every second.
_SECONDS = 60


@st.composite
def _stretches(
    draw: st.DrawFn, scale: int = oracle.TICK, base: int = OPENED, span: int = SPAN
) -> Reattribution:
    start = draw(st.integers(-2, span))
    length = draw(st.integers(1, span))
    party = draw(st.sampled_from(_PARTIES))
    return Reattribution(base + start * scale, base + (start + length) * scale, **party)


def _who(holds: tuple[Hold, ...], at: int) -> list[tuple[Any, ...]]:
    return [
        (hold.party_kind, hold.party, hold.provider)
        for hold in holds
        if hold.start <= at and (hold.end is None or at < hold.end)
    ]


def _ruled_at(rulings: list[Reattribution], at: int) -> Reattribution | None:
    found = None
    for ruling in rulings:
        if ruling.start <= at < ruling.end:
            found = ruling
    return found


@st.composite
def _short_lives(draw: st.DrawFn) -> list[Change]:
    """A history whose changes fall on any second of the first minute."""
    states = st.sampled_from(
        (("in_progress", "open"), ("pending_requester", "pending"), ("closed", "closed"))
    )
    changes = [Change(0, 0, {"state": "new", "phase": "open", "support_group": "desk", "provider": "us"})]
    for seq, at in enumerate(sorted(draw(st.lists(st.integers(0, _SECONDS), max_size=6))), start=1):
        state, phase = draw(states)
        group, provider = draw(st.sampled_from((("desk", "us"), ("network", "them"), (None, "us"))))
        facts = {"state": state, "phase": phase, "support_group": group, "provider": provider}
        changes.append(Change(at, seq, facts))
    return changes


@given(history=_short_lives(), rulings=st.lists(_stretches(scale=1, base=0, span=_SECONDS), max_size=5))
def test_every_second_is_with_whom_the_last_ruling_on_it_says(
    history: list[Change], rulings: list[Reattribution]
) -> None:
    measured = custody(timeline=timeline(history))
    ruled = ruled_custody(measured, rulings)
    for at in range(-2, 3 * _SECONDS):
        before, ruling = _who(measured, at), _ruled_at(rulings, at)
        expected = before
        if before and ruling is not None:
            party = ruling.group if ruling.party_kind == "group" else None
            party = ruling.provider if ruling.party_kind == "wire" else party
            expected = [(ruling.party_kind, party, ruling.provider)]
        assert _who(ruled, at) == expected


@given(history=histories(), rulings=st.lists(_stretches(), max_size=5))
def test_ruled_custody_partitions_wall_time_as_custody_did(
    history: list[Change], rulings: list[Reattribution]
) -> None:
    measured = custody(timeline=timeline(history))
    ruled = ruled_custody(measured, rulings)
    end = OPENED + 4 * SPAN * oracle.TICK
    assert sum((h.end or end) - h.start for h in ruled) == sum((h.end or end) - h.start for h in measured)
    assert all(hold.end is None or hold.start < hold.end for hold in ruled)
    edges = {at for hold in measured for at in (hold.start, hold.end)}
    assert edges <= {at for hold in ruled for at in (hold.start, hold.end)}


@given(history=histories(), rulings=st.lists(_stretches(), max_size=4))
def test_the_ruled_history_says_at_each_tick_whose_time_it_is(
    history: list[Change], rulings: list[Reattribution]
) -> None:
    line = timeline(history)
    ruled = ruled_timeline(line, rulings)
    assert (ruled.opened_at, ruled.comments, ruled.closed_at) == (
        line.opened_at,
        line.comments,
        line.closed_at,
    )
    for at in range(line.opened_at, OPENED + SPAN * oracle.TICK, oracle.TICK):
        before = next(s for s in line.spans if s.start <= at and (s.end is None or at < s.end)).attributes
        after = next(s for s in ruled.spans if s.start <= at and (s.end is None or at < s.end)).attributes
        ruling = _ruled_at(rulings, at)
        assert (after.state, after.priority, after.on_wire) == (before.state, before.priority, before.on_wire)
        if ruling is None:
            assert after == before
        else:
            provider = ruling.provider if ruling.party_kind == "group" else None
            assert (after.support_group, after.provider) == (ruling.group, provider)


@given(history=histories())
def test_without_rulings_nothing_changes(history: list[Change]) -> None:
    line = timeline(history)
    assert ruled_custody(custody(timeline=line), ()) == custody(timeline=line)
    assert ruled_timeline(line, ()) == line


def test_a_stretch_of_no_length_and_a_group_without_a_name_are_no_rulings() -> None:
    with pytest.raises(ValueError, match="not a stretch"):
        Reattribution(5, 5, "unassigned")
    with pytest.raises(ValueError, match="not a stretch"):
        Reattribution(5, 9, "group")


def _target(**more: Any) -> TargetDefinition:
    plain: dict[str, Any] = {
        "id": "U",
        "code": "U",
        "kind": "uc",
        "metric": "resolution",
        "duration": 4 * HOUR,
        "calendar": "always",
    }
    return TargetDefinition(**plain | more)


def _life(*changes: tuple[int, dict[str, Any]]) -> list[Change]:
    """Ours for an hour, then theirs, and what follows."""
    opened = Change(0, 0, {"state": "new", "phase": "open", "support_group": "desk", "provider": "us"})
    theirs = (HOUR, {"support_group": "network", "provider": "them"})
    return [opened, *(Change(at, seq, facts) for seq, (at, facts) in enumerate((theirs, *changes), start=1))]


_RESOLVED = {"state": "resolved", "phase": "resolved"}
_CLOSED = {"state": "closed", "phase": "closed"}


def _verdicts(history: list[Change], rulings: list[Ruling], *targets: TargetDefinition) -> tuple[Any, Any]:
    def clocks(line: Any) -> tuple[Clock, ...]:
        return compute_clocks(timeline=line, definitions=targets, calendars=_ALWAYS, now=400 * HOUR)

    line = timeline(history)
    measured = clocks(line)
    verdicts = {(c.target_id, c.party, c.matched_at): c.met for c in measured}
    return verdicts, ruled_verdicts(measured, clocks(ruled_timeline(line, rulings)), rulings)


@pytest.mark.parametrize(("taken", "changed"), [(HOUR - 1, False), (HOUR, True)])
def test_a_contract_is_met_once_enough_of_its_time_is_ruled_away(taken: int, changed: bool) -> None:
    """Theirs for five hours of four promised: an hour less is in time, a second less than an hour is not."""
    history = _life((6 * HOUR, _RESOLVED), (7 * HOUR, _CLOSED))
    rulings: list[Ruling] = [Reattribution(3 * HOUR, 3 * HOUR + taken, "requester")]
    verdicts, ruled = _verdicts(history, rulings, _target())
    assert verdicts["U", "them", HOUR] is False
    assert ruled == ({("U", "them", HOUR): True} if changed else {})


@pytest.mark.parametrize("cumulative", [True, False])
@pytest.mark.parametrize("start", [HOUR, 3 * HOUR, 5 * HOUR])
def test_the_beginning_the_middle_and_the_end_of_a_stay_can_be_ruled_away(
    start: int, cumulative: bool
) -> None:
    """Also of a target that measures each stay alone, which a ruling in its middle must not cut into two promises."""
    history = _life((6 * HOUR, _CLOSED))
    target = _target(cumulative=cumulative)
    _, ruled = _verdicts(history, [Reattribution(start, start + HOUR, "unassigned")], target)
    assert ruled == {("U", "them", HOUR): True}
    _, too_little = _verdicts(history, [Reattribution(start, start + HOUR // 2, "unassigned")], target)
    assert too_little == {}


@given(
    moves=st.lists(st.tuples(st.integers(1, 29), st.sampled_from(("us", "them"))), max_size=5),
    taken=st.lists(st.tuples(st.integers(0, 35), st.integers(1, 20)), min_size=1, max_size=3),
    duration=st.integers(1, 20),
    cumulative=st.booleans(),
)
def test_verdicts_are_those_that_counting_seconds_finds(
    moves: list[tuple[int, str]], taken: list[tuple[int, int]], duration: int, cumulative: bool
) -> None:
    history = [
        Change(0, 0, {"state": "new", "phase": "open", "provider": "them", "support_group": "network"})
    ]
    for seq, (at, provider) in enumerate(sorted(moves, key=lambda move: move[0]), start=1):
        history.append(Change(at, seq, {"provider": provider, "support_group": provider}))
    history.append(Change(30, 9, _CLOSED))
    line = timeline(history)
    rulings: list[Ruling] = [Reattribution(at, at + length, "requester") for at, length in taken]
    target = _target(duration=duration, cumulative=cumulative)

    def clocks(of: Any) -> tuple[Clock, ...]:
        return compute_clocks(timeline=of, definitions=[target], calendars=_ALWAYS, now=40)

    measured = clocks(line)
    ruled = ruled_verdicts(measured, clocks(ruled_timeline(line, rulings)), rulings)
    for clock in measured:
        left = 0
        for at in range(clock.matched_at, clock.stopped_at or 0):
            holder = next(s for s in line.spans if s.start <= at and (s.end is None or at < s.end)).attributes
            is_taken = any(start <= at < start + length for start, length in taken)
            left += holder.provider == clock.party and not is_taken
        key = (clock.target_id, clock.party, clock.matched_at)
        assert ruled.get(key, clock.met) is (left <= duration)


def test_a_stay_ruled_away_whole_is_held_against_nobody() -> None:
    history = _life((6 * HOUR, _CLOSED))
    rulings: list[Ruling] = [Reattribution(HOUR, 6 * HOUR, "unassigned")]
    assert _verdicts(history, rulings, _target())[1] == {("U", "them", HOUR): True}


def test_a_group_answers_for_time_ruled_to_it() -> None:
    """The desk had three hours and one is added: its promise of three hours is broken as ruled."""
    back = (4 * HOUR, {"support_group": "desk", "provider": "us"})
    history = _life(back, (6 * HOUR, _CLOSED))
    ola = _target(id="O", code="O", kind="ola", duration=3 * HOUR)
    rulings: list[Ruling] = [Reattribution(2 * HOUR, 3 * HOUR, "group", "desk", "us")]
    verdicts, ruled = _verdicts(history, rulings, ola)
    assert verdicts["O", "desk", 0] is True
    assert ruled == {("O", "desk", 0): False}


def test_the_user_waited_whoever_was_to_blame() -> None:
    history = _life((6 * HOUR, _CLOSED))
    sla = _target(id="S", code="S", kind="sla")
    rulings: list[Ruling] = [Reattribution(HOUR, 6 * HOUR, "unassigned")]
    verdicts, ruled = _verdicts(history, rulings, sla)
    assert verdicts == {("S", None, 0): False}
    assert ruled == {}
    said = VerdictRuling("S", None, 0, met=True)
    assert _verdicts(history, [*rulings, said], sla)[1] == {("S", None, 0): True}
    # The last word counts, and one that says what was measured changes nothing.
    assert _verdicts(history, [said, VerdictRuling("S", None, 0, met=False)], sla)[1] == {}


@pytest.mark.parametrize("cumulative", [True, False])
@pytest.mark.parametrize("now", [6 * HOUR, 7 * HOUR - 1])
def test_a_breach_ruled_away_while_the_clock_runs_is_open_again(now: int, cumulative: bool) -> None:
    """Theirs for hours, four promised, and nobody has resolved it: two taken away leave less than four."""
    line, target = timeline(_life()), _target(cumulative=cumulative)
    rulings: list[Ruling] = [Reattribution(2 * HOUR, 4 * HOUR, "unassigned")]

    def clocks(of: Any) -> tuple[Clock, ...]:
        return compute_clocks(timeline=of, definitions=[target], calendars=_ALWAYS, now=now)

    measured = clocks(line)
    theirs = next(clock for clock in measured if clock.party == "them")
    assert (theirs.state, theirs.breached_at) == ("running", 5 * HOUR)
    assert ruled_verdicts(measured, clocks(ruled_timeline(line, rulings)), rulings) == {
        ("U", "them", HOUR): None
    }
    # One that is not taken away enough stays as it was.
    short: list[Ruling] = [Reattribution(2 * HOUR, 2 * HOUR + 1, "unassigned")]
    assert ruled_verdicts(measured, clocks(ruled_timeline(line, short)), short) == {}


def test_a_verdict_that_has_not_fallen_cannot_be_changed() -> None:
    history = _life()
    target = _target(duration=1000 * HOUR)
    rulings: list[Ruling] = [VerdictRuling("U", "them", HOUR, met=False)]
    verdicts, ruled = _verdicts(history, rulings, target)
    assert verdicts["U", "them", HOUR] is None
    assert ruled == {}
