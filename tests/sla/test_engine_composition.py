"""Composition by example: real calendars, what never ends, circles, and what is too large to judge."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from calendars.engine import WorkingTime, parse_calendar, working_time
from sla.engine.composition import (
    CircularCompositionError,
    Component,
    CompositionTooLargeError,
    Group,
    Landscape,
    Member,
    Network,
    Promise,
    Service,
    Stage,
    Task,
    Terms,
    availability_of,
    check_service,
)
from sla.engine.composition.check import plan_network
from sla.engine.composition.picture import draw
from tests.sla.composition_oracle import Toy

HOUR, DAY = 3600, 86_400
MONDAY = int(datetime(2026, 11, 16, tzinfo=UTC).timestamp())
WEEK = 7 * DAY


def calendar(**definition: Any) -> WorkingTime:
    return working_time(parse_calendar({"zone": "Europe/London", **definition}))


OFFICE = calendar(weekly={day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
ALWAYS = calendar(always=True)
NEVER_AGAIN = calendar(weekly={}, exceptions={"2026-11-18": [["09:00", "10:00"]]})


def landscape(*parts: tuple[str, Terms | None], **group: Any) -> Landscape:
    components = {key: Component(key, key.title(), terms) for key, terms in parts}
    members = tuple(Member(key) for key in components)
    return Landscape({"s": Service("s", "Service", None, (Group("Parts", members, **group),))}, components)


def terms(hours: WorkingTime, resolution: int | None, share: str | None = None) -> Terms:
    availability = None if share is None else Fraction(share) / 100
    return Terms("contract", "them", hours, resolution, availability=availability)


def judged(parts: Landscape, seconds: int, hours: WorkingTime, days: int = 7) -> Any:
    promise = Promise("resolution", "p", "P", seconds, hours)
    check = check_service(
        parts, "s", promises=[promise], availability=None, plan=None, low=MONDAY, high=MONDAY + days * DAY
    )
    (verdict,) = check.verdicts
    return verdict


def test_eight_office_hours_take_three_days_from_a_second_past_nine_on_a_friday() -> None:
    verdict = judged(landscape(("part", terms(OFFICE, 8 * HOUR))), 8 * HOUR, ALWAYS)
    assert verdict.possible == 72 * HOUR
    assert verdict.worst_start == MONDAY + 4 * DAY + 9 * HOUR + 1
    assert verdict.shortfall == 64 * HOUR


def test_measured_in_the_same_hours_there_is_no_worst_start_to_speak_of() -> None:
    verdict = judged(landscape(("part", terms(OFFICE, 8 * HOUR))), 8 * HOUR, OFFICE)
    assert (verdict.is_kept, verdict.possible) == (True, 8 * HOUR)


def test_around_the_clock_every_start_is_as_bad() -> None:
    verdict = judged(landscape(("part", terms(ALWAYS, 9 * HOUR))), 8 * HOUR, ALWAYS)
    assert (verdict.possible, verdict.worst_start) == (9 * HOUR, None)


def test_the_last_start_is_looked_at_too() -> None:
    opens_late = Toy((*[False] * 100, *[True] * 100))
    network = Network([Stage("only", "Only", 60, Toy((True,)))], end="only")
    worst = network.worst(measured_in=opens_late, low=0, high=50)
    assert (worst.start, worst.seconds) == (49, 9)


def test_one_second_too_long_is_too_long() -> None:
    for seconds, is_kept in ((8 * HOUR, True), (8 * HOUR + 1, False)):
        verdict = judged(landscape(("part", terms(ALWAYS, seconds))), 8 * HOUR, ALWAYS)
        assert verdict.is_kept is is_kept


def test_a_calendar_that_never_opens_long_enough_never_ends() -> None:
    verdict = judged(landscape(("part", terms(NEVER_AGAIN, 2 * HOUR))), 8 * HOUR, ALWAYS)
    assert (verdict.kind, verdict.is_kept) == ("never_ends", False)


def test_the_faster_of_two_alternatives_counts() -> None:
    parts = (("slow", terms(ALWAYS, 12 * HOUR)), ("fast", terms(ALWAYS, 4 * HOUR)))
    assert judged(landscape(*parts, needed=1), 8 * HOUR, ALWAYS).possible == 4 * HOUR
    assert judged(landscape(*parts), 8 * HOUR, ALWAYS).chain == ("Service", "Slow")


@pytest.mark.parametrize(
    ("shares", "needed", "possible"),
    [
        (("99.5", "99.5"), None, Fraction(9_900_250, 10_000_000)),
        (("99.5", "99.5"), 1, 1 - Fraction(5, 1000) ** 2),
        (("90", "90", "90"), 2, Fraction(9, 10) ** 3 + 3 * Fraction(9, 10) ** 2 * Fraction(1, 10)),
    ],
)
def test_availability_is_exact(shares: tuple[str, ...], needed: int | None, possible: Fraction) -> None:
    parts = [(f"part{number}", terms(ALWAYS, 1, share)) for number, share in enumerate(shares)]
    assert availability_of(landscape(*parts, needed=needed), "s") == possible


def test_a_part_needed_twice_fails_once() -> None:
    component = Component("part", "Part", terms(ALWAYS, 1, "90"))
    groups = (Group("One", (Member("part"),)), Group("Two", (Member("part"),)))
    shared = Landscape({"s": Service("s", "Service", None, groups)}, {"part": component})
    assert availability_of(shared, "s") == Fraction(9, 10)


def test_too_many_shared_alternatives_are_not_guessed_at() -> None:
    components = {f"c{n}": Component(f"c{n}", "C", terms(ALWAYS, 1, "90")) for n in range(13)}
    members = tuple(Member(key) for key in components)
    groups = (Group("One", members, 1), Group("Two", members, 1))
    crowded = Landscape({"s": Service("s", "Service", None, groups)}, components)
    with pytest.raises(CompositionTooLargeError):
        availability_of(crowded, "s")
    check = check_service(
        crowded, "s", promises=[], availability=Fraction(1, 2), plan=None, low=MONDAY, high=MONDAY + WEEK
    )
    assert [verdict.kind for verdict in check.findings] == ["composition_too_large"]


def test_a_net_of_services_too_wide_to_walk_is_refused() -> None:
    services = {"s12": Service("s12", "S", None, (Group("g", (Member("c"),)),))}
    for number in range(12):
        below = f"s{number + 1}"
        groups = tuple(Group(name, (Member(below),)) for name in ("a", "b"))
        key = f"s{number}" if number else "s"
        services[key] = Service(key, "S", None, groups)
    wide = Landscape(services, {"c": Component("c", "C", terms(ALWAYS, 1))})
    assert judged(wide, HOUR, ALWAYS).kind == "composition_too_large"


def test_circles_are_refused_by_name() -> None:
    services = {
        name: Service(name, name.upper(), None, (Group("g", (Member(below),)),))
        for name, below in (("a", "b"), ("b", "a"))
    }
    with pytest.raises(CircularCompositionError) as refused:
        Landscape(services, {})
    assert set(refused.value.cycle) == {"A", "B"}
    assert refused.value.cycle[0] == refused.value.cycle[-1]
    with pytest.raises(CircularCompositionError):
        Network([Stage("a", after=("b",)), Stage("b", after=("a",))], end="a")
    with pytest.raises(CircularCompositionError):
        plan_network(
            landscape(("c", None)),
            "s",
            [Task("x", "X", 1, ALWAYS, after=("y",)), Task("y", "Y", 1, ALWAYS, after=("x",))],
        )


def test_a_picture_has_a_box_for_each_part_and_marks_the_chain() -> None:
    parts = landscape(("slow", None), ("a-component-with-quite-a-long-name", None), needed=1)
    picture = draw(parts, "s", ("Service", "Slow"))
    assert [(box.name, box.is_slow) for box in picture.boxes] == [
        ("Service", True),
        ("Slow", True),
        ("A-Component-With-Quite-A-Long-Name", False),
    ]
    assert picture.boxes[2].short == "A-Component-With-Quite-A-L…"
    assert [(line.is_slow, line.is_alternative) for line in picture.lines] == [(True, True), (False, True)]
    assert picture.width >= max(box.x for box in picture.boxes) + picture.box_width
    assert picture.height >= max(box.y for box in picture.boxes) + picture.box_height


def test_a_picture_of_very_many_parts_says_that_it_is_cut() -> None:
    picture = draw(landscape(*((f"c{number}", None) for number in range(100))), "s", ())
    assert picture.is_cut
    assert len(picture.boxes) == 60
