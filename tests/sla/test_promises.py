"""Promises are checked when they are made: kept, refused with the chain, or accepted with a recorded reason."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import Service
from catalogue.public import (
    Part,
    PartGroup,
    PlanTask,
    publish_service,
    set_dependencies,
    set_plan,
)
from lifecycle.public import IllegalStepError
from sla.models import AvailabilityPromise, PromiseAcceptance, TargetVersion
from sla.public import PromiseCannotBeKeptError, check_promise, promise_availability
from suppliers.models import ContractTerms
from suppliers.public import change_contract_terms, preview_contract_terms
from tenancy.engine.scope import tenant_scope
from tests.sla.parts import HOUR, NOW, Workshop, terms_of
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Workshop]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield Workshop(world, world.actor(world.administrator))


def stage_of(service: Service) -> str:
    return Service.objects.get(pk=service.pk).stage


def availability(shop: Workshop, service: Service, percent: str, **more: Any) -> AvailabilityPromise:
    return promise_availability(
        service=service,
        percent=Decimal(percent),
        effective_from=LONG_AGO,
        actor=shop.chief,
        at=NOW,
        **more,
    )


def test_an_eight_hour_promise_over_parts_that_need_twelve_is_refused_with_the_chain(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", resolution=12)
    shop.component("web-server", resolution=2)
    shop.serial(portal, "web-server", "database")
    shop.promise(portal, 8)
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        publish_service(service=portal, actor=shop.chief, at=NOW)
    assert stage_of(portal) == "accepting"
    (finding,) = refused.value.extra()["findings"]
    assert finding["kind"] == "resolution"
    assert finding["chain"] == ["Portal", "Database"]
    assert (finding["promised"], finding["possible"], finding["shortfall"]) == (8 * HOUR, 12 * HOUR, 4 * HOUR)
    assert "8 hours promised, up to 12 hours needed, 4 hours too long: Portal → Database" in finding["words"]
    assert not PromiseAcceptance.objects.exists()


def test_six_hours_and_six_more_make_twelve_where_parts_are_restored_in_turn(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", resolution=6)
    shop.component("web-server", resolution=6)
    shop.promise(portal, 8)
    parts = (Part(component="database"), Part(component="web-server"))
    set_dependencies(service=portal, groups=[PartGroup("Stack", parts)], actor=shop.chief, at=NOW)
    assert check_promise(service=portal, at=NOW).findings == ()
    in_turn = PartGroup("Stack", parts, is_in_turn=True)
    set_dependencies(service=portal, groups=[in_turn], actor=shop.chief, at=NOW)
    (finding,) = check_promise(service=portal, at=NOW).findings
    assert finding.possible == 12 * HOUR
    assert finding.chain == ("Portal", "Database", "Web-Server")


def test_a_chain_goes_through_the_services_in_between_and_their_hand_overs(shop: Workshop) -> None:
    portal, network = shop.service("portal", calendar="office"), shop.service("network", calendar="office")
    shop.component("router", resolution=7)
    shop.serial(network, "router")
    below = PartGroup("Network", (Part(service="network", handover_seconds=2 * HOUR),))
    set_dependencies(service=portal, groups=[below], actor=shop.chief, at=NOW)
    shop.promise(portal, 8)
    (finding,) = check_promise(service=portal, at=NOW).findings
    assert finding.chain == ("Portal", "Network", "Router")
    assert finding.possible == 9 * HOUR


def test_office_hours_inside_a_promise_around_the_clock(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", resolution=8)
    shop.serial(portal, "database")
    shop.promise(portal, 8, calendar=shop.always())
    (finding,) = check_promise(service=portal, at=NOW).findings
    # From a second past nine on a Friday the last second of eight hours falls on the Monday; on one weekend of the year
    # the clocks go back besides.
    assert finding.possible == 73 * HOUR
    last_friday_of_october = datetime(2027, 10, 29, 8, 0, 1, tzinfo=UTC)
    assert finding.worst_start == last_friday_of_october.timestamp()


def test_availability_of_two_serial_parts_is_refused_with_the_product(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", availability="99.5")
    shop.component("web-server", availability="99.5")
    shop.serial(portal, "web-server", "database")
    availability(shop, portal, "99.9")
    product = r"Web-Server 99\.5 % × Database 99\.5 % = 99\.0025 % possible"
    with pytest.raises(PromiseCannotBeKeptError, match=product) as refused:
        publish_service(service=portal, actor=shop.chief, at=NOW)
    (finding,) = refused.value.extra()["findings"]
    assert (finding["promised"], finding["possible"], finding["shortfall"]) == ("99.9", "99.0025", "0.8975")


def test_two_alternatives_keep_what_one_cannot(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("north", availability="99.5")
    shop.component("south", availability="99.5")
    parts = (Part(component="north"), Part(component="south"))
    set_dependencies(service=portal, groups=[PartGroup("Sites", parts, needed=1)], actor=shop.chief, at=NOW)
    availability(shop, portal, "99.99")
    assert publish_service(service=portal, actor=shop.chief, at=NOW).stage == "live"
    assert stage_of(portal) == "live"


def test_hours_that_nobody_supports_are_named(shop: Workshop) -> None:
    always = shop.always()
    portal = shop.service("portal", calendar="office")
    shop.component("database", "always", resolution=1)
    shop.serial(portal, "database")
    assert check_promise(service=portal, at=NOW).findings == ()
    day_and_night = shop.service("day-and-night")
    Service.objects.filter(pk=day_and_night.pk).update(hours=always)
    shop.component("helpline", resolution=1)
    shop.serial(day_and_night, "helpline")
    (finding,) = check_promise(service=day_and_night, at=NOW).findings
    assert finding.kind == "hours"
    assert finding.chain == ("Day-And-Night", "Helpline")
    assert finding.gap is not None
    assert finding.gap.start == int(NOW.timestamp()) + 7 * HOUR


def test_fulfilment_is_the_critical_path_of_the_plan(shop: Workshop) -> None:
    laptop = shop.service("laptop")
    maker = shop.component("maker", fulfilment=16)
    tasks = [
        PlanTask("approve", "Approve", 4 * HOUR, shop.world.calendar),
        PlanTask("order", "Order", component=maker, after=("approve",)),
        PlanTask("desk", "Prepare the desk", 2 * HOUR, shop.world.calendar),
        PlanTask("hand-over", "Hand over", HOUR, shop.world.calendar, after=("order", "desk")),
    ]
    set_plan(service=laptop, tasks=tasks, effective_from=LONG_AGO, actor=shop.chief, at=NOW)
    shop.promise(laptop, 20, metric="fulfilment")
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        publish_service(service=laptop, actor=shop.chief, at=NOW)
    (finding,) = refused.value.extra()["findings"]
    assert finding["chain"] == ["Laptop", "Approve", "Order", "Hand over"]
    assert (finding["possible"], finding["shortfall"]) == (21 * HOUR, HOUR)
    shop.promise(laptop, 21, metric="fulfilment", effective_from=NOW)
    publish_service(service=laptop, actor=shop.chief, at=NOW)
    assert stage_of(laptop) == "live"


def test_what_is_missing_is_a_finding_of_its_own(shop: Workshop) -> None:
    portal, network = shop.service("portal"), shop.service("network")
    shop.component("database")
    shop.component("silent", availability="99.9")
    groups = [
        PartGroup("Parts", (Part(component="database"), Part(component="silent"))),
        PartGroup("Network", (Part(service=network.code),)),
    ]
    set_dependencies(service=portal, groups=groups, actor=shop.chief, at=NOW)
    shop.promise(portal, 8)
    shop.promise(portal, 8, metric="fulfilment")
    kinds = [(finding.kind, finding.name) for finding in check_promise(service=portal, at=NOW).findings]
    assert sorted(kinds) == [
        ("missing_components", "Network"),
        ("missing_contract", "Database"),
        ("missing_plan", "Portal fulfilment"),
        ("missing_terms", "Silent"),
    ]


def test_an_ended_contract_binds_nobody(shop: Workshop) -> None:
    portal = shop.service("portal")
    part = shop.component("database", resolution=2)
    shop.serial(portal, "database")
    assert part.contract is not None
    type(part.contract).objects.filter(pk=part.contract.pk).update(ends_date=NOW.date() - timedelta(days=1))
    (finding,) = check_promise(service=portal, at=NOW).findings
    assert finding.kind == "contract_not_in_force"


class TestAcceptance:
    def test_is_recorded_with_who_when_why_and_what(self, shop: Workshop) -> None:
        portal = shop.service("portal")
        shop.component("database", resolution=12)
        shop.serial(portal, "database")
        shop.promise(portal, 8)
        publish_service(
            service=portal, actor=shop.chief, at=NOW, accepted_because="The supplier pays for delays."
        )
        assert stage_of(portal) == "live"
        row = PromiseAcceptance.objects.get()
        assert (row.service_id, row.accepted_at, row.occasion) == (portal.pk, NOW, "publish")
        assert row.accepted_by_id == shop.world.administrator.pk
        assert row.reason == "The supplier pays for delays."
        assert [finding["kind"] for finding in row.findings] == ["resolution"]

    def test_of_nothing_is_not_recorded(self, shop: Workshop) -> None:
        portal = shop.service("portal")
        publish_service(service=portal, actor=shop.chief, at=NOW, accepted_because="Just in case.")
        assert not PromiseAcceptance.objects.exists()

    def test_holds_until_it_becomes_worse(self, shop: Workshop) -> None:
        portal = shop.service("portal")
        shop.component("database", resolution=12)
        shop.component("slower", resolution=14)
        shop.serial(portal, "database")
        shop.promise(portal, 8)
        publish_service(service=portal, actor=shop.chief, at=NOW, accepted_because="Known.")
        shop.serial(portal, "database")
        shop.promise(portal, 9, effective_from=NOW)
        assert PromiseAcceptance.objects.count() == 1
        with pytest.raises(PromiseCannotBeKeptError):
            shop.promise(portal, 7, effective_from=NOW + timedelta(hours=1))
        shop.promise(portal, 8, effective_from=NOW + timedelta(hours=1))
        with pytest.raises(PromiseCannotBeKeptError):
            shop.serial(portal, "slower")
        shop.serial(portal, "slower", accepted_because="Cheaper.")
        assert PromiseAcceptance.objects.count() == 2

    def test_of_a_live_service_is_asked_for_on_saving(self, shop: Workshop) -> None:
        shop.component("database", resolution=12)
        shop.serial(shop.world.service, "database")
        before = TargetVersion.objects.count()
        with pytest.raises(PromiseCannotBeKeptError):
            shop.promise(shop.world.service, 8)
        assert TargetVersion.objects.count() == before
        shop.promise(shop.world.service, 12)
        with pytest.raises(PromiseCannotBeKeptError):
            availability(shop, shop.world.service, "99")
        assert not AvailabilityPromise.objects.exists()

    def test_is_asked_for_a_live_service_above_the_changed_one(self, shop: Workshop) -> None:
        shop.component("router", resolution=4)
        shop.component("old-router", resolution=12)
        network = shop.service("network", stage="live")
        shop.serial(network, "router")
        below = PartGroup("Network", (Part(service=network.code),))
        set_dependencies(service=shop.world.service, groups=[below], actor=shop.chief, at=NOW)
        shop.promise(shop.world.service, 8)
        with pytest.raises(PromiseCannotBeKeptError, match="E-mail cannot keep"):
            shop.serial(network, "old-router")
        assert check_promise(service=shop.world.service, at=NOW).findings == ()


def test_a_live_service_is_not_published_again(shop: Workshop) -> None:
    with pytest.raises(IllegalStepError):
        publish_service(service=shop.world.service, actor=shop.chief, at=NOW)


class TestChangedTerms:
    def test_name_the_promises_that_they_break(self, shop: Workshop) -> None:
        portal, network = shop.service("portal"), shop.service("network", stage="live")
        part = shop.component("router", resolution=4, availability="99.9")
        shop.serial(network, "router")
        below = PartGroup("Network", (Part(service=network.code),))
        set_dependencies(service=portal, groups=[below], actor=shop.chief, at=NOW)
        shop.promise(portal, 8)
        shop.promise(network, 4)
        contract = part.contract
        assert contract is not None
        slower = terms_of(resolution=6, availability="99.9")
        later = NOW + timedelta(days=30)
        preview = preview_contract_terms(
            contract=contract, terms=slower, effective_from=later, actor=shop.chief
        )
        assert ContractTerms.objects.count() == 1
        assert [(row.service, row.chain, row.is_new) for row in preview] == [
            ("network", ("Network", "Router"), True)
        ]
        changed = change_contract_terms(
            contract=contract, terms=slower, effective_from=later, actor=shop.chief
        )
        assert list(changed.broken) == list(preview)
        assert "4 hours promised, up to 6 hours needed" in changed.broken[0].words
        assert check_promise(service=network, at=NOW).findings == ()
        assert len(check_promise(service=network, at=later).findings) == 1

    def test_that_make_a_broken_promise_worse_say_so(self, shop: Workshop) -> None:
        network = shop.service("network")
        part = shop.component("router", resolution=6)
        shop.serial(network, "router")
        shop.promise(network, 4)
        assert part.contract is not None
        for hours, told in ((7, [False]), (5, [])):
            broken = preview_contract_terms(
                contract=part.contract,
                terms=terms_of(resolution=hours),
                effective_from=NOW,
                actor=shop.chief,
            )
            assert [row.is_new for row in broken] == told

    def test_break_plans_that_count_on_them(self, shop: Workshop) -> None:
        laptop = shop.service("laptop")
        maker = shop.component("maker", fulfilment=8)
        task = PlanTask("order", "Order", component=maker)
        set_plan(service=laptop, tasks=[task], effective_from=LONG_AGO, actor=shop.chief, at=NOW)
        shop.promise(laptop, 8, metric="fulfilment")
        assert maker.contract is not None
        (broken,) = preview_contract_terms(
            contract=maker.contract,
            terms=terms_of(fulfilment=9),
            effective_from=NOW,
            actor=shop.chief,
        )
        assert broken.chain == ("Laptop", "Order")
