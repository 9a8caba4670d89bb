"""Removing a part: what looks at it stands in the way and is told with its place; nothing is left dangling."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalogue.engine.approvals import ApprovalFaultyError, read_approval
from catalogue.engine.dependents import dependents, waiting
from catalogue.engine.forms import FormFaultyError, read_form
from catalogue.engine.forms.editing import without_page, without_question
from catalogue.engine.plan_editing import without_task
from catalogue.engine.plans import PlanFaultyError, read_plan
from tests.catalogue.building import HOME, ask, begin, draft, send
from tests.support.world import World, build_world

BIG = {"field": "big", "is": True}


def words(text: str) -> dict[str, str]:
    return {"en": text, "cy": text}


def question(code: str, when: Any = None) -> dict[str, Any]:
    return {"code": code, "type": "yes_no", "label": words(code)} | ({"when": when} if when else {})


def page(code: str, *fields: Any, when: Any = None) -> dict[str, Any]:
    return {"code": code, "title": words(code), "fields": list(fields)} | ({"when": when} if when else {})


def level(code: str, when: Any = None) -> dict[str, Any]:
    return {"code": code, "name": words(code), "by": [{"manager": True}]} | ({"when": when} if when else {})


def task(code: str, *after: str, when: Any = None) -> dict[str, Any]:
    made = {"code": code, "name": words(code), "group": "desk", "after": list(after)}
    return made | ({"when": when} if when else {})


DESIGN = {
    "form": {
        "pages": [
            page("one", question("big"), question("why", BIG)),
            page("two", question("red"), when={"any": [{"not": BIG}, {"field": "why", "answered": True}]}),
        ]
    },
    "approval": {
        "levels": [level("manager"), level("budget", {"all": [BIG, {"field": "cost", "at_least": 1}]})]
    },
    "plan": {"tasks": [task("a"), task("b", "a", when={"field": "red", "is": True}), task("c", "b", "a")]},
}


def test_what_looks_at_a_question_is_found_wherever_it_stands() -> None:
    found = dependents(DESIGN, "question", "big")
    assert [(each.sort, each.path) for each in found] == [
        ("question", "form.pages.0.fields.1"),
        ("page", "form.pages.1"),
        ("level", "approval.levels.1"),
    ]
    assert [each.path for each in dependents(DESIGN, "question", "red")] == ["plan.tasks.1"]


def test_what_goes_with_a_page_stands_in_nobodys_way() -> None:
    paths = [each.path for each in dependents(DESIGN, "page", "one")]
    assert paths == ["form.pages.1", "approval.levels.1"]
    assert dependents(DESIGN, "page", "no-such") == []
    assert dependents({}, "question", "big") == []


def test_nothing_looks_at_levels_and_tasks() -> None:
    assert dependents(DESIGN, "level", "big") == []
    assert dependents(DESIGN, "task", "a") == []


def test_tasks_that_wait_are_told_with_what_they_wait_for_then() -> None:
    assert [(each.path, each.code, each.then) for each in waiting(DESIGN, "b")] == [
        ("plan.tasks.2", "c", ("a",))
    ]
    assert [(each.code, each.then) for each in waiting(DESIGN, "a")] == [("b", ()), ("c", ("b",))]
    assert waiting(DESIGN, "c") == []


def conditions(*codes: str) -> st.SearchStrategy[Any]:
    """None, or a condition about some of these questions."""
    return st.none() | st.recursive(
        st.sampled_from([{"field": code, "is": True} for code in codes]),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda all_: {"all": all_}),
            st.lists(inner, min_size=1, max_size=3).map(lambda any_: {"any": any_}),
            inner.map(lambda one: {"not": one}),
        ),
        max_leaves=4,
    )


def reads(design: Any) -> bool:
    """Whether all of a design can be: what refuses a draft is what the page must foresee."""
    try:
        form = read_form(design["form"])
        read_approval(design["approval"], form)
        read_plan(design["plan"], form)
    except (FormFaultyError, ApprovalFaultyError, PlanFaultyError):
        return False
    return True


@given(st.data())
def test_what_stands_in_the_way_is_just_what_would_be_refused(data: st.DataObject) -> None:
    of_two, of_three = (
        data.draw(st.tuples(*[conditions(*codes)] * 2)) for codes in (("q0", "q1"), ("q0", "q2"))
    )
    of_all = data.draw(st.tuples(*[conditions("q0", "q1", "q2", "q3")] * 2))
    design = {
        "form": {
            "pages": [
                page("p0", question("q0"), question("q1", data.draw(conditions("q0")))),
                page("p1", question("q2", of_two[0]), when=of_two[1]),
                page("p2", question("q3", of_three[0]), when=of_three[1]),
            ]
        },
        "approval": {"levels": [level("l", of_all[0])]},
        "plan": {"tasks": [task("a", when=of_all[1]), task("b", "a"), task("c", "b", "a")]},
    }
    assert reads(design)
    for number in range(4):
        rest: dict[str, Any] = design | {"form": without_question(design["form"], f"q{number}")}
        if any(not each["fields"] for each in rest["form"]["pages"]):
            continue  # a page asks something: refused for another reason
        assert reads(rest) is not bool(dependents(design, "question", f"q{number}"))
    for number in range(3):
        rest = design | {"form": without_page(design["form"], f"p{number}")}
        assert reads(rest) is not bool(dependents(design, "page", f"p{number}"))
    for code in "abc":
        assert reads(design | {"plan": without_task(design["plan"], code)})


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    return begin(world)


@pytest.mark.django_db
def test_the_page_tells_what_is_in_the_way_and_where(world: World, chief: Client) -> None:
    ask(chief, world)
    heavy = {"when": '{"field":"model","is":"heavy"}'}
    manager: dict[str, Any] = {"name_en": "Manager", "rule": "any", "by": '{"manager": true}'}
    send(chief, world, "approval/add/", manager | heavy)
    send(chief, world, "plan/add/", heavy, name_en="Order", group="service-desk")
    before = draft(world)
    for path in ("parts/question/model/remove/", "parts/page/what/remove/"):
        told = chief.get(f"{HOME}{path}")
        assert told.status_code == 200
        refused = send(chief, world, path, status=422)
        for shown in (told.content.decode(), refused):
            for address, says in (
                (
                    "form/questions/why_heavy/",
                    "Question “Why heavy?”</a>: Asked when “Which model?” is Heavy",
                ),
                ("approval/levels/manager/", "Level “Manager”</a>: Asked when “Which model?” is Heavy"),
                ("plan/tasks/order/", "Task “Order”</a>: Done when “Which model?” is Heavy"),
            ):
                assert f'href="{HOME}{address}">{says}' in shown
            assert 'name="seen"' not in shown
    assert draft(world).design == before.design
    assert draft(world).draft_version == before.draft_version
    gone = chief.get(f"{HOME}parts/page/why/remove/").content.decode()
    assert "<li>Why heavy?</li>" in gone
    send(chief, world, "parts/page/why/remove/")
    send(chief, world, "parts/task/order/remove/")
    send(chief, world, "parts/level/manager/remove/")
    alone = send(chief, world, "parts/question/model/remove/", status=422)
    assert f'href="{HOME}parts/page/what/remove/">Remove the page “What”</a>' in alone
    send(chief, world, "parts/page/what/remove/")


@pytest.mark.django_db
def test_a_form_that_cannot_be_read_is_not_blamed_on_conditions(world: World, chief: Client) -> None:
    broken = DESIGN | {"name": words("Laptop"), "form": {"pages": [page("one")]}}
    broken["plan"] = {"tasks": [task("a", "nobody", when=BIG)]}
    sent = {"seen": draft(world).draft_version, "design": json.dumps(broken)}
    told = chief.post(f"{HOME}notation/", sent).context["form"].errors["design"]
    assert [line.partition(":")[0] for line in told] == ["form.pages.0.fields", "plan.tasks.0.after"]
