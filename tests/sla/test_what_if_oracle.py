"""Verdicts under other definitions, against an oracle that measures each record by itself, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.engine import CalendarVersions, WorkingTime, parse_calendar
from sla.engine import Change, TargetBook, TargetDefinition, compute_clocks, timeline
from sla.engine.priorities import with_other_priorities
from sla.engine.verdicts import Promise, Tallies, Verdict, compared, verdicts_of
from tests.sla.hours import CALENDARS, IS_OPEN
from tests.sla.stepping import expected
from tests.sla.strategies import histories, instants, targets

_HALF_DAYS = {"zone": "UTC", "weekly": {day: [["08:00", "14:00"]] for day in ("mon", "wed", "sat")}}


def _half_day_is_open(at: int) -> bool:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.weekday() in (0, 2, 5) and 8 <= moment.hour < 14


_CALENDARS = {**CALENDARS, "half": CalendarVersions([(0, WorkingTime(parse_calendar(_HALF_DAYS)))])}
_OPEN = {**IS_OPEN, "half": _half_day_is_open}


def _slow_verdicts(
    history: Sequence[Change], definitions: Sequence[TargetDefinition], now: int
) -> dict[Promise, str]:
    """The verdict of each promise, by walking through the record's time."""
    found: dict[Promise, list[str]] = {}
    by_id = {target.id: target for target in definitions}
    for clock in expected(history, definitions, now, is_open=_OPEN):
        if clock.state in ("superseded", "cancelled"):
            continue
        target = by_id[clock.target_id]
        broken = 100 in clock.reached and clock.reached[100] <= now
        word = "breached" if broken else "met" if clock.state == "stopped" else "open"
        found.setdefault(Promise(target.kind, target.metric, clock.party, target.code), []).append(word)
    return {
        promise: next(word for word in ("breached", "open", "met") if word in words)
        for promise, words in found.items()
    }


@given(
    history=histories(),
    today=targets(),
    drafted=targets(),
    others=st.sampled_from((None, "half")),
    now=instants(),
)
@settings(max_examples=60)
def test_both_verdicts_are_what_walking_through_time_finds(
    history: list[Change],
    today: list[TargetDefinition],
    drafted: list[TargetDefinition],
    others: str | None,
    now: int,
) -> None:
    if others:
        drafted = [
            TargetDefinition(
                **{**_fields(target), "calendar": others if target.calendar == "office" else "always"}
            )
            for target in drafted
        ]
    line = timeline(history)
    fast = [
        verdicts_of(
            compute_clocks(timeline=line, definitions=TargetBook(each), calendars=_CALENDARS, now=now)
        )
        for each in (today, drafted)
    ]
    slow = [_slow_verdicts(history, each, now) for each in (today, drafted)]
    assert [{key: verdict.word for key, verdict in each.items()} for each in fast] == slow
    for promise, old, new, direction in compared(fast[0], fast[1]):
        assert old.word == slow[0].get(promise, "none")
        assert new.word == slow[1].get(promise, "none")
        if old.word != new.word:
            assert direction is not None
        assert (direction == "worse") == (new.word == "breached" and old.word in ("met", "open"))
        assert (direction == "better") == (old.word == "breached" and new.word in ("met", "open"))


def _fields(target: TargetDefinition) -> dict[str, Any]:
    return {name: getattr(target, name) for name in TargetDefinition.__dataclass_fields__ if name in _GIVEN}


_GIVEN = frozenset(
    {
        "id",
        "code",
        "kind",
        "metric",
        "duration",
        "calendar",
        "scope",
        "start_on",
        "stop_on",
        "pause_on",
        "warn_at",
        "cumulative",
        "effective_from",
        "effective_to",
        "created_order",
    }
)

_WORDS = st.sampled_from(("met", "breached", "open", "none"))


@given(st.lists(st.tuples(_WORDS, _WORDS, st.sampled_from(("a", "b", "")), st.booleans())))
def test_the_tallies_of_each_dimension_add_up_to_the_total(found: list[tuple[Any, Any, str, bool]]) -> None:
    tallies = Tallies()
    for before, after, place, moved in found:
        places = dict.fromkeys(("service", "provider", "priority", "month", "measure"), place)
        tallies.add(Verdict(before, None, 0), Verdict(after, None, 0), places=places, moved=moved)
    assert sum(tallies.total.steps.values()) == len(found)
    for named in tallies.by.values():
        added: Counter[Any] = Counter()
        for tally in named.values():
            added += tally.steps
        assert added == tallies.total.steps
        assert sum(tally.moved for tally in named.values()) == tallies.total.moved
    assert Tallies.of(tallies.plain()).plain() == tallies.plain()
    total = tallies.total
    assert total.before("breached") - total.breaches_gone + total.breaches_new == total.after("breached")


def _by_sum(_: str | None, impact: int, urgency: int) -> int:
    return min(impact + urgency, 5)


def _change(at: int, facts: dict[str, Any], verb: str = "incident:classify") -> tuple[Change, dict[str, Any]]:
    plain = {
        name: value for name, value in facts.items() if name in ("priority", "service", "state", "origin")
    }
    return Change(at, at, plain, verb), {name: [None, value] for name, value in facts.items()}


def _derived(*steps: tuple[Change, dict[str, Any]]) -> list[Any] | None:
    found = with_other_priorities(
        [change for change, _ in steps],
        [facts for _, facts in steps],
        before=lambda _service, impact, _urgency: impact,
        after=_by_sum,
    )
    return None if found is None else [change.facts.get("priority") for change in found]


def test_a_priority_that_followed_the_matrix_follows_the_other() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2, "state": "new"}, "incident:raise")
    worse = _change(2, {"urgency": 1, "impact": 1, "priority": 1})
    assert _derived(raised, worse) == [5, 2]


def test_a_priority_changes_where_only_the_other_matrix_moves_it() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2}, "incident:raise")
    calmer = _change(2, {"urgency": 1})
    assert _derived(raised, calmer) == [5, 3]


def test_a_priority_set_by_hand_stays_until_it_follows_again() -> None:
    raised = _change(1, {"impact": 2, "urgency": 3, "priority": 2}, "incident:raise")
    by_hand = _change(2, {"priority": 4, "reason": "the minister"})
    meanwhile = _change(3, {"urgency": 1})
    again = _change(4, {"priority": 2, "priority_set_by": "matrix"})
    assert _derived(raised, by_hand, meanwhile, again) == [5, 4, 4, 3]


def test_what_came_by_import_follows_only_where_the_matrix_in_force_explains_it() -> None:
    explained = {"impact": 2, "urgency": 3, "priority": 2, "origin": "old"}
    assert _derived(_change(1, explained, "import:open")) == [5]
    assert _derived(_change(1, explained | {"priority": 4}, "import:open")) is None
    assert _derived(_change(1, {"priority": 2, "origin": "old"}, "import:open")) is None


def test_the_same_priorities_make_no_other_history() -> None:
    assert _derived(_change(1, {"impact": 1, "urgency": 0, "priority": 1}, "incident:raise")) is None
