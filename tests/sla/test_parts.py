"""What services are made of: refused where it makes no sense, and where it goes in a circle."""

from collections.abc import Iterator
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import connection

from catalogue.models import DependencyGroup
from catalogue.public import (
    CircularCompositionError,
    Part,
    PartGroup,
    PlanTask,
    RegisterRefusedError,
    set_dependencies,
    set_plan,
)
from lifecycle.public import ForbiddenError
from tenancy.engine.scope import tenant_scope
from tests.sla.parts import HOUR, NOW, Workshop
from tests.support.world import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Workshop]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield Workshop(world, world.actor(world.administrator))


class TestParts:
    def test_in_a_circle_are_refused_with_the_circle(self, shop: Workshop) -> None:
        one, two, three = shop.service("one"), shop.service("two"), shop.service("three")
        for above, below in ((one, two), (two, three)):
            group = PartGroup("Below", (Part(service=below.code),))
            set_dependencies(service=above, groups=[group], actor=shop.chief, at=NOW)
        group = PartGroup("Below", (Part(service="one"),))
        with pytest.raises(CircularCompositionError) as refused:
            set_dependencies(service=three, groups=[group], actor=shop.chief, at=NOW)
        cycle = refused.value.cycle
        assert cycle[0] == cycle[-1]
        assert {*pairwise(cycle)} == {("One", "Two"), ("Two", "Three"), ("Three", "One")}
        assert not DependencyGroup.objects.filter(service=three).exists()

    def test_of_itself_are_refused(self, shop: Workshop) -> None:
        one = shop.service("one")
        group = PartGroup("Below", (Part(service="one"),))
        with pytest.raises(CircularCompositionError):
            set_dependencies(service=one, groups=[group], actor=shop.chief, at=NOW)

    @pytest.mark.parametrize(
        ("group", "field"),
        [
            (PartGroup("", (Part(component="router"),)), "groups[0].name"),
            (PartGroup("x", ()), "groups[0].parts"),
            (PartGroup("x", (Part(component="router"), Part(component="router"))), "groups[0].parts"),
            (PartGroup("x", (Part(),)), "groups[0].parts"),
            (PartGroup("x", (Part(component="router"),), needed=2), "groups[0].needed"),
            (PartGroup("x", (Part(component="router"),), needed=0), "groups[0].needed"),
            (PartGroup("x", (Part(component="router", handover_seconds=-1),)), "groups[0].handover_seconds"),
            (PartGroup("x", (Part(component="nothing"),)), "component"),
            (PartGroup("x", (Part(service="nothing"),)), "service"),
        ],
    )
    def test_that_make_no_sense_are_refused(self, shop: Workshop, group: PartGroup, field: str) -> None:
        shop.component("router", resolution=1)
        one = shop.service("one")
        shop.serial(one, "router")
        with pytest.raises(RegisterRefusedError) as refused:
            set_dependencies(service=one, groups=[group], actor=shop.chief, at=NOW)
        assert list(refused.value.fields) == [field]
        assert DependencyGroup.objects.filter(service=one).count() == 1

    def test_are_not_set_by_those_who_only_work_records(self, shop: Workshop) -> None:
        agent = shop.world.actor(shop.world.agent)
        with pytest.raises(ForbiddenError):
            set_dependencies(service=shop.service("one"), groups=[], actor=agent, at=NOW)

    def test_of_a_plan_in_a_circle_are_refused(self, shop: Workshop) -> None:
        tasks = [
            PlanTask("one", "One", HOUR, shop.world.calendar, after=("two",)),
            PlanTask("two", "Two", HOUR, shop.world.calendar, after=("one",)),
        ]
        with pytest.raises(CircularCompositionError):
            set_plan(service=shop.service("x"), tasks=tasks, effective_from=NOW, actor=shop.chief, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_are_not_both_written(shop: Workshop) -> None:
    services = {"one": shop.service("one"), "two": shop.service("two")}
    start, refused = Barrier(2), []

    def write(above: str, below: str) -> None:
        with tenant_scope(shop.world.tenant.pk, actor="system:test"):
            start.wait()
            try:
                set_dependencies(
                    service=services[above],
                    groups=[PartGroup("Below", (Part(service=below),))],
                    actor=shop.chief,
                    at=NOW,
                )
            except CircularCompositionError as error:
                refused.append(error)
        connection.close()

    threads = [Thread(target=write, args=pair) for pair in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert DependencyGroup.objects.count() == 1
