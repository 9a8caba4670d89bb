"""The pages of components, and of how services are fulfilled."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Component, DependencyGroup, FulfilmentPlan, PlannedTask, Service
from catalogue.public import plans_in_force
from sla.models import PromiseAcceptance
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.sla.parts import Workshop
from tests.support.world import build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
PLAN = "/admin/services/laptop/plan/"
ORDERED = {"name_1": "Order", "hours_1": "2", "calendar_1": "office"}
BUILT = {"name_3": "Build", "component_3": "depot", "after_3": "1"}


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
    page = chief.get("/admin/services/laptop/promises/").content.decode()
    assert "Fulfilment plan, in force since" in page
    assert "Build" in page
    # What is planned is where the next change begins, its lines numbered anew.
    form = chief.get(PLAN).content.decode()
    assert 'value="Build"' in form
    assert 'name="name_4"' in form
    assert 'name="name_5"' not in form


def test_a_plan_that_takes_too_long_needs_a_reason_and_nothing_typed_is_lost(
    shop: Workshop, chief: Client
) -> None:
    slow = ORDERED | BUILT | {"hours_1": "5"}
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
        ({"hours_1": "2", "calendar_1": "office"}, "name_1", "Say what task 1 is"),
        (ORDERED | {"after_1": "2"}, "after_1", "There is no task 2"),
        (ORDERED | {"after_1": "two"}, "after_1", "There is no task two"),
        ({"name_2": "Order"}, "hours_2", "Give a time and its calendar, or a component."),
        (ORDERED | {"component_1": "depot"}, "hours_1", "Give a time and its calendar"),
        (ORDERED | {"hours_1": "9000"}, "hours_1", "at most a year"),
        (ORDERED | {"calendar_1": "nope"}, "calendar_1", "Select a valid choice"),
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
    circle = chief.post(PLAN, ORDERED | BUILT | {"after_1": "3"})
    assert circle.status_code == 422
    assert "in a circle: " in circle.content.decode()
    assert chief.post(PLAN, {}).status_code == 422
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        assert not FulfilmentPlan.objects.exists()
        assert not PlannedTask.objects.exists()


def test_another_row_is_given_and_nothing_typed_is_lost(shop: Workshop, chief: Client) -> None:
    page = chief.post(PLAN, ORDERED | {"name_2": "", "step": "more"})
    assert page.status_code == 200
    assert 'value="Order"' in page.content.decode()
    assert 'name="name_3"' in page.content.decode()
    assert _tasks(shop) == []


def test_who_saw_another_plan_is_told_and_may_save_all_the_same(shop: Workshop, chief: Client) -> None:
    assert chief.post(PLAN, ORDERED | {"seen": "0"}).status_code == 302
    late = chief.post(PLAN, ORDERED | BUILT | {"seen": "0"})
    assert late.status_code == 409
    assert 'value="Build"' in late.content.decode()
    assert len(_tasks(shop)) == 1
    assert chief.post(PLAN, ORDERED | BUILT | {"seen": "1"}).status_code == 302
    assert len(_tasks(shop)) == 2


def test_a_component_is_changed_by_who_saw_it_as_it_is(chief: Client) -> None:
    assert chief.post(PLAN, ORDERED | BUILT).status_code == 302
    page = "/admin/components/depot/"
    typed = {"name": "Main depot", "provider": "network-co", "contract": "for-depot", "seen": "1"}
    assert chief.post(page, typed).status_code == 302
    late = chief.post(page, typed | {"name": "Old depot"})
    assert late.status_code == 409
    assert 'value="Old depot"' in late.content.decode()
    assert "Main depot" in chief.get("/admin/components/").content.decode()
    # What a service counts on cannot be taken away.
    assert chief.post(f"{page}remove/", {"seen": "2"}).status_code == 422


def test_a_group_is_changed(shop: Workshop, chief: Client) -> None:
    assert chief.post(PLAN, ORDERED | BUILT).status_code == 302
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        shop.component("spare", fulfilment=4)
        shop.serial(
            Service.objects.get(code="laptop"), "depot", "spare", accepted_because="The plan is of today."
        )
    page = "/admin/services/laptop/groups/1/"
    assert "Depot" in chief.get(page).content.decode()
    typed = {"name": "Stores", "rule": "some", "needed": "1"}
    typed |= {"order_0": "2", "handover_0": "0", "order_1": "1", "handover_1": "0.5"}
    done = chief.post(page, typed)
    assert done.status_code == 302, done.content.decode()
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        group = DependencyGroup.objects.get(service__code="laptop")
        parts = list(group.parts.order_by("position").values_list("component__code", "handover_seconds"))
    assert (group.name, group.needed) == ("Stores", 1)
    assert parts == [("spare", 1800), ("depot", 0)]


def test_two_tasks_of_one_name_are_two(shop: Workshop, chief: Client) -> None:
    again = {"name_2": "Order", "hours_2": "1", "calendar_2": "office", "after_2": "1"}
    assert chief.post(PLAN, ORDERED | again).status_code == 302
    assert _tasks(shop) == [("Order", 7200, []), ("Order", 3600, ["order"])]


def test_a_component_is_written_down_and_listed(shop: Workshop, chief: Client) -> None:
    typed = {
        "name": "Core network",
        "code": "core-network",
        "provider": "network-co",
        "contract": "for-depot",
    }
    assert chief.post("/admin/components/new/", typed).status_code == 302
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        made = Component.objects.select_related("contract", "provider").get(code="core-network")
        assert (made.provider.code, made.contract and made.contract.code) == ("network-co", "for-depot")
    page = chief.get("/admin/components/").content.decode()
    assert "Core network" in page
    assert 'href="/admin/services/laptop/promises/"' in page
    again = chief.post("/admin/components/new/", typed)
    assert again.status_code == 422
    assert "There is a component with this code already." in again.content.decode()


def test_a_contract_with_somebody_else_is_refused_beside_it(chief: Client) -> None:
    typed = {"name": "Core network", "code": "core", "provider": "desk-partner", "contract": "for-depot"}
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
