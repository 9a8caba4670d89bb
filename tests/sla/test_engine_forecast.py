"""Forecasts: what became of like records that were still open at the same point, and nothing that was not known yet."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import (
    LIKENESSES,
    POINTS,
    Attributes,
    Case,
    Change,
    Sight,
    Tally,
    TallyBook,
    TargetBook,
    TargetDefinition,
    back_test,
    case_of,
    compute_clocks,
    forecast,
    group_of,
    keys_of,
    point_of,
    timeline,
    used_seconds,
)
from tests.sla.hours import CALENDARS
from tests.sla.strategies import histories, instants, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600
_OFFICE = WorkingTime(
    parse_calendar(
        {
            "zone": "UTC",
            "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        }
    )
)
_CALENDARS = {**CALENDARS, "office": CalendarVersions([(0, _OFFICE)])}
_PROMISE = TargetDefinition(
    id="T",
    code="T",
    kind="sla",
    metric="resolution",
    duration=20 * HOUR,
    calendar="always",
    pause_on=frozenset({"pending"}),
)


def _case(history: Sequence[Change], *definitions: TargetDefinition, now: int = 1000 * HOUR) -> Case | None:
    line = timeline(history)
    book = TargetBook(definitions or [_PROMISE])
    clocks = compute_clocks(timeline=line, definitions=book, calendars=_CALENDARS, now=now)
    return case_of(timeline=line, clocks=clocks)


def _opened(**more: Any) -> Change:
    return Change(
        0, 1, {"state": "new", "phase": "open", "priority": 3, "support_group": "desk", **more}, "raise"
    )


def test_a_record_is_seen_at_each_point_as_it_stood_there() -> None:
    moved = Change(int(5.5 * HOUR), 2, {"support_group": "network"})
    resolved = Change(12 * HOUR, 3, {"state": "resolved", "phase": "resolved"})
    case = _case([_opened(), moved, resolved])
    assert case is not None
    assert (case.known_at, case.breached) == (12 * HOUR, False)
    # An hour is 5 %; what is resolved exactly at a point is not seen open there.
    assert [(sight.percent, sight.at) for sight in case.sights] == [
        (percent, percent // 5 * HOUR) for percent in range(0, 60, 5)
    ]
    groups = [group_of(sight.keys[0]) for sight in case.sights]
    assert groups == ["desk"] * 6 + ["network"] * 6


def test_a_breach_is_known_at_the_breach_and_not_at_the_end() -> None:
    still_open = _case([_opened()])
    resolved = _case([_opened(), Change(90 * HOUR, 2, {"state": "resolved", "phase": "resolved"})])
    assert still_open is not None
    assert resolved is not None
    assert (still_open.known_at, still_open.breached) == (resolved.known_at, True) == (20 * HOUR, True)
    assert [sight.percent for sight in still_open.sights] == list(POINTS)


def test_what_is_open_or_cancelled_has_become_nothing_yet() -> None:
    assert _case([_opened()], now=10 * HOUR) is None
    assert _case([_opened(), Change(HOUR, 2, {"state": "cancelled", "phase": "cancelled"})]) is None
    assert _case([_opened(priority=1)], TargetDefinition(
        id="R", code="R", kind="sla", metric="response", duration=HOUR, calendar="always"
    )) is None  # fmt: skip


def test_a_promise_that_was_replaced_is_seen_under_the_terms_of_each_time() -> None:
    quick = TargetDefinition(
        id="Q", code="Q", kind="sla", metric="resolution", duration=10 * HOUR, calendar="always",
        scope={"priority": frozenset({1})},
    )  # fmt: skip
    raised = Change(4 * HOUR, 2, {"priority": 1})
    done = Change(7 * HOUR, 3, {"state": "resolved", "phase": "resolved"})
    case = _case([_opened(), raised, done], _PROMISE, quick)
    assert case is not None
    slow = [sight.percent for sight in case.sights if sight.keys[2] == "2/open/3"]
    fast = [sight.percent for sight in case.sights if sight.keys[2] == "2/open/1"]
    assert (slow, fast) == ([0, 5, 10, 15], [40, 45, 50, 55, 60, 65])


@given(history=histories(), definitions=targets(), now=instants())
def test_points_are_where_the_clock_says_and_all_lie_before_the_outcome(
    history: list[Change], definitions: list[TargetDefinition], now: int
) -> None:
    line = timeline(history)
    clocks = compute_clocks(timeline=line, definitions=TargetBook(definitions), calendars=_CALENDARS, now=now)
    case = case_of(timeline=line, clocks=clocks)
    if case is None:
        return
    promises = [clock for clock in clocks if clock.kind == "sla" and clock.metric == "resolution"]
    assert case.breached == (promises[-1].breached_at is not None)
    assert case.known_at <= now
    for sight in case.sights:
        assert sight.at < case.known_at
        assert any(
            used_seconds(clock=clock, at=sight.at) == -(-clock.duration * sight.percent // 100)
            and clock.matched_at <= sight.at
            for clock in promises
        )


def test_the_most_alike_of_whom_there_are_enough_are_asked() -> None:
    keys = keys_of(Attributes(phase="open", priority=2, service="mail", support_group="desk"))
    nowhere = (0,) * len(POINTS)

    def tally(opened: int, breached: int) -> Tally:
        return Tally((opened, *nowhere[1:]), (breached, *nowhere[1:]))

    tallies = {keys[0]: tally(29, 29), keys[1]: tally(30, 3), keys[2]: tally(900, 800)}
    found = forecast(keys=keys, percent=0, tallies=tallies)
    assert found is not None
    assert (found.breached, found.of, found.alike) == (3, 30, LIKENESSES[1])
    assert found.probability == pytest.approx(0.1)
    assert forecast(keys=keys, percent=5, tallies=tallies) is None
    assert forecast(keys=keys, percent=0, tallies={keys[3]: tally(29, 1)}) is None


def test_each_record_counts_once_for_each_likeness_and_point() -> None:
    book = TallyBook()
    twice = (Sight(10, 5, ("4/open/1//a", "3/open/1/")), Sight(10, 9, ("4/open/2//a", "3/open/1/")))
    book.add(Case(100, breached=True, sights=twice))
    tally = book.get("3/open/1/")
    assert tally is not None
    assert (tally.opened[2], tally.breached[2], sum(tally.opened)) == (1, 1, 1)
    assert book.tallies()["3/open/1/"] == tally


def test_points_are_reached_in_steps_and_end_with_the_promise() -> None:
    assert [point_of(elapsed=elapsed, duration=1000) for elapsed in (0, 49, 50, 999)] == [0, 0, 5, 95]
    assert point_of(elapsed=1000, duration=1000) is None


def test_a_group_is_named_by_the_most_alike_only() -> None:
    keys = keys_of(Attributes(phase="open", priority=2, service="mail", support_group="desk"))
    assert [group_of(key) for key in keys] == ["desk", "", "", ""]


def _random_cases(count: int) -> list[tuple[int, Case]]:
    chance = random.Random(7)  # noqa: S311  a fixed history, no secret
    found = []
    for _ in range(count):
        opened = chance.randrange(1000)
        life = chance.randrange(1, 300)
        sights = tuple(
            Sight(
                percent, opened + percent, keys_of(Attributes(phase="open", priority=chance.choice((1, 2))))
            )
            for percent in POINTS
            if percent < life
        )
        found.append((opened, Case(opened + min(life, 100), breached=life >= 100, sights=sights)))
    return found


@pytest.mark.parametrize("is_rolling", [False, True])
def test_the_back_test_equals_asking_for_each_record_what_was_known_before(is_rolling: bool) -> None:
    cases, cut = _random_cases(400), 500
    found = back_test(cases=cases, cut=cut, is_rolling=is_rolling)
    tried: list[tuple[float, bool]] = []
    silent = 0
    for opened, case in cases:
        if opened < cut or case.known_at < cut:
            continue
        for sight in case.sights:
            if sight.percent not in (25, 50, 75):
                continue
            limit = sight.at if is_rolling else cut
            known = [other for _, other in cases if other.known_at < (limit if is_rolling else cut)]
            for key in sight.keys:
                alike = [
                    other
                    for other in known
                    if any(each.percent == sight.percent and key in each.keys for each in other.sights)
                ]
                if len(alike) >= 30:
                    tried.append((sum(other.breached for other in alike) / len(alike), case.breached))
                    break
            else:
                silent += 1
    assert (found.whole.tried, found.whole.silent) == (len(tried), silent)
    assert len(tried) > 100
    assert found.whole.means()[0] == pytest.approx(sum((p - b) ** 2 for p, b in tried) / len(tried))
    assert sum(decile.tried for decile in found.deciles) == len(tried)
    assert sum(score.tried for score in found.points.values()) == len(tried)


def test_the_fixed_warning_is_sure_of_it_from_three_quarters_on() -> None:
    found = back_test(cases=_random_cases(400), cut=500)
    assert found.points[75].means()[1] < 1
    breached_share = found.points[25].means()[1]
    # Sure of none at a quarter: its error is the share that breached.
    tried = [
        case.breached
        for opened, case in _random_cases(400)
        if opened >= 500 and any(sight.percent == 25 for sight in case.sights)
    ]
    assert breached_share == pytest.approx(sum(tried) / len(tried))
