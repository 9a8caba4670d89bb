"""The builders in the browser: from nothing to published, faults beside their inputs, nobody overwritten."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.engine.forms import TYPES
from catalogue.public import create_offering
from tenancy.engine.scope import tenant_scope
from tests.catalogue.building import HOME, ask, begin, draft, publish, send
from tests.desk.visits import log_in
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def chief(world: World) -> Client:
    return begin(world)


def test_a_form_is_built_page_by_page(world: World, chief: Client) -> None:
    ask(chief, world)
    pages = draft(world).design["form"]["pages"]
    assert [(page["code"], [each["code"] for each in page["fields"]]) for page in pages] == [
        ("what", ["model"]),
        ("why", ["why_heavy"]),
    ]
    assert pages[0]["fields"][0]["options"][0] == {"value": "light", "label": {"en": "Light", "cy": "Ysgafn"}}
    assert pages[1]["fields"][0]["when"] == {"field": "model", "is": "heavy"}
    send(
        chief,
        world,
        "form/pages/what/add/?type=number",
        code="count",
        label_en="How many?",
        min="1",
        whole="on",
    )
    send(chief, world, "parts/question/count/move/", to="up")
    send(chief, world, "parts/question/count/move/", to="up", status=302)
    fields = draft(world).design["form"]["pages"][0]["fields"]
    assert fields[0] == {
        "code": "count", "type": "number", "label": {"en": "How many?"}, "required": False, "min": 1, "whole": True,
    }  # fmt: skip
    when = '{"at_least":null,"field":"count"}'
    send(chief, world, "form/pages/why/", title_en="Why so many", when=when, when_number="3")
    page = chief.get(f"{HOME}form/").content.decode()
    assert "Shown when “How many?” is at least 3" in page
    again = chief.get(f"{HOME}form/pages/why/").content.decode()
    assert 'value="3"' in again
    refused = send(chief, world, "parts/question/count/remove/", status=422)
    assert "“How many?” cannot be removed yet" in refused
    assert f'<a class="govuk-link" href="{HOME}form/pages/why/">Page “Why so many”</a>: Shown when' in refused
    refused = send(chief, world, "parts/page/what/move/", to="down", status=422)
    assert "Nothing was changed" in refused
    send(chief, world, "parts/page/why/remove/")
    send(chief, world, "parts/question/count/remove/")
    send(chief, world, "parts/page/what/remove/")
    assert "form" not in draft(world).design


@pytest.mark.parametrize(
    ("type_", "given", "field"),
    [
        ("text", {"code": "Bad code"}, "code"),
        ("text", {"min_length": "9", "max_length": "2"}, "min_length"),
        ("text", {"min_length": "nine"}, "min_length"),
        ("text", {"mask": "é"}, "mask"),
        ("money", {"max": "many"}, "max"),
        ("date", {"earliest": "soon"}, "earliest"),
        ("choice", {"options": ""}, "options"),
        ("choice", {"options": "One\nTwo | Dau | bad code!"}, "options"),
        ("many", {"options": "One", "min_count": "2"}, "min_count"),
        ("text", {"label_en": ""}, "label_en"),
        ("text", {"title_en": ""}, "title_en"),
    ],
)
def test_a_fault_stands_beside_its_input(
    world: World, chief: Client, type_: str, given: dict[str, str], field: str
) -> None:
    whole = {"title_en": "What", "label_en": "Which?"} | given
    sent = {"seen": "1"} | whole
    response = chief.post(f"{HOME}form/add/?type={type_}", sent)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert draft(world).draft_version == 1


def test_every_type_of_question_can_be_asked(world: World, chief: Client) -> None:
    for type_ in TYPES:
        given = {"title_en": f"Page {type_}", "label_en": f"Question {type_}", "required": "on"}
        given |= {"options": "One | Un\nTwo | Dau"} if type_ in ("choice", "many") else {}
        send(chief, world, f"form/add/?type={type_}", given)
    for type_ in TYPES:
        assert chief.get(f"{HOME}form/questions/question_{type_}/").status_code == 200
    assert chief.get(f"{HOME}form/").status_code == 200
    assert chief.get(f"{HOME}preview/").status_code == 200


def test_who_comes_too_late_is_told_and_keeps_the_words(world: World, chief: Client) -> None:
    typed = {"seen": "1", "name_en": "Laptop", "summary_en": "For work"}
    assert chief.post(f"{HOME}words/", typed).status_code == 302
    late = chief.post(f"{HOME}words/", typed | {"summary_en": "For play"})
    assert (late.status_code, "For play" in late.content.decode()) == (409, True)
    assert chief.post(f"{HOME}words/", typed | {"seen": "2", "summary_en": "For play"}).status_code == 302
    assert draft(world).design["summary"] == {"en": "For play"}
    assert chief.post(f"{HOME}steps/publish/").status_code == 422
    for path, more in (
        ("terms/", {"period": "once", "max_quantity": "1"}),
        ("place/", {"service": world.service.code}),
        ("notation/", {"design": '{"name": {"en": "Laptop"}}'}),
        ("steps/publish/", {}),
    ):
        assert chief.post(f"{HOME}{path}", {"seen": "1"} | more).status_code == 409, path
    ask(chief, world)
    assert chief.post(f"{HOME}parts/page/what/move/", {"seen": "1", "to": "down"}).status_code == 409


def test_what_is_missing_leads_to_the_page_that_mends_it(world: World, chief: Client) -> None:
    ask(chief, world)
    send(chief, world, "form/pages/why/", title_en="Why")
    page = chief.get(HOME).content.decode()
    for address in ("words/", "form/pages/why/"):
        assert f'href="{HOME}{address}"' in page
    refused = send(chief, world, "steps/publish/", status=422)
    assert "Summary: Say this in English." in refused
    assert "Page “Why”: Say this in Welsh." in refused


def test_a_draft_is_published_compared_withdrawn_and_offered_again(world: World, chief: Client) -> None:
    ask(chief, world)
    send(chief, world, "terms/", price="1,250.00", period="year", max_quantity="3", for_others="on")
    publish(chief, world)
    assert "which is what the draft says" in chief.get(HOME).content.decode()
    send(chief, world, "form/pages/why/", title_en="Why then", title_cy="Pam")
    compared = chief.get(f"{HOME}versions/?version=1&with=draft").content.decode()
    assert "<del>Why</del>" in compared
    assert "<ins>Why then</ins>" in compared
    assert "The draft says something else" in chief.get(HOME).content.decode()
    send(chief, world, "steps/withdraw/")
    assert chief.post(f"{HOME}steps/withdraw/", {"seen": draft(world).draft_version}).status_code == 409
    send(chief, world, "steps/offer-again/")
    assert draft(world).stage == "published"
    assert chief.get(f"{HOME}steps/burn/").status_code == 404


def test_a_published_plan_is_shown_as_it_was(world: World, chief: Client) -> None:
    task = {"group": "service-desk", "name_en": "Order", "name_cy": "Archebu"}
    send(chief, world, "plan/add/", task)
    publish(chief, world)
    send(chief, world, "plan/add/", task | {"name_en": "Pack", "code": "pack", "after": ["order"]})
    assert f'href="{HOME}plan/?version=1"' in chief.get(f"{HOME}versions/").content.decode()
    old = chief.get(f"{HOME}plan/?version=1")
    assert [box.name for box in old.context["picture"].boxes] == ["Order"]
    assert "Remove" not in old.content.decode()
    now = chief.get(f"{HOME}plan/").content.decode()
    assert "Remove" in now
    assert '<svg class="app-composition__sheet"' in now
    for version in ("2", "0", "x", "9" * 9):
        assert chief.get(f"{HOME}plan/?version={version}").status_code == 404, version


def test_levels_and_tasks_are_built(world: World, chief: Client) -> None:
    ask(chief, world)
    manager, group = '{"manager": true}', '{"group": "service-desk"}'
    level: dict[str, Any] = {"name_en": "Manager", "name_cy": "Rheolwr", "rule": "any"}
    send(
        chief,
        world,
        "approval/add/",
        by=manager,
        cost_from="500",
        when='{"field":"model","is":"heavy"}',
        **level,
    )
    written = draft(world).design["approval"]["levels"][0]
    assert written == {
        "code": "manager",
        "name": {"en": "Manager", "cy": "Rheolwr"},
        "by": [{"manager": True}],
        "rule": "any",
        "when": {"all": [{"field": "cost", "at_least": 50000}, {"field": "model", "is": "heavy"}]},
    }
    assert (
        "“cost” is at least £500.00 and “Which model?” is Heavy"
        in chief.get(f"{HOME}approval/").content.decode()
    )
    second = level | {
        "name_en": "Desk",
        "by": group,
        "rule": "quorum",
        "quorum": "2",
        "by_people": "a@b.example",
    }
    second |= {"escalate_after": "1.5", "escalate_to": manager, "skip_if_qualified": "on"}
    send(chief, world, "approval/add/", second)
    send(chief, world, "parts/level/desk/move/", to="up")
    assert [each["code"] for each in draft(world).design["approval"]["levels"]] == ["desk", "manager"]
    shown = chief.get(f"{HOME}approval/levels/desk/").context["form"]
    assert (shown["by_people"].value(), shown["escalate_after"].value()) == ("a@b.example", "1.5")
    refused = chief.post(
        f"{HOME}approval/add/",
        level
        | {
            "seen": draft(world).draft_version,
            "rule": "quorum",
            "quorum": "no",
            "escalate_after": "1",
            "cost_from": "x",
        },
    )
    assert set(refused.context["form"].errors) == {"by", "quorum", "escalate_to", "cost_from"}
    send(chief, world, "parts/level/desk/remove/")

    task = {"group": "service-desk", "name_cy": "Tasg"}
    send(chief, world, "plan/add/", task, name_en="Order", takes="4")
    send(chief, world, "plan/add/", task, name_en="Set up", after=["order"], told_en="It is set up")
    send(chief, world, "plan/add/", task, name_en="Hand over", after=["set-up"])
    assert "Waits for: Set up" in chief.get(f"{HOME}plan/").content.decode()
    assert len(chief.get(f"{HOME}plan/").context["picture"].arrows) == 2
    circle = send(chief, world, "plan/tasks/order/", task, status=422, name_en="Order", after=["hand-over"])
    assert "These tasks wait for each other in a circle" in circle
    asked = chief.get(f"{HOME}parts/task/set-up/remove/").content.decode()
    assert "Task “Hand over”</a>: Waits for: Order" in asked
    assert "Begins at once" in chief.get(f"{HOME}parts/task/order/remove/").content.decode()
    send(chief, world, "parts/task/set-up/remove/")
    tasks = draft(world).design["plan"]["tasks"]
    assert [(each["code"], each.get("after", [])) for each in tasks] == [
        ("order", []),
        ("hand-over", ["order"]),
    ]


def test_the_preview_asks_as_users_are_asked(world: World, chief: Client) -> None:
    ask(chief, world)
    assert "Continue" in chief.get(f"{HOME}preview/").content.decode()
    page = chief.get(f"{HOME}preview/?language=cy").content.decode()
    assert "Pa fodel?" in page
    assert "Ysgafn" in page
    assert "Parhau" in page
    asked: dict[str, Any] = {"page": "what", "kept": "{}", "asked": "model"}
    assert chief.post(f"{HOME}preview/", asked).status_code == 422
    heavy = chief.post(f"{HOME}preview/", asked | {"model": "heavy"}).content.decode()
    assert "Why heavy?" in heavy
    light = chief.post(f"{HOME}preview/", asked | {"model": "light"}).content.decode()
    assert "That is all that is asked" in light


def test_the_notation_is_saved_and_its_faults_are_told(world: World, chief: Client) -> None:
    design = {"name": {"en": "Laptop"}, "price": "12.50"}
    send(chief, world, "notation/", design=json.dumps(design))
    send(chief, world, "notation/", design=json.dumps({"name": {"en": "Laptop"}}))
    assert draft(world).design == {"name": {"en": "Laptop"}}
    for wrong in ("{", "[]", '{"name": {}}', '{"name": {"en": "x"}, "form": {"pages": [1]}}'):
        send(chief, world, "notation/", status=422, design=wrong)


def test_place_and_audience(world: World, chief: Client) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        group = world.desk_group.code
    send(chief, world, "place/", service=world.service.code, support_groups=[group])
    assert world.desk_group.name in chief.get(HOME).content.decode()


def test_who_does_not_design_offerings_sees_nothing_of_it(world: World, chief: Client) -> None:
    agent = log_in(world.agent)
    for path in ("", "words/", "form/", "approval/", "plan/", "preview/", "versions/", "notation/"):
        assert agent.get(f"{HOME}{path}").status_code == 403
        assert chief.get(f"/admin/offerings/no-such/{path}").status_code == 404


def test_the_list_filters_and_takes_as_many_reads_for_many(world: World, chief: Client) -> None:
    path = "/admin/offerings/"
    counts = []
    for number in range(2):
        chief.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(path).status_code == 200
        counts.append(len(queries))
        with tenant_scope(world.tenant.pk, actor="system:test"):
            for count in range(20 * (1 - number)):
                create_offering(
                    code=f"more-{count}",
                    service=world.service,
                    name=f"More {count}",
                    actor=world.actor(world.administrator),
                )
    assert counts[0] == counts[1] <= BUDGET["catalogue:offerings"]
    for query, there in (
        ("q=lapt", True),
        ("q=none", False),
        ("stage=published", False),
        ("stage=draft&q=lap", True),
    ):
        rows = chief.get(f"{path}?{query}").context["rows"]
        assert any(row.code == "laptop" for row, _name in rows) is there, query
