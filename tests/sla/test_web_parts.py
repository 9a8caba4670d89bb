"""Pages of components, groups of parts and fulfilment plans: held against promises, nothing typed lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Component, Dependency, DependencyGroup, FulfilmentPlan, PlannedTask, Service
from sla.models import PromiseAcceptance
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.sla.parts import HOUR, Workshop
from tests.support.world import build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
REASON = "The supplier pays for delays."
PORTAL, GROUP = "/admin/services/portal/", "/admin/services/portal/groups/1/"


@pytest.fixture
def shop() -> Workshop:
    """A live service `portal` that promises 8 hours over `database` (4) and `spare` (12), of which one is needed."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = Workshop(world, world.actor(world.administrator))
        portal = made.service("portal", stage="live")
        made.component("database", resolution=4, fulfilment=4)
        made.component("spare", resolution=12)
        made.promise(portal, 8)
    return made


@pytest.fixture
def chief(shop: Workshop) -> Client:
    client = log_in(shop.world.administrator)
    typed = {"part": "component:database", "group": "Sites", "rule": "keep"}
    assert client.post(f"{PORTAL}parts/add/", typed).status_code == 302
    typed = {"part": "component:spare", "group": "Sites", "rule": "some", "needed": "1"}
    assert client.post(f"{PORTAL}parts/add/", typed).status_code == 302
    return client


def group_as_typed(**changes: Any) -> dict[str, Any]:
    typed = {"seen": 2, "name": "Sites", "rule": "some", "needed": 1, "order_0": 1, "order_1": 2}
    return {name: value for name, value in (typed | changes).items() if value is not None}


class TestGroup:
    def test_all_needed_where_one_was_is_refused_with_the_chain_or_accepted(
        self, shop: Workshop, chief: Client
    ) -> None:
        typed = group_as_typed(rule="all", needed=None, handover_0="0.25")
        page = chief.post(GROUP, typed)
        assert page.status_code == 422
        assert "4 hours too long: Portal → Spare" in page.content.decode()
        assert 'value="0.25"' in page.content.decode()
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert DependencyGroup.objects.get().needed == 1
        assert chief.post(GROUP, typed | {"accepted_because": REASON}).status_code == 302
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert DependencyGroup.objects.get().needed is None
            assert PromiseAcceptance.objects.get().reason == REASON
            assert sorted(Dependency.objects.values_list("handover_seconds", flat=True)) == [0, 900]

    def test_is_put_in_another_order_and_loses_a_part(self, shop: Workshop, chief: Client) -> None:
        assert chief.post(GROUP, group_as_typed(order_0=3)).status_code == 302
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            parts = Dependency.objects.order_by("position").values_list("component__code", flat=True)
            assert list(parts) == ["spare", "database"]
        typed = group_as_typed(seen=3, rule="all", needed=None, remove_0="on")
        assert chief.post(GROUP, typed).status_code == 302
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert Dependency.objects.get().component.code == "database"

    def test_more_needed_than_there_are_is_said_beside_the_field(self, chief: Client) -> None:
        page = chief.post(GROUP, group_as_typed(needed=3)).content.decode()
        assert 'href="#id_needed"' in page
        assert "Between 1 and 2 of the parts can be needed." in page

    def test_changed_by_somebody_else_meanwhile_is_shown_and_kept(
        self, shop: Workshop, chief: Client
    ) -> None:
        page = chief.post(GROUP, group_as_typed(seen=1, name="Data centres"))
        assert page.status_code == 409
        content = page.content.decode()
        assert "Somebody changed this while you were editing" in content
        assert "Sites (1 of 2 needed): Database, Spare" in content
        assert 'value="Data centres"' in content
        assert 'name="seen" value="2"' in content
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert DependencyGroup.objects.get().name == "Sites"

    def test_that_is_not_there_is_not_found(self, chief: Client) -> None:
        assert chief.get("/admin/services/portal/groups/2/").status_code == 404


def test_a_circle_is_refused_beside_the_part(shop: Workshop, chief: Client) -> None:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        shop.service("below")
    up = {"part": "service:portal", "group": "Up"}
    assert chief.post("/admin/services/below/parts/add/", up).status_code == 302
    page = chief.post(f"{PORTAL}parts/add/", {"part": "service:below", "group": "Down"})
    assert page.status_code == 422
    content = page.content.decode()
    assert 'href="#id_part">These services would need each other in a circle: ' in content
    assert 'value="Down"' in content


