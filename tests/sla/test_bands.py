"""A band of availability, held against what is promised of a service and against what its parts can keep."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import AvailabilityBand, Service
from catalogue.public import Description, describe_service, publish_service, set_bands
from sla.models import AvailabilityPromise, PromiseAcceptance
from sla.public import PromiseCannotBeKeptError, promise_availability
from tenancy.engine.scope import tenant_scope
from tests.sla.parts import NOW, Workshop
from tests.support.world import LONG_AGO, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Workshop]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield Workshop(world, world.actor(world.administrator))


def availability(shop: Workshop, service: Service, percent: str) -> AvailabilityPromise:
    return promise_availability(
        service=service, percent=Decimal(percent), effective_from=LONG_AGO, actor=shop.chief, at=NOW
    )


def test_a_band_asks_of_the_parts_what_a_promise_would(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", availability="99.5")
    shop.component("web-server", availability="99.9")
    shop.serial(portal, "web-server", "database")
    set_bands(lines=["gold | Gold | 99.9", "basic | Basic | 99"], actor=shop.chief, at=NOW)

    def describe(band: str, **more: Any) -> None:
        said = Description(name="Portal", availability_band=band)
        describe_service(service=portal, said=said, actor=shop.chief, at=NOW, **more)

    describe("gold")  # nothing is judged before it is to go live
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        publish_service(service=portal, actor=shop.chief, at=NOW)
    (finding,) = refused.value.extra()["findings"]
    assert finding["kind"] == "availability"
    assert finding["words"] == (
        "Availability: the band Gold asks for 99.9 %, Web-Server 99.9 % × Database 99.5 % = 99.4005 % possible, "
        "0.4995 % too little: Portal → Web-Server → Database."
    )

    describe("basic")
    publish_service(service=portal, actor=shop.chief, at=NOW)
    with pytest.raises(PromiseCannotBeKeptError):
        describe("gold")
    assert Service.objects.get(pk=portal.pk).availability_band == AvailabilityBand.objects.get(code="basic")
    raised = ["gold | Gold | 99.9", "basic | Basic | 99.5"]
    with pytest.raises(PromiseCannotBeKeptError):
        set_bands(lines=raised, actor=shop.chief, at=NOW)
    assert AvailabilityBand.objects.get(code="basic").percent == Decimal(99)
    set_bands(lines=raised, actor=shop.chief, at=NOW, accepted_because="We know.")
    assert PromiseAcceptance.objects.get(service=portal).reason == "We know."


def test_the_greater_of_band_and_promise_is_held(shop: Workshop) -> None:
    portal = shop.service("portal")
    shop.component("database", availability="99.5")
    shop.serial(portal, "database")
    set_bands(lines=["basic | Basic | 99"], actor=shop.chief, at=NOW)
    said = Description(name="Portal", availability_band="basic")
    describe_service(service=portal, said=said, actor=shop.chief, at=NOW)
    availability(shop, portal, "99.2")
    publish_service(service=portal, actor=shop.chief, at=NOW)
    with pytest.raises(PromiseCannotBeKeptError):
        promise_availability(
            service=portal, percent=Decimal("99.8"), effective_from=NOW, actor=shop.chief, at=NOW
        )


def test_less_promised_than_the_band_asks_for_is_refused_even_of_what_names_no_parts(shop: Workshop) -> None:
    portal = shop.service("portal")
    set_bands(lines=["gold | Gold | 99.9", "basic | Basic | 98"], actor=shop.chief, at=NOW)
    gold, basic = (Description(name="Portal", availability_band=band) for band in ("gold", "basic"))
    describe_service(service=portal, said=gold, actor=shop.chief, at=NOW)
    availability(shop, portal, "99")
    with pytest.raises(PromiseCannotBeKeptError) as refused:
        publish_service(service=portal, actor=shop.chief, at=NOW)
    (finding,) = refused.value.extra()["findings"]
    assert (finding["kind"], finding["promised"], finding["possible"]) == ("band", "99.9", "99")
    assert finding["words"].startswith("Band: Gold asks for 99.9 %, but only 99 % is promised for Portal.")
    describe_service(service=portal, said=basic, actor=shop.chief, at=NOW)
    publish_service(service=portal, actor=shop.chief, at=NOW)
    with pytest.raises(PromiseCannotBeKeptError):
        describe_service(service=portal, said=gold, actor=shop.chief, at=NOW)
    with pytest.raises(PromiseCannotBeKeptError):
        promise_availability(
            service=portal, percent=Decimal(97), effective_from=NOW, actor=shop.chief, at=NOW
        )
    describe_service(
        service=portal, said=gold, actor=shop.chief, at=NOW, accepted_because="Until the next contract."
    )
    assert PromiseAcceptance.objects.get(service=portal).findings[0]["kind"] == "band"
