"""The picture of a plan: no box on another, every arrow rightwards and past the boxes, nothing that waits left out."""

import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.engine.plan_picture import BOX, HIGH, Arrow, Box, Picture, Sketch, draw
from catalogue.engine.plans import TASKS_MAX


def sketch(code: str, *after: str, name: str = "") -> Sketch:
    return Sketch(code, name or f"Task {code}", ("Service desk", "4h"), after, is_conditional=False)


def overlaps(one: Box, other: Box) -> bool:
    return abs(one.x - other.x) < BOX and abs(one.y - other.y) < HIGH


def crosses(arrow: Arrow, box: Box) -> bool:
    """Whether an arrow runs through a box; its bends lie between the columns."""
    return any(
        y1 == y2 and box.y <= y1 <= box.y + HIGH and x1 < box.x + BOX and x2 > box.x
        for (x1, y1), (x2, y2) in list(pairwise(arrow.points))[1::2]
    )


def is_sound(picture: Picture) -> None:
    """What holds of every picture."""
    for one, other in combinations(picture.boxes, 2):
        assert not overlaps(one, other), (one, other)
    for box in picture.boxes:
        assert 0 <= box.x <= picture.width - BOX
        assert 0 <= box.y <= picture.height - HIGH
    by_code = {box.code: box for box in picture.boxes}
    for arrow in picture.arrows:
        assert all(left < right for (left, _), (right, _) in pairwise(arrow.points)), arrow
        before, after = by_code[arrow.before], by_code[arrow.after]
        assert arrow.points[0] == (before.x + BOX, before.y + HIGH // 2)
        assert arrow.points[-1] == (after.x, after.y + HIGH // 2)
        assert all(0 <= y <= picture.height for _, y in arrow.points)
        assert not any(crosses(arrow, box) for box in picture.boxes), arrow


def test_a_chain_stands_in_one_line() -> None:
    picture = draw([sketch("c", "b"), sketch("a"), sketch("b", "a")])
    assert [box.code for box in sorted(picture.boxes)] == ["a", "b", "c"]
    assert len({box.y for box in picture.boxes}) == 1
    assert [(arrow.before, arrow.after) for arrow in picture.arrows] == [("a", "b"), ("b", "c")]
    assert picture.arrows[0].path.startswith("M")
    is_sound(picture)


def test_a_task_stands_beyond_all_that_it_waits_for() -> None:
    picture = draw([sketch("a"), sketch("b", "a"), sketch("c", "b"), sketch("d"), sketch("e", "c", "d")])
    x = {box.code: box.x for box in picture.boxes}
    assert x["a"] == x["d"] < x["b"] < x["c"] < x["e"]
    long = next(arrow for arrow in picture.arrows if arrow.before == "d")
    assert len(long.points) == 6  # a lane past each of two columns
    is_sound(picture)


def test_what_is_waited_for_anyway_has_no_arrow() -> None:
    picture = draw([sketch("a"), sketch("b", "a"), sketch("c", "a", "b")])
    assert {(arrow.before, arrow.after) for arrow in picture.arrows} == {("a", "b"), ("b", "c")}


def test_words_fit_their_box() -> None:
    whole = "Set up the virtual desktop of whoever starts and tell them where it is"
    (box,) = draw(
        [Sketch("a", whole, ("A group with a name that is far too long", ""), (), is_conditional=True)]
    ).boxes
    assert (box.name, box.is_conditional) == (whole, True)
    assert [text.kind for text in box.texts] == ["name", "name", "note"]
    assert box.texts[1].words.endswith("…")
    assert box.texts[2].words.endswith("…")
    assert all(0 < text.y < HIGH for text in box.texts)
    (unbroken,) = draw([sketch("a", name="x" * 200)]).boxes
    assert max(len(text.words) for text in unbroken.texts) <= 25


def test_no_tasks_and_strangers() -> None:
    assert draw([]).boxes == ()
    assert draw([sketch("a", "nobody")]).arrows == ()


@given(st.data())
def test_every_plan_is_drawn_soundly(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 14))
    needs = [
        data.draw(st.sets(st.integers(0, n - 1), max_size=4) if n else st.just(set())) for n in range(count)
    ]
    order = data.draw(st.permutations(range(count)))
    picture = draw([sketch(f"t{n}", *(f"t{m}" for m in sorted(needs[n]))) for n in order])
    is_sound(picture)
    drawn: dict[str, set[str]] = {f"t{n}": set() for n in range(count)}
    for arrow in picture.arrows:
        drawn[arrow.after].add(arrow.before)

    def reached(code: str) -> set[str]:
        return drawn[code].union(*(reached(before) for before in drawn[code]))

    for number in range(count):
        assert {f"t{m}" for m in needs[number]} <= reached(f"t{number}")


@pytest.mark.parametrize(
    ("name", "sketches"),
    [
        ("chain", [sketch(f"t{n}", *([f"t{n - 1}"] if n else [])) for n in range(TASKS_MAX)]),
        ("side by side", [sketch(f"t{n}") for n in range(TASKS_MAX)]),
        ("each after all", [sketch(f"t{n}", *(f"t{m}" for m in range(n))) for n in range(TASKS_MAX)]),
        (
            "half after half",
            [sketch(f"t{n}", *(f"t{m}" for m in range(250) if n >= 250)) for n in range(TASKS_MAX)],
        ),
        ("tree", [sketch(f"t{n}", *([f"t{(n - 1) // 3}"] if n else [])) for n in range(TASKS_MAX)]),
        (
            "all into the end of a chain",
            [sketch(f"t{n}", *([f"t{n - 1}"] if n else [])) for n in range(250)]
            + [sketch(f"s{n}") for n in range(249)]
            + [sketch("end", "t249", *(f"s{n}" for n in range(249)))],
        ),
    ],
)
def test_the_largest_plans_are_laid_out_quickly(name: str, sketches: list[Sketch]) -> None:
    began = time.process_time()
    picture = draw(sketches)
    assert time.process_time() - began < 2, name
    assert len(picture.boxes) == len(sketches)
    assert picture.is_cut is (name in ("half after half", "all into the end of a chain"))
    assert len({(box.x, box.y) for box in picture.boxes}) == len(sketches)
    first = min(box.x for box in picture.boxes)
    assert min(box.y for box in picture.boxes if box.x == first) < 480, "nothing to be seen at first"
