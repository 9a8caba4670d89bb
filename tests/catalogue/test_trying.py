"""What answers would make is told after the last page of a preview, and nothing is made."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.engine import promising
from catalogue.engine.trying import try_out
from requests_app.queries.promises import promised_for_tasks
from tests.catalogue.building import HOME, ask, begin, publish, send
from tests.support.world import World, build_world

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
HEAVY = {"field": "model", "is": "heavy"}


def words(text: str) -> dict[str, str]:
    return {"en": text, "cy": text}


def task(code: str, *after: str, **rest: Any) -> dict[str, Any]:
    return {"code": code, "name": words(code), "group": "service-desk", "after": list(after)} | rest


def design(**parts: Any) -> dict[str, Any]:
    options = [{"value": value, "label": words(value)} for value in ("light", "heavy")]
    fields = [
        {"code": "model", "type": "choice", "label": words("Model"), "options": options},
        {"code": "why", "type": "text", "label": words("Why"), "when": HEAVY},
    ]
    form = {"pages": [{"code": "what", "title": words("What"), "fields": fields}]}
    return {"name": words("Laptop"), "form": form} | parts


LEVELS = [
    {"code": "manager", "name": words("Manager"), "by": [{"manager": True}]},
    {
        "code": "budget",
        "name": words("Budget"),
        "by": [{"group": "service-desk"}],
        "when": {"all": [{"field": "cost", "at_least": 50_000}, HEAVY]},
    },
]
TASKS = [
    task("order", takes="PT4H"),
    task("memory", "order", takes="PT1H", when=HEAVY),
    task("pack", "memory", takes="PT1H"),
]


def test_conditions_leave_out_levels_and_tasks() -> None:
    whole = design(price="600.00", approval={"levels": LEVELS}, plan={"tasks": TASKS})
    heavy = try_out(whole, {"model": "heavy"})
    assert [level.code for level in heavy.levels] == ["manager", "budget"]
    assert [(each.code, each.after) for each in heavy.tasks] == [
        ("order", ()),
        ("memory", ("order",)),
        ("pack", ("memory",)),
    ]
    light = try_out(whole, {"model": "light"})
    assert [level.code for level in light.other_levels] == ["budget"]
    assert [each.code for each in light.other_tasks] == ["memory"]
    assert light.tasks[1].after == ("order",)
    cheap = try_out(whole | {"price": "499.99"}, {"model": "heavy"})
    assert [level.code for level in cheap.levels] == ["manager"]


def test_an_answer_that_is_not_asked_counts_for_nothing() -> None:
    plan = {"tasks": [task("read", when={"field": "why", "answered": True})]}
    assert try_out(design(plan=plan), {"model": "light", "why": "Forged"}).tasks == ()
    assert len(try_out(design(plan=plan), {"model": "heavy", "why": "Big"}).tasks) == 1
    assert try_out(design(plan=plan), {"model": ["odd"], "why": {}}).tasks == ()


def test_no_plan_is_not_a_plan_that_calls_for_nothing() -> None:
    assert not try_out({"name": words("Laptop")}, {}).has_plan
    nothing = try_out(design(plan={"tasks": [task("memory", when=HEAVY)]}), {"model": "light"})
    assert (nothing.has_plan, nothing.tasks) == (True, ())


def test_who_fulfils_plans_says_when_they_are_done() -> None:
    assert promised_for_tasks in promising._promises


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    return begin(world)


def answer(client: Client, model: str, path: str = "preview/") -> str:
    """Answer the first page; what the page says."""
    asked: dict[str, Any] = {"page": "what", "kept": "{}", "asked": "model", "model": model}
    return " ".join(client.post(f"{HOME}{path}", asked).content.decode().split())


@pytest.mark.django_db
def test_after_the_last_page_it_says_what_would_be_made(world: World, chief: Client) -> None:
    ask(chief, world)
    level: dict[str, Any] = {"name_en": "Manager", "rule": "any", "by": '{"manager": true}'}
    send(chief, world, "approval/add/", level, when='{"field":"model","is":"heavy"}')
    given: dict[str, Any] = {"group": "service-desk", "takes": "4"}
    send(chief, world, "plan/add/", given, name_en="Order")
    send(
        chief,
        world,
        "plan/add/",
        given,
        name_en="Memory",
        after=["order"],
        when='{"field":"model","is":"heavy"}',
    )
    send(chief, world, "plan/add/", given, name_en="Pack", after=["memory"])
    assert "What these answers would make" not in chief.get(f"{HOME}preview/").content.decode()
    page = answer(chief, "light")
    assert "Nobody: it goes straight to those who fulfil it." in page
    assert "Manager, asked only when “Which model?” is Light" not in page
    assert "Manager, asked only when “Which model?” is Heavy" in page
    assert "Memory, done only when “Which model?” is Heavy" in page
    assert "Waits for: Order" in page
    assert "<time datetime=" in page[page.index("When it would be ready") :]
    assert "if it was approved now" not in page
    kept = '{"model": "heavy"}'
    last = {"page": "why", "kept": kept, "asked": "why_heavy", "why_heavy": "Films"}
    heavy = " ".join(chief.post(f"{HOME}preview/", last).content.decode().split())
    assert "Manager: the manager" in heavy
    assert "Waits for: Memory" in heavy
    assert "Until then nothing is promised" in heavy
    assert "Memory, done only when" not in heavy
    in_welsh = answer(chief, "light", "preview/?language=cy")
    assert "What these answers would make" in in_welsh  # for who designs it, who reads English


@pytest.mark.django_db
def test_without_a_form_it_says_so_at_once(world: World, chief: Client) -> None:
    page = chief.get(f"{HOME}preview/").content.decode()
    assert "Without a plan, all of a request is one task" in page
    assert "only tasks that say how long they take make a promise" in page
    send(chief, world, "plan/add/", name_en="Talk", group="service-desk")
    page = chief.get(f"{HOME}preview/").content.decode()
    assert "nobody says how long these tasks take: Talk" in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["plan", "preview"])
def test_it_takes_as_many_reads_for_many_tasks(world: World, chief: Client, name: str) -> None:
    given: dict[str, Any] = {"group": "service-desk", "takes": "4"}
    counts = []
    for number in range(2):
        send(chief, world, "plan/add/", given, name_en=f"Task {number}", after=["task-0"] if number else [])
        chief.get(f"{HOME}{name}/")
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(f"{HOME}{name}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGET[f"catalogue:offering_{name}"]


@pytest.mark.django_db
def test_a_published_form_is_shown_as_it_was(world: World, chief: Client) -> None:
    ask(chief, world)
    publish(chief, world)
    heavy_only = {"options": "Heavy | Trwm | heavy", "required": "on", "label_en": "Which one?"}
    send(chief, world, "form/pages/why/", title_en="Why", when="")
    send(chief, world, "form/questions/model/", heavy_only)
    assert f'href="{HOME}preview/?version=1"' in chief.get(f"{HOME}versions/").content.decode()
    assert "Which one?" in chief.get(f"{HOME}preview/").content.decode()
    old = " ".join(chief.get(f"{HOME}preview/?version=1").content.decode().split())
    assert "As users saw version 1" in old
    assert "Which model?" in old
    assert "Which one?" not in old
    assert 'href="?version=1&amp;language=cy"' in old
    assert "Pa fodel?" in chief.get(f"{HOME}preview/?version=1&language=cy").content.decode()
    assert "That is all that is asked" in answer(chief, "light", "preview/?version=1")
    assert chief.get(f"{HOME}preview/?version=2").status_code == 404
