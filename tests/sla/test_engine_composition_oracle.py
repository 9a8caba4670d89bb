"""Composition against brute force on random small graphs and calendars."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sla.engine.composition import (
    Component,
    Group,
    Landscape,
    Member,
    Service,
    Task,
    Terms,
    availability_of,
    hours_gap,
)
from sla.engine.composition.check import plan_network, repair_network
from tests.sla import composition_oracle as oracle
from tests.sla.composition_oracle import Toy

ROOT = "s0"
LOW, HIGH = 3, 60
_seconds = st.integers(0, 9)
# Never wholly closed: a calendar that is never open is told of by an error, tested by itself.
_hours = st.lists(st.booleans(), min_size=1, max_size=17).map(lambda pattern: Toy((*pattern, True)))


@st.composite
def landscapes(draw: st.DrawFn) -> Landscape:
    """Up to three services, each of parts that stand further down, and up to five components, shared at will."""
    components = {}
    for number in range(draw(st.integers(1, 5))):
        key = f"c{number}"
        share = st.sampled_from([None, *(Fraction(count, 20) for count in range(21))])
        terms = Terms(key, "them", draw(_hours), draw(_seconds), draw(_seconds), draw(share))
        components[key] = Component(key, key.upper(), draw(st.sampled_from([terms, terms, terms, None])))
    services: dict[str, Service] = {}
    for number in reversed(range(draw(st.integers(1, 3)))):
        key = f"s{number}"
        groups = []
        for name in range(draw(st.integers(1, 2))):
            below = st.sampled_from([*components, *services])
            keys = draw(st.lists(below, min_size=1, max_size=3, unique=True))
            members = tuple(Member(each, draw(st.sampled_from((0, 0, 2, 5)))) for each in keys)
            needed = draw(st.none() | st.integers(1, len(members)))
            is_in_turn = draw(st.booleans()) and needed in (None, len(members))
            groups.append(Group(f"group {name}", members, needed, is_in_turn))
        services[key] = Service(key, key.upper(), draw(st.none() | _hours), tuple(groups))
    return Landscape(services, components)


@st.composite
def plans(draw: st.DrawFn, landscape: Landscape) -> tuple[Task, ...]:
    """Up to six tasks, each after some of those before it."""
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 6))):
        keys = [task.key for task in tasks]
        after = tuple(draw(st.lists(st.sampled_from(keys), unique=True, max_size=3))) if keys else ()
        component = draw(st.sampled_from(["", "", *landscape.components]))
        hours, seconds = (None, 0) if component else (draw(st.none() | _hours), draw(_seconds))
        tasks.append(Task(f"t{number}", f"T{number}", seconds, hours, component, after))
    return tuple(draw(st.permutations(tasks)))


@given(landscapes(), _hours)
def test_the_worst_repair_is_the_worst_of_every_start(landscape: Landscape, measured_in: Toy) -> None:
    network = repair_network(landscape, ROOT)
    taken = {
        start: measured_in.open_seconds(start, oracle.restored(landscape, ROOT, start))
        for start in range(LOW, HIGH)
    }
    assert [network.ends(start) for start in taken] == [
        oracle.restored(landscape, ROOT, start) for start in taken
    ]
    worst = network.worst(measured_in=measured_in, low=LOW, high=HIGH)
    assert worst.seconds == max(taken.values())
    assert taken[worst.start] == worst.seconds
    assert worst.chain[-1].ended_at == oracle.restored(landscape, ROOT, worst.start)


@given(st.data(), landscapes(), _hours)
def test_the_worst_delivery_is_the_latest_path_of_every_start(
    data: st.DataObject, landscape: Landscape, measured_in: Toy
) -> None:
    plan = data.draw(plans(landscape))
    taken = {
        start: measured_in.open_seconds(start, oracle.delivered(landscape, plan, start))
        for start in range(LOW, HIGH)
    }
    worst = plan_network(landscape, ROOT, plan).worst(measured_in=measured_in, low=LOW, high=HIGH)
    assert worst.seconds == max(taken.values())
    assert taken[worst.start] == worst.seconds


@given(landscapes())
def test_a_chain_has_no_holes(landscape: Landscape) -> None:
    for start in range(LOW, HIGH, 7):
        chain = repair_network(landscape, ROOT).chain(start)
        assert chain[0].began_at == start
        assert chain[0].label == "S0"
        assert [link.began_at for link in chain[1:]] == [link.ended_at for link in chain[:-1]]


@given(landscapes())
def test_availability_is_the_weight_of_the_states_that_work(landscape: Landscape) -> None:
    assert availability_of(landscape, ROOT) == oracle.availability(landscape, ROOT)


@given(landscapes(), _hours)
def test_a_gap_is_every_promised_second_without_support(landscape: Landscape, hours: Toy) -> None:
    lost = oracle.unsupported(landscape, ROOT, hours, LOW, HIGH)
    gap = hours_gap(landscape, ROOT, hours=hours, low=LOW, high=HIGH)
    assert (gap.seconds if gap else 0) == len(lost)
    if gap:
        assert gap.start == lost[0]
        assert gap.promised == hours.open_seconds(LOW, HIGH)
        assert set(range(gap.start, gap.end)) <= set(lost)
