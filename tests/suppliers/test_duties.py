"""What contracts cost, what is owed under them, and when their end must be thought of."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.public import ForbiddenError, RuleError
from people.public import create_provider
from suppliers.engine.duties import Cost, cost_of_month, due_dates, ending_of, month_after
from suppliers.models import Contract
from suppliers.public import (
    Terms,
    add_charge,
    add_obligation,
    change_renewal,
    create_contract,
    meet_obligation,
    monthly_charge,
)
from suppliers.queries.duties import calendar_of, due_of
from suppliers.services.duties import end_duty
from tenancy.engine.scope import tenant_scope
from tests.api.caller import caller
from tests.api.visitors import Browser
from tests.support.world import LONG_AGO, World, build_world

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "every", "found"),
    [
        (
            date(2026, 1, 31),
            "month",
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)],
        ),
        (date(2026, 1, 31), "quarter", [date(2026, 1, 31), date(2026, 4, 30)]),
        (date(2024, 2, 29), "year", [date(2026, 2, 28)]),
        (date(2026, 3, 1), "once", [date(2026, 3, 1)]),
        (date(2026, 6, 1), "month", []),
    ],
)
def test_what_is_owed_again_comes_back_to_its_day(first: date, every: str, found: list[date]) -> None:
    since, until = date(2026, 1, 1), date(2026, 5, 1)
    assert list(due_dates(first, every, ends=None, since=since, until=until)) == found


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    every=st.sampled_from(["month", "quarter", "year"]),
    since=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 800),
)
def test_a_window_shows_what_all_of_time_shows_in_it(first: date, every: str, since: date, days: int) -> None:
    until = since + timedelta(days=days)
    whole = due_dates(first, every, ends=None, since=first, until=until)
    window = list(due_dates(first, every, ends=None, since=since, until=until))
    assert window == [day for day in whole if day >= since]
    assert month_after(first, 12).month == first.month


MONTH = date(2026, 11, 15)
COSTS: tuple[tuple[list[Cost], str], ...] = (
    ([], "0.00"),
    ([Cost("month", Decimal("1000.00"), date(2020, 1, 1), None)], "1000.00"),
    ([Cost("month", Decimal("1000.00"), date(2026, 11, 16), None)], "500.00"),
    ([Cost("month", Decimal("1000.00"), date(2020, 1, 1), date(2026, 11, 10))], "333.33"),
    ([Cost("month", Decimal("0.05"), date(2026, 11, 22), None)], "0.02"),
    ([Cost("month", Decimal("1000.00"), date(2026, 12, 1), None)], "0.00"),
    ([Cost("once", Decimal("99.99"), date(2026, 11, 30), None)], "99.99"),
    ([Cost("once", Decimal("99.99"), date(2026, 10, 31), None)], "0.00"),
)


@pytest.mark.parametrize(("costs", "total"), COSTS)
def test_a_month_costs_what_is_in_force_by_the_day(costs: list[Cost], total: str) -> None:
    assert cost_of_month(costs, MONTH) == Decimal(total)


@pytest.mark.parametrize(
    ("ends", "renewal", "found"),
    [
        (None, "none", None),
        (date(2027, 12, 31), "none", None),
        (date(2027, 3, 31), "none", ("notice", date(2026, 12, 31))),
        (date(2026, 11, 23), "none", ("over", date(2026, 11, 23))),
        (date(2026, 11, 23), "automatic", None),
        (date(2027, 3, 31), "automatic", ("notice", date(2026, 12, 31))),
    ],
)
def test_an_end_is_thought_of_in_time(ends: date | None, renewal: str, found: Any) -> None:
    ending = ending_of(ends=ends, renewal=renewal, notice_days=90, warning_days=60, today=TODAY)
    assert ((ending.kind, ending.by) if ending else None) == found


@pytest.fixture
def world() -> World:
    return build_world()


def contract_of(world: World, code: str = "network") -> Contract:
    return create_contract(
        code=code,
        name=code.title(),
        provider=world.supplier.code,
        starts_date=date(2025, 1, 1),
        terms=Terms(calendar=world.calendar.code),
        effective_from=LONG_AGO,
        actor=world.actor(world.administrator),
    )


@pytest.mark.django_db
def test_what_is_owed_is_met_once_and_with_what_shows_it(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, contract = world.actor(world.administrator), contract_of(world)
        duty = add_obligation(
            contract=contract,
            name="Service report",
            owed_by="provider",
            every="month",
            first_date=date(2026, 9, 30),
            actor=chief,
        )
        days = [due.day for due in due_of([contract.pk], today=TODAY)]
        assert days[:3] == [date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30)]
        about: dict[str, Any] = {"contract": contract, "key": duty.pk, "actor": chief, "at": NOW}
        meet_obligation(due_date=date(2026, 9, 30), evidence="In the library", **about)
        (first, *_) = calendar_of(contract, today=TODAY)
        assert first.met is not None
        assert (first.met.evidence, first.met.by_name) == ("In the library", chief.name)
        assert date(2026, 9, 30) not in [due.day for due in due_of([contract.pk], today=TODAY)]
        for day, words, field in (
            (date(2026, 9, 30), "Again", "due_date"),
            (date(2026, 9, 29), "Never owed", "due_date"),
            (date(2026, 10, 30), " ", "evidence"),
        ):
            with pytest.raises(RuleError) as refused:
                meet_obligation(due_date=day, evidence=words, **about)
            assert field in refused.value.fields
        end_duty(contract=contract, key=duty.pk, last_date=date(2026, 10, 31), actor=chief)
        assert [due.day for due in due_of([contract.pk], today=TODAY)] == [date(2026, 10, 30)]
        with pytest.raises(ForbiddenError):
            meet_obligation(
                contract=contract,
                key=duty.pk,
                due_date=date(2026, 10, 30),
                evidence="x",
                actor=world.actor(world.engineer),
                at=NOW,
            )


@pytest.mark.django_db
def test_charges_that_cannot_be_are_refused_field_by_field(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, contract = world.actor(world.administrator), contract_of(world)
        right: dict[str, Any] = {
            "name": "Lines",
            "every": "month",
            "amount": Decimal("1200.50"),
            "starts_date": date(2026, 1, 1),
        }
        for field, value in (
            ("name", " "),
            ("every", "week"),
            ("amount", Decimal(0)),
            ("amount", Decimal("1.005")),
            ("amount", Decimal("NaN")),
            ("ends_date", date(2025, 1, 1)),
        ):
            with pytest.raises(RuleError) as refused:
                add_charge(contract=contract, actor=chief, **(right | {field: value}))
            assert field in refused.value.fields
        add_charge(contract=contract, actor=chief, **right)
        assert monthly_charge(contract, TODAY) == Decimal("1200.50")
        assert monthly_charge(contract, date(2025, 12, 1)) == Decimal("0.00")
        change_renewal(
            contract=contract,
            ends_date=date(2027, 1, 1),
            renewal="option",
            notice_days=30,
            warning_days=30,
            actor=chief,
        )
        assert Contract.objects.get(pk=contract.pk).renewal == "option"


@pytest.mark.django_db
def test_a_supplier_sees_its_own_contracts_and_no_others(world: World) -> None:
    desk, supplier = caller(world, role="service-management"), caller(world, "supplier", "resolver")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        contract_of(world)
    charge = {"name": "Lines", "every": "month", "amount": "10.00", "starts_date": "2026-01-01"}
    duty = {"name": "Report", "owed_by": "provider", "every": "month", "first_date": "2026-01-31"}
    assert desk("POST", "contracts/network/charges/", charge).status_code == 201
    assert desk("POST", "contracts/network/charges/", charge | {"every": "day"}).status_code == 422
    made = desk("POST", "contracts/network/obligations/", duty)
    assert made.status_code == 201, made.content
    first = made.json()["results"][0]
    met = {"due_date": first["due_date"], "evidence": "Sent"}
    where = f"contracts/network/duties/{first['obligation']}"
    assert desk("POST", f"{where}/met/", met).status_code == 204
    assert desk("POST", f"{where}/met/", met).status_code == 422
    assert desk("POST", f"{where}/end/", {"last_date": "2026-06-30"}).status_code == 204
    ends = {"ends_date": "2027-12-31", "renewal": "automatic", "notice_days": 90, "warning_days": 30}
    assert desk("PUT", "contracts/network/renewal/", ends).json()["renewal"] == "automatic"
    assert [row["code"] for row in supplier("GET", "suppliers/").json()["results"]] == ["network-co"]
    assert supplier("GET", "contracts/network/charges/").json()["results"][0]["amount"] == "10.00"
    assert supplier("POST", f"{where}/met/", met).status_code == 403
    other = caller(world, "desk_provider", "resolver")
    assert other("GET", "contracts/network/charges/").status_code == 404
    assert [row["code"] for row in other("GET", "suppliers/").json()["results"]] == ["desk-partner"]
    foreign = caller(build_world("other"), role="service-management")
    assert foreign("GET", "contracts/network/obligations/").status_code == 404


@pytest.mark.django_db
def test_pages_show_and_take_what_the_api_does(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        contract_of(world)
    chief = Browser(world.administrator)
    assert b"Network Co" in chief.get("/admin/suppliers/").content
    assert b"No suppliers found" in chief.get("/admin/suppliers/?q=zzz").content
    day = {"starts_date_day": "1", "starts_date_month": "1", "starts_date_year": "2026"}
    wrong = chief.post("/admin/contracts/network/charges/new/", {"name": "Lines", "every": "month"} | day)
    assert (wrong.status_code, b"Lines" in wrong.content) == (422, True)
    charge = {"name": "Lines", "every": "month", "amount": "1200"} | day
    assert chief.post("/admin/contracts/network/charges/new/", charge).status_code == 302
    first = {"first_date_day": "31", "first_date_month": "1", "first_date_year": "2026"}
    duty = {"name": "Report", "owed_by": "us", "every": "month"} | first
    assert chief.post("/admin/contracts/network/obligations/new/", duty).status_code == 302
    page = chief.get("/admin/contracts/network/").content
    assert b"1,200.00" in page
    assert b"Report" in page
    assert b"Report" in chief.get("/admin/suppliers/network-co/").content
    assert Browser(world.engineer).get("/admin/suppliers/network-co/").status_code == 200
    assert Browser(world.engineer).get("/admin/suppliers/desk-partner/").status_code == 404
    assert Browser(world.user).get("/admin/suppliers/").status_code == 403


@pytest.mark.django_db
def test_many_suppliers_take_no_more_reads_than_one(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief = world.actor(world.administrator)
        for number in range(6):
            supplier = create_provider(code=f"supplier-{number}", name=f"Supplier {number}")
            contract = contract_of(world, f"contract-{number}")
            Contract.objects.filter(pk=contract.pk).update(provider=supplier, ends_date=TODAY)
            add_obligation(
                contract=Contract.objects.get(pk=contract.pk),
                name="Report",
                owed_by="provider",
                every="month",
                first_date=date(2026, 1, 1),
                actor=chief,
            )
    browser = Browser(world.administrator)
    pages = {
        "agreements:providers": "/admin/suppliers/",
        "agreements:provider": "/admin/suppliers/supplier-1/",
    }
    for name, path in pages.items():
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        assert len(queries) <= BUDGET[name], name
