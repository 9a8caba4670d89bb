"""Fulfilment plans: read from their notation with every fault by path; what is left out is passed over."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.engine.forms import read_form
from catalogue.engine.plans import TASKS_MAX, PlanFaultyError, missing_plan_words, read_plan

FORM = read_form(
    {
        "pages": [
            {
                "code": "what",
                "title": {"en": "What", "cy": "Beth"},
                "fields": [{"code": "wanted", "type": "number", "label": {"en": "How many", "cy": "Faint"}}],
            }
        ]
    }
)


def task(code: str, *after: str, **rest: Any) -> dict[str, Any]:
    return {"code": code, "name": {"en": code, "cy": code}, "group": "desk", "after": list(after)} | rest


def faults_of(*tasks: Any) -> dict[str, str]:
    with pytest.raises(PlanFaultyError) as refused:
        read_plan({"tasks": list(tasks)}, FORM)
    return refused.value.faults


def test_a_plan_is_read() -> None:
    action = {"hook": "directory", "send": {"user": "x"}}
    plan = read_plan(
        {"tasks": [task("a", takes="PT1H30M", calendar="office"), task("b", "a", action=action)]}
    )
    one, two = plan.tasks
    assert (one.seconds, one.calendar, one.action) == (5400, "office", None)
    assert two.after == ("a",)
    assert two.action is not None
    assert (two.action.kind, two.action.name, two.action.given) == ("hook", "directory", {"user": "x"})
    assert read_plan(None).tasks == ()


def test_all_faults_are_named_by_path() -> None:
    found = faults_of(
        task("a", "nobody"),
        task("a", takes="4 hours"),
        task("B!", colour="red", group=""),
        task("c", component="disk", takes="PT1H"),
        task("d", calendar="office", name={"cy": "d"}),
        task("e", when={"field": "unknown", "is": 1}),
        task("f", action={"run": "x", "send": {}}),
        task("g", form={"pages": "none"}),
        task("h", action={}),
    )
    assert sorted(found) == [
        "tasks.0.after",
        "tasks.1.code",
        "tasks.1.takes",
        "tasks.2.code",
        "tasks.2.colour",
        "tasks.2.group",
        "tasks.3.component",
        "tasks.4.name.en",
        "tasks.4.takes",
        "tasks.5.when.field",
        "tasks.6.action.send",
        "tasks.7.form.pages",
        "tasks.8.action",
    ]
    assert faults_of("no task") == {"tasks.0": "A task is an object."}


def test_a_circle_is_named_with_its_chain() -> None:
    found = faults_of(task("a", "c"), task("b", "a"), task("c", "b"), task("d"))
    (words,) = found.values()
    assert words.startswith("These tasks wait for each other in a circle: ")
    assert words.count("→") == 3
    assert faults_of(task("a", "a"))["tasks.0.after"].endswith("a → a.")


def test_too_many_tasks_and_missing_welsh() -> None:
    assert len(read_plan({"tasks": [task(f"t{n}") for n in range(TASKS_MAX)]}).tasks) == TASKS_MAX
    assert list(faults_of(*(task(f"t{n}") for n in range(TASKS_MAX + 1)))) == ["tasks"]
    words = {"tasks": [task("a", name={"en": "a"}, told={"en": "We do it"})]}
    assert sorted(missing_plan_words(words)) == ["tasks.0.name.cy", "tasks.0.told.cy"]


@given(st.data())
def test_what_is_left_out_is_passed_over(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9))
    needs = [
        data.draw(st.sets(st.integers(0, n - 1), max_size=4) if n else st.just(set())) for n in range(count)
    ]
    kept = [data.draw(st.booleans()) for _ in range(count)]
    order = data.draw(st.permutations(range(count)))
    never = {"field": "wanted", "at_least": 5}
    written = [
        task(f"t{n}", *(f"t{m}" for m in sorted(needs[n])), **({} if kept[n] else {"when": never}))
        for n in order
    ]
    chosen = {each.code: each.after for each in read_plan({"tasks": written}, FORM).chosen({"wanted": 1})}

    def reached(number: int) -> set[int]:
        """Slow: the kept ones on the way down, through those left out."""
        return {each for m in needs[number] for each in ({m} if kept[m] else reached(m))}

    assert chosen.keys() == {f"t{n}" for n in range(count) if kept[n]}
    for number in range(count):
        if kept[number]:
            assert set(chosen[f"t{number}"]) == {f"t{m}" for m in reached(number)}
