"""Schedules by their pages: nothing is deleted before it was asked."""

import pytest
from django.test import Client
from django.urls import reverse

from reporting.models import Schedule
from reporting.services.schedules import create_schedule
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.reporting.lives import MONDAY_TEN
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

LIST = "/reports/schedules/"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def here(world: World) -> str:
    """The address at which the schedule is deleted."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = create_schedule(
            kind="supplier",
            provider_id=world.supplier.pk,
            day=3,
            hour=7,
            recipients=["reader@supplier.example"],
            language="en-gb",
            actor=world.actor(world.administrator),
            at=MONDAY_TEN,
        )
    return reverse("reporting:schedule_delete", args=[made.pk])


def _count(world: World) -> int:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Schedule.objects.count()


def test_a_schedule_is_deleted_once_that_was_asked(world: World, here: str) -> None:
    manager = log_in(world.administrator)
    assert f'href="{here}"' in manager.get(LIST).content.decode()
    page = manager.get(here).content.decode()
    for words in (
        "Do you want to delete this schedule?",
        f"{world.supplier.name}, every month on day 3 at 07:00.",
        "reader@supplier.example",
        f'href="{LIST}"',
    ):
        assert words in page
    assert _count(world) == 1
    gone = manager.post(here, follow=True)
    assert "The schedule was deleted" in gone.content.decode()
    assert _count(world) == 0
    assert manager.get(here).status_code == manager.post(here).status_code == 404


def test_the_list_itself_deletes_nothing(world: World, here: str) -> None:
    manager, address = log_in(world.administrator), here.removesuffix("delete/")
    for step in ("delete", "", "sideways"):
        assert manager.post(address, {"step": step}).status_code == 404
    assert manager.post(address, {"step": "off"}).status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Schedule.objects.get().is_enabled


def test_others_are_not_asked(world: World, here: str) -> None:
    for who in (world.agent, world.engineer, world.user):
        for answer in (log_in(who).get(here), log_in(who).post(here)):
            assert answer.status_code == 403
    twin = build_world("rivers")
    stranger = log_in(twin.administrator)
    assert stranger.get(here).status_code == stranger.post(here).status_code == 404
    assert Client().get(here)["Location"].startswith("/account/login/")
    assert _count(world) == 1
