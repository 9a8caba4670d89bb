"""Contracts through both doors: who sees which, and what changed terms break."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suppliers.models import Contract, ContractTerms
from suppliers.public import create_contract
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.api.caller import caller, same
from tests.desk.visits import log_in
from tests.sla.parts import Workshop, terms_of
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
NEW = {
    "code": "printing",
    "name": "Printing",
    "provider": "network-co",
    "starts_date": "2026-01-01",
    "calendar": "office",
    "resolution_seconds": 3600,
}


@pytest.fixture
def shop() -> Workshop:
    """A service `portal` that promises 8 hours over a component that needs 4; and a contract with somebody else."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = Workshop(world, world.actor(world.administrator))
        portal = made.service("portal")
        made.component("database", resolution=4)
        made.serial(portal, "database")
        made.promise(portal, 8)
        create_contract(
            code="desk",
            name="Service desk",
            provider=world.desk_provider.code,
            starts_date=date(2020, 1, 1),
            terms=terms_of(resolution=1),
            effective_from=LONG_AGO,
            actor=made.chief,
        )
    return made


@pytest.fixture
def chief(shop: Workshop) -> Client:
    return log_in(shop.world.administrator)


def versions(shop: Workshop) -> int:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        return ContractTerms.objects.filter(contract__code="for-database").count()


def test_a_suppliers_people_see_their_own_contracts_only(shop: Workshop, chief: Client) -> None:
    engineer = log_in(shop.world.engineer)
    page = engineer.get("/admin/contracts/").content.decode()
    assert "Contract for-database" in page
    assert "Service desk" not in page
    assert engineer.get("/admin/contracts/for-database/").status_code == 200
    assert engineer.get("/admin/contracts/desk/").status_code == 404
    assert engineer.get("/admin/contracts/nothing/").status_code == 404
    assert engineer.get("/admin/contracts/for-database/terms/").status_code == 403
    assert "Service desk" in chief.get("/admin/contracts/").content.decode()


def test_the_database_itself_hides_other_suppliers(shop: Workshop) -> None:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        engineer = shop.world.actor(shop.world.engineer)
        assert Contract.objects.count() == 2
    with enter_scope(engineer.scope()):
        assert [row.code for row in Contract.objects.all()] == ["for-database"]
        assert ContractTerms.objects.count() == 1


def test_a_suppliers_system_sees_its_own_contracts_only(shop: Workshop) -> None:
    system = caller(shop.world, "supplier", "supplier-system")
    listed = system("GET", "contracts/").json()["results"]
    assert [row["code"] for row in listed] == ["for-database"]
    assert same(system("GET", "contracts/desk/"), system("GET", "contracts/nothing/"))
    assert system("POST", "contracts/", NEW).status_code == 403
    assert system("POST", "contracts/for-database/terms/", {"calendar": "office"}).status_code == 403


def test_a_preview_names_what_breaks_and_writes_nothing(shop: Workshop, chief: Client) -> None:
    typed = {"calendar": "office", "resolution": "12", "preview": "1"}
    page = chief.post("/admin/contracts/for-database/terms/", typed).content.decode()
    assert "They break 1 promise. Nothing has been changed yet." in page
    assert "up to 12 hours needed, 4 hours too long: Portal → Database" in page
    assert 'value="12"' in page
    assert versions(shop) == 1


def test_a_change_names_what_it_broke(shop: Workshop, chief: Client) -> None:
    typed = {"calendar": "office", "resolution": "12", "save": "1"}
    page = chief.post("/admin/contracts/for-database/terms/", typed, follow=True).content.decode()
    assert "They break 1 promise:" in page
    assert "Portal → Database" in page
    assert versions(shop) == 2


def test_both_doors_tell_the_same_of_a_change(shop: Workshop) -> None:
    system = caller(shop.world, role="administrator")
    given = {"calendar": "office", "resolution_seconds": 43_200}
    preview = system("POST", "contracts/for-database/terms/preview/", given)
    assert preview.status_code == 200
    assert versions(shop) == 1
    changed = system("POST", "contracts/for-database/terms/", given)
    assert changed.status_code == 201
    assert versions(shop) == 2
    (broken,) = changed.json()["broken"]
    assert (broken["service"], broken["chain"], broken["is_new"]) == ("portal", ["Portal", "Database"], True)
    assert [row["chain"] for row in preview.json()["broken"]] == [broken["chain"]]


def test_terms_are_added_never_edited(shop: Workshop) -> None:
    system = caller(shop.world, role="administrator")
    given = {"calendar": "office", "effective_from": "2027-04-01T00:00:00Z"}
    assert system("POST", "contracts/for-database/terms/", given).status_code == 201
    again = system("POST", "contracts/for-database/terms/", given)
    assert again.status_code == 422
    assert again.json()["errors"][0]["field"] == "effective_from"


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"code": "Not a code"}, 422, "code"),
        ({"code": "desk"}, 422, "code"),
        ({"provider": "nobody"}, 422, "provider"),
        ({"calendar": "never"}, 422, "calendar"),
        ({"ends_date": "2025-12-31"}, 422, "ends_date"),
        ({"availability": "100.1"}, 422, "availability"),
        ({"availability": "0"}, 422, "availability"),
        ({"resolution_seconds": 0}, 400, "resolution_seconds"),
        ({"resolution_seconds": 10**12}, 422, "resolution_seconds"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    shop: Workshop, changes: dict[str, Any], status: int, field: str
) -> None:
    answer = caller(shop.world, role="administrator")("POST", "contracts/", NEW | changes)
    assert answer.status_code == status
    assert [row["field"] for row in answer.json()["errors"]] == [field]
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        assert Contract.objects.count() == 2


def test_a_contract_is_written_down_through_either_door(shop: Workshop, chief: Client) -> None:
    made = caller(shop.world, role="administrator")("POST", "contracts/", NEW)
    assert made.status_code == 201
    assert made.json()["terms"][0]["resolution_seconds"] == 3600
    typed = {
        "code": "cabling",
        "name": "Cabling",
        "provider": "network-co",
        "starts_date_day": "1",
        "starts_date_month": "1",
        "starts_date_year": "2026",
        "calendar": "office",
        "resolution": "1",
    }
    assert chief.post("/admin/contracts/new/", typed).status_code == 302
    page = chief.post("/admin/contracts/new/", typed)
    assert page.status_code == 422
    assert "There is a contract with this code already." in page.content.decode()


def test_the_pages_take_a_known_number_of_reads(shop: Workshop, chief: Client) -> None:
    with tenant_scope(shop.world.tenant.pk, actor="system:test"):
        for number in range(30):
            shop.contract(f"more-{number:02}", resolution=1)
    for name, path in (
        ("suppliers:contracts", "/admin/contracts/"),
        ("suppliers:contract", "/admin/contracts/desk/"),
    ):
        chief.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(path).status_code == 200
        assert len(queries) <= BUDGET[name]
