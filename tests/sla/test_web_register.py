"""The pages of components, and of how services are fulfilled."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Component, FulfilmentPlan, PlannedTask, Service
from catalogue.public import plans_in_force
from sla.models import PromiseAcceptance
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.sla.parts import Workshop
from tests.support.world import build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
PLAN = "/admin/services/laptop/plan/"
ORDERED = {"task_1_name": "Order", "task_1_hours": "2", "task_1_calendar": "office"}
BUILT = {"task_3_name": "Build", "task_3_component": "depot", "task_3_after": "1"}


@pytest.fixture
def shop() -> Workshop:
    """A live service `laptop` that promises fulfilment in 8 hours, and a depot whose contract says 4."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = Workshop(world, world.actor(world.administrator))
        laptop = made.service("laptop")
        made.component("depot", fulfilment=4)
        made.serial(laptop, "depot")
        made.promise(laptop, 8, metric="fulfilment")
        Service.objects.filter(pk=laptop.pk).update(stage="live")
    return made


@pytest.fixture
def chief(shop: Workshop) -> Client:
    return log_in(shop.world.administrator)


def _tasks(shop: Workshop) -> list[tuple[str, int | None, list[str]]]:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        laptop = Service.objects.get(code="laptop")
        return [
            (task.name, task.seconds, task.after)
            for task in plans_in_force(timezone.now() + timedelta(seconds=1)).get(laptop.pk, [])
        ]


def test_a_plan_is_made_of_lines_and_shown(shop: Workshop, chief: Client) -> None:
    assert chief.post(PLAN, ORDERED | BUILT).status_code == 302
    assert _tasks(shop) == [("Order", 7200, []), ("Build", None, ["order"])]
    page = chief.get("/admin/services/laptop/").content.decode()
    assert "How it is fulfilled" in page
    assert "As the contract of Depot says" in page
    # What is planned is where the next change begins, its lines numbered anew.
    form = chief.get(PLAN).content.decode()
    assert 'value="Build"' in form
    assert 'name="task_5_name"' in form
    assert 'name="task_6_name"' not in form


def test_a_plan_that_takes_too_long_needs_a_reason_and_nothing_typed_is_lost(
    shop: Workshop, chief: Client
) -> None:
    slow = ORDERED | BUILT | {"task_1_hours": "5"}
    refused = chief.post(PLAN, slow)
    assert refused.status_code == 422
    body = refused.content.decode()
    assert "Order → Build" in body
    assert 'value="Build"' in body
    assert _tasks(shop) == []
    assert chief.post(PLAN, slow | {"accepted_because": "Stock is held."}).status_code == 302
    assert len(_tasks(shop)) == 2
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        assert PromiseAcceptance.objects.get().reason == "Stock is held."


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"task_1_hours": "2", "task_1_calendar": "office"}, "task_1_name", "Say what is done"),
        (ORDERED | {"task_1_after": "2"}, "task_1_after", "“2” is the number of no task"),
        (ORDERED | {"task_1_after": "two"}, "task_1_after", "“two” is the number of no task"),
        ({"task_2_name": "Order"}, "task_2_hours", "Give a time and its calendar, or a component."),
        (ORDERED | {"task_1_component": "depot"}, "task_1_hours", "Give a time and its calendar"),
        (ORDERED | {"task_1_hours": "9000"}, "task_1_hours", "at most a year"),
        (ORDERED | {"task_1_calendar": "nope"}, "task_1_calendar", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    shop: Workshop, chief: Client, typed: dict[str, str], field: str, words: str
) -> None:
    page = chief.post(PLAN, typed)
    assert page.status_code == 422
    assert f'href="#id_{field}"' in page.content.decode()
    assert words in page.content.decode()
    assert _tasks(shop) == []


def test_a_circle_of_tasks_is_named_and_an_empty_plan_refused(shop: Workshop, chief: Client) -> None:
    circle = chief.post(PLAN, ORDERED | BUILT | {"task_1_after": "3"})
    assert circle.status_code == 422
    assert "in a circle: " in circle.content.decode()
    assert chief.post(PLAN, {}).status_code == 422
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        assert not FulfilmentPlan.objects.exists()
        assert not PlannedTask.objects.exists()


def test_two_tasks_of_one_name_are_two(shop: Workshop, chief: Client) -> None:
    again = {"task_2_name": "Order", "task_2_hours": "1", "task_2_calendar": "office", "task_2_after": "1"}
    assert chief.post(PLAN, ORDERED | again).status_code == 302
    assert _tasks(shop) == [("Order", 7200, []), ("Order", 3600, ["order"])]


def test_a_component_is_written_down_and_listed(shop: Workshop, chief: Client) -> None:
    typed = {"name": "Core network", "provider": "network-co", "contract": "for-depot"}
    assert chief.post("/admin/components/new/", typed).status_code == 302
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        made = Component.objects.select_related("contract", "provider").get(code="core-network")
        assert (made.provider.code, made.contract and made.contract.code) == ("network-co", "for-depot")
    page = chief.get("/admin/components/").content.decode()
    assert "Core network" in page
    assert 'href="/admin/services/laptop/"' in page
    again = chief.post("/admin/components/new/", typed)
    assert again.status_code == 422
    assert "There is a component with this code already." in again.content.decode()


def test_a_contract_with_somebody_else_is_refused_beside_it(chief: Client) -> None:
    typed = {"name": "Core network", "provider": "desk-partner", "contract": "for-depot"}
    page = chief.post("/admin/components/new/", typed)
    assert page.status_code == 422
    assert 'href="#id_contract"' in page.content.decode()
    assert 'value="Core network"' in page.content.decode()


def test_the_list_takes_as_many_reads_for_many(shop: Workshop, chief: Client) -> None:
    assert "Depot" in chief.get("/admin/components/").content.decode()
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        for number in range(20):
            shop.component(f"more-{number}")
    with CaptureQueriesContext(connection) as queries:
        assert chief.get("/admin/components/").status_code == 200
    assert len(queries) <= BUDGET["sla:components"]


@pytest.mark.parametrize("path", ["/admin/components/", "/admin/components/new/", PLAN])
def test_others_are_kept_out(shop: Workshop, path: str) -> None:
    assert log_in(shop.world.engineer).get(path).status_code == 403
    assert log_in(shop.world.user).get(path).status_code == 403
    twin = build_world("rivers")
    page = log_in(twin.administrator).get(path)
    assert page.status_code == (404 if path == PLAN else 200)
    assert "Depot" not in page.content.decode()
