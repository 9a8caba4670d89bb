"""Services and their promises through both doors: pages and API."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Dependency, Service
from sla.models import AvailabilityPromise, PromiseAcceptance
from suppliers.models import Contract
from suppliers.public import change_contract_terms
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.desk.visits import log_in
from tests.sla.parts import Workshop, terms_of
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
REASON = "The supplier pays for delays."


@pytest.fixture
def shop() -> Workshop:
    """A service `portal` that promises 8 hours over a component that needs 12, not live yet."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = Workshop(world, world.actor(world.administrator))
        portal = made.service("portal")
        made.component("database", resolution=12, availability="99.5")
        made.component("spare", resolution=2, availability="99.5")
        made.serial(portal, "database")
        made.promise(portal, 8)
    return made


@pytest.fixture
def chief(shop: Workshop) -> Client:
    return log_in(shop.world.administrator)


def rows(shop: Workshop) -> tuple[str, int, int]:
    """The stage of the portal, and how many acceptances and parts there are."""
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        stage = Service.objects.get(code="portal").stage
        return stage, PromiseAcceptance.objects.count(), Dependency.objects.count()


def test_the_page_says_and_draws_what_cannot_be_kept(chief: Client) -> None:
    page = chief.get("/admin/services/portal/promises/").content.decode()
    assert "8 hours promised, up to 12 hours needed, 4 hours too long: Portal → Database" in page
    assert page.count("app-composition__box--slow") == 2
    assert "Contract for-database" in page


def test_the_list_says_how_promises_stand(chief: Client) -> None:
    page = chief.get("/admin/promises/").content.decode()
    assert "1 not kept" in page
    assert "Nothing to check" in page


def test_the_list_takes_as_many_reads_for_many_services(shop: Workshop, chief: Client) -> None:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        for number in range(20):
            shop.serial(shop.service(f"more-{number}"), "database")
    chief.get("/admin/promises/")
    with CaptureQueriesContext(connection) as queries:
        assert chief.get("/admin/promises/").status_code == 200
    assert len(queries) <= BUDGET["sla:services"]


def test_one_service_takes_a_known_number_of_reads(chief: Client) -> None:
    chief.get("/admin/services/portal/promises/")
    with CaptureQueriesContext(connection) as queries:
        assert chief.get("/admin/services/portal/promises/").status_code == 200
    assert len(queries) <= BUDGET["sla:service"]


def test_publishing_asks_for_a_reason_and_records_it(shop: Workshop, chief: Client) -> None:
    refused = chief.post("/admin/services/portal/steps/publish/", {"accepted_because": ""})
    assert refused.status_code == 422
    assert "Error:" in refused.content.decode()
    assert "Portal → Database" in refused.content.decode()
    assert rows(shop)[:2] == ("accepting", 0)
    done = chief.post("/admin/services/portal/steps/publish/", {"accepted_because": REASON})
    assert done.status_code == 302
    assert rows(shop)[:2] == ("live", 1)
    page = chief.get("/admin/services/portal/promises/").content.decode()
    assert REASON in page
    assert "Not kept, accepted" in page
    # What became worse since is not passed off as accepted.
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        contract = Contract.objects.get(code="for-database")
        change_contract_terms(
            contract=contract,
            terms=terms_of(resolution=13, availability="99.5"),
            effective_from=LONG_AGO + timedelta(days=1),
            actor=shop.chief,
        )
    assert "Not kept, accepted" not in chief.get("/admin/services/portal/promises/").content.decode()


def test_publishing_twice_is_a_conflict(chief: Client) -> None:
    chief.post("/admin/services/portal/steps/publish/", {"accepted_because": REASON})
    again = chief.post("/admin/services/portal/steps/publish/", {"accepted_because": REASON})
    assert again.status_code == 409


def test_both_doors_refuse_and_publish_alike(shop: Workshop) -> None:
    system = caller(shop.world, role="administrator")
    refused = system("POST", "services/portal/publish/", {})
    assert refused.status_code == 422
    assert refused.json()["code"] == "promise_cannot_be_kept"
    (finding,) = refused.json()["findings"]
    assert (finding["service"], finding["chain"]) == ("portal", ["Portal", "Database"])
    assert (finding["promised"], finding["possible"], finding["shortfall"]) == (28_800, 43_200, 14_400)
    assert rows(shop)[:2] == ("accepting", 0)
    done = system("POST", "services/portal/publish/", {"accepted_because": REASON})
    assert (done.status_code, done.json()["stage"]) == (200, "live")
    assert rows(shop)[:2] == ("live", 1)
    assert system("POST", "services/portal/publish/", {}).status_code == 409


def test_composition_over_the_api(shop: Workshop) -> None:
    answer = caller(shop.world, role="administrator")("GET", "services/portal/composition/").json()
    (group,) = answer["groups"]
    assert (group["needed"], group["parts"][0]["contract"]) == (1, "for-database")
    assert [verdict["is_kept"] for verdict in answer["verdicts"]] == [False]


def test_a_supplier_is_told_nothing_of_what_services_are_made_of(shop: Workshop) -> None:
    system = caller(shop.world, "supplier", "supplier-system")
    assert system("GET", "services/portal/composition/").status_code == 403
    assert log_in(shop.world.engineer).get("/admin/services/portal/promises/").status_code == 403


def test_a_part_is_added_and_removed(shop: Workshop, chief: Client) -> None:
    added = chief.post(
        "/admin/services/portal/parts/add/",
        {"part": "component:spare", "group": "Parts", "needed": "1", "handover": "0.5"},
    )
    assert added.status_code == 302
    page = chief.get("/admin/services/portal/promises/").content.decode()
    assert "1 of 2 needed" in page
    assert "30 minutes" in page
    # Of two alternatives the faster one counts, and it keeps the promise.
    assert "What the parts cannot keep" not in page
    assert chief.post("/admin/services/portal/parts/component/spare/remove/", {}).status_code == 302
    assert rows(shop)[2] == 1
    assert chief.post("/admin/services/portal/parts/component/spare/remove/", {}).status_code == 404


def test_a_part_that_stands_there_is_refused_and_nothing_typed_is_lost(chief: Client) -> None:
    page = chief.post(
        "/admin/services/portal/parts/add/",
        {"part": "component:database", "group": "Parts", "handover": "0.25", "accepted_because": REASON},
    )
    assert page.status_code == 422
    content = page.content.decode()
    assert "A part stands in this group twice." in content
    assert REASON in content
    assert "0.25" in content


def test_a_circle_is_refused_by_name(shop: Workshop, chief: Client) -> None:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        shop.service("below")
    chief.post("/admin/services/portal/parts/add/", {"part": "service:below", "group": "Below"})
    page = chief.post("/admin/services/below/parts/add/", {"part": "service:portal", "group": "Up"})
    assert page.status_code == 422
    assert "in a circle: " in page.content.decode()


def test_availability_is_promised(shop: Workshop, chief: Client) -> None:
    assert chief.post("/admin/services/portal/availability/", {"percent": "101"}).status_code == 422
    assert chief.post("/admin/services/portal/availability/", {"percent": "99.9"}).status_code == 302
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        assert str(AvailabilityPromise.objects.get().percent) == "99.9000"
    page = chief.get("/admin/services/portal/promises/").content.decode()
    assert "99.9 % promised, 99.5 % possible, 0.4 % too little" in page
