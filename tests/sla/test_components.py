"""Components of the service register: changed and removed while services count on them."""

from collections.abc import Iterator

import pytest

from catalogue.models import Component, Service
from catalogue.public import (
    Part,
    PartGroup,
    PlanTask,
    RegisterRefusedError,
    change_component,
    remove_component,
    set_dependencies,
    set_plan,
)
from lifecycle.public import ForbiddenError, NotFoundError, StaleVersionError
from sla.models import PromiseAcceptance
from sla.public import PromiseCannotBeKeptError
from tenancy.engine.scope import tenant_scope
from tests.sla.parts import NOW, Workshop
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Workshop]:
    """Two live services that promise 8 hours over `router`, which needs 4; the portal through the network."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = Workshop(world, world.actor(world.administrator))
        made.component("router", resolution=4)
        network, portal = made.service("network", stage="live"), made.service("portal", stage="live")
        made.serial(network, "router")
        below = PartGroup("Network", (Part(service="network"),))
        set_dependencies(service=portal, groups=[below], actor=made.chief, at=NOW)
        made.promise(network, 8)
        made.promise(portal, 8)
        yield made


def router() -> Component:
    return Component.objects.select_related("provider", "contract").get(code="router")


def under(shop: Workshop, contract: object, **more: object) -> Component:
    row = router()
    given: dict[str, object] = {"name": row.name, "provider": row.provider, "actor": shop.chief, "at": NOW}
    return change_component(component=row, contract=contract, **(given | more))  # type: ignore[arg-type]


class TestChanging:
    def test_the_contract_names_every_live_service_that_breaks(self, shop: Workshop) -> None:
        slower = shop.contract("slower", resolution=12)
        with pytest.raises(PromiseCannotBeKeptError) as refused:
            under(shop, slower)
        findings = refused.value.extra()["findings"]
        assert [(row["service"], row["chain"]) for row in findings] == [
            ("network", ["Network", "Router"]),
            ("portal", ["Portal", "Network", "Router"]),
        ]
        assert router().contract.code == "for-router"
        under(shop, slower, accepted_because="Cheaper.")
        assert router().contract == slower
        assert set(PromiseAcceptance.objects.values_list("service__code", "reason")) == {
            ("network", "Cheaper."),
            ("portal", "Cheaper."),
        }

    def test_the_contract_away_leaves_nobody_bound(self, shop: Workshop) -> None:
        with pytest.raises(PromiseCannotBeKeptError, match="Router has no contract"):
            under(shop, None)

    def test_only_the_name_asks_nobody(self, shop: Workshop) -> None:
        assert under(shop, router().contract, name=" Core router ").name == "Core router"
        assert not PromiseAcceptance.objects.exists()

    def test_on_an_older_version_is_refused(self, shop: Workshop) -> None:
        contract = router().contract
        under(shop, contract, name="One", seen_version=1)
        with pytest.raises(StaleVersionError) as refused:
            under(shop, contract, name="Other", seen_version=1)
        assert (refused.value.seen, refused.value.current, router().name) == (1, 2, "One")

    def test_to_somebody_elses_contract_is_refused(self, shop: Workshop) -> None:
        with pytest.raises(RegisterRefusedError) as refused:
            under(shop, router().contract, provider=shop.world.desk_provider, name="")
        assert set(refused.value.fields) == {"name", "contract"}

    def test_needs_the_permission(self, shop: Workshop) -> None:
        with pytest.raises(ForbiddenError):
            under(shop, None, actor=shop.world.actor(shop.world.agent))
        with pytest.raises(ForbiddenError):
            remove_component(component=router(), actor=shop.world.actor(shop.world.agent))


class TestRemoving:
    def test_what_a_service_counts_on_is_refused_by_name(self, shop: Workshop) -> None:
        with pytest.raises(RegisterRefusedError, match="Network count on it"):
            remove_component(component=router(), actor=shop.chief)
        assert router().code == "router"

    def test_what_a_plan_counts_on_is_refused_by_name(self, shop: Workshop) -> None:
        maker = shop.component("maker", fulfilment=1)
        task = PlanTask("order", "Order", component=maker)
        set_plan(
            service=shop.service("laptop"), tasks=[task], effective_from=LONG_AGO, actor=shop.chief, at=NOW
        )
        with pytest.raises(RegisterRefusedError, match="Laptop count on it"):
            remove_component(component=maker, actor=shop.chief)

    def test_what_nobody_counts_on_goes(self, shop: Workshop) -> None:
        spare = shop.component("spare")
        with pytest.raises(StaleVersionError):
            remove_component(component=spare, actor=shop.chief, seen_version=7)
        remove_component(component=spare, actor=shop.chief, seen_version=1)
        assert not Component.objects.filter(code="spare").exists()
        with pytest.raises(NotFoundError):
            remove_component(component=spare, actor=shop.chief)


def test_parts_beneath_a_live_service_are_held_against_it_whatever_their_stage(shop: Workshop) -> None:
    Service.objects.filter(code="network").update(stage="designing")
    shop.component("old-router", resolution=12)
    network = Service.objects.get(code="network")
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        shop.serial(network, "old-router")
    # The network itself is not live, and may break what it will promise one day.
    assert [row["service"] for row in refused.value.extra()["findings"]] == ["portal"]


def test_parts_are_not_set_on_an_older_version(shop: Workshop) -> None:
    portal = Service.objects.get(code="portal")
    assert portal.parts_version == 1
    shop.serial(portal, "router", seen_version=1)
    with pytest.raises(StaleVersionError):
        shop.serial(portal, "router", seen_version=1)


def test_a_plan_is_not_added_on_an_older_version(shop: Workshop) -> None:
    laptop = shop.service("laptop")
    task = PlanTask("order", "Order", 3600, shop.world.calendar)
    for at in (LONG_AGO, NOW):
        set_plan(service=laptop, tasks=[task], effective_from=at, actor=shop.chief, at=NOW)
    with pytest.raises(StaleVersionError):
        set_plan(service=laptop, tasks=[task], effective_from=NOW, actor=shop.chief, at=NOW, seen_version=1)