class TestComponent:
    def test_of_a_live_service_keeps_its_promises_or_says_why(self, shop: Workshop, chief: Client) -> None:
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            shop.contract("slow", resolution=20)
            shop.serial(Service.objects.get(code="portal"), "database")
        typed = {"seen": 1, "name": "Database", "provider": "network-co", "contract": "slow"}
        page = chief.post("/admin/components/database/", typed)
        assert page.status_code == 422
        assert "12 hours too long: Portal → Database" in page.content.decode()
        done = chief.post("/admin/components/database/", typed | {"accepted_because": REASON})
        assert done.status_code == 302
        again = chief.post("/admin/components/database/", typed)
        assert again.status_code == 409
        assert "Contract slow" in again.content.decode()

    def test_is_written_down_and_removed(self, shop: Workshop, chief: Client) -> None:
        typed = {"code": "router", "name": "Router", "provider": "network-co"}
        assert chief.post("/admin/components/new/", typed).status_code == 302
        page = chief.post("/admin/components/new/", typed)
        assert page.status_code == 422
        assert "There is a component with this code already." in page.content.decode()
        assert chief.post("/admin/components/router/remove/", {"seen": 9}).status_code == 409
        assert chief.post("/admin/components/router/remove/", {"seen": 1}).status_code == 302
        refused = chief.post("/admin/components/database/remove/", {"seen": 1})
        assert refused.status_code == 422
        assert "Portal" in refused.content.decode()
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert sorted(Component.objects.values_list("code", flat=True)) == ["database", "spare"]

    def test_list_takes_as_many_reads_for_many(self, shop: Workshop, chief: Client) -> None:
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            for number in range(20):
                shop.component(f"more-{number}")
        chief.get("/admin/components/")
        with CaptureQueriesContext(connection) as queries:
            assert "No contract" in chief.get("/admin/components/").content.decode()
        assert len(queries) <= BUDGET["sla:components"]


class TestPlan:
    PAGE = f"{PORTAL}plan/"

    def typed(self, **changes: Any) -> dict[str, Any]:
        return {
            "seen": 0,
            "name_1": "Approve",
            "hours_1": "4",
            "calendar_1": "office",
            "name_2": "Order",
            "component_2": "database",
            "after_2": "1",
            "name_3": "",
        } | changes

    def test_is_written_task_by_task_and_shown(self, shop: Workshop, chief: Client) -> None:
        assert chief.post(self.PAGE, self.typed()).status_code == 302
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            rows = PlannedTask.objects.order_by("position").values_list("code", "seconds", "after")
            assert list(rows) == [("approve", 4 * HOUR, []), ("order", None, ["approve"])]
        assert "Fulfilment plan, in force since" in chief.get(f"{PORTAL}promises/").content.decode()
        assert 'value="Approve"' in chief.get(self.PAGE).content.decode()

    def test_that_breaks_a_promise_is_refused_with_the_critical_path(
        self, shop: Workshop, chief: Client
    ) -> None:
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            shop.promise(
                Service.objects.get(code="portal"), 8, metric="fulfilment", accepted_because="No plan yet."
            )
        page = chief.post(self.PAGE, self.typed(hours_1="6"))
        assert page.status_code == 422
        assert "2 hours too long: Portal → Approve → Order" in page.content.decode()
        assert 'value="6"' in page.content.decode()
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert not FulfilmentPlan.objects.exists()
        done = chief.post(self.PAGE, self.typed(hours_1="6", accepted_because=REASON))
        assert done.status_code == 302

    def test_another_row_keeps_what_was_typed_and_writes_nothing(self, shop: Workshop, chief: Client) -> None:
        page = chief.post(self.PAGE, self.typed(step="more", hours_1="x", effective_from_day="3"))
        assert page.status_code == 200
        content = page.content.decode()
        assert 'name="name_4"' in content
        assert 'name="name_5"' not in content
        assert 'value="x"' in content
        assert 'value="3"' in content
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            assert not FulfilmentPlan.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"after_1": "2"}, "after_1", "These tasks would wait for each other in a circle: "),
            ({"after_2": "7"}, "after_2", "There is no task 7"),
            ({"after_2": "3"}, "after_2", "There is no task 3"),
            ({"calendar_1": ""}, "hours_1", "Give a time and its calendar, or a component."),
            ({"hours_2": "1", "calendar_2": "office"}, "hours_2", "not both"),
            ({"name_1": ""}, "name_1", "Say what task 1 is"),
            ({"name_1": "", "hours_1": "", "calendar_1": "", "name_2": "", "component_2": "", "after_2": ""},
             "name_1", "A plan needs at least one task."),
        ],
    )  # fmt: skip
    def test_that_makes_no_sense_is_refused_beside_the_field(
        self, chief: Client, changes: dict[str, Any], field: str, words: str
    ) -> None:
        page = chief.post(self.PAGE, self.typed(**changes))
        assert page.status_code == 422
        content = page.content.decode()
        assert f'href="#id_{field}"' in content
        assert words in content

    def test_written_by_somebody_else_meanwhile_is_shown(self, chief: Client) -> None:
        assert chief.post(self.PAGE, self.typed()).status_code == 302
        page = chief.post(self.PAGE, self.typed(name_1="Ask"))
        assert page.status_code == 409
        assert "1. Approve" in page.content.decode()
        assert 'value="Ask"' in page.content.decode()


def test_the_pages_are_for_those_who_define_services(shop: Workshop) -> None:
    agent = log_in(shop.world.agent)
    for path in ("/admin/components/", "/admin/components/database/", GROUP, f"{PORTAL}plan/"):
        assert agent.get(path).status_code == 403
