"""Inside one tenant, what a person sees is decided by `visible_to` alone; without it the difference shows."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from incidents.public import Report, raise_incident
from lifecycle.public import NotFoundError
from people.public import Actor
from records.policy import viewer_of, visible_to
from records.public import get_record, search, visible_records
from tenancy.engine.compiled import Compiled, CompiledCounts, ShapeError
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """Build a tenant in which another user has raised an incident that nobody else has to do with."""
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        stranger = world.actor(world.other_user, "portal")
        raise_incident(report=Report(title="Printer on fire"), actor=stranger, at=MONDAY_TEN)
    return world


def ways_to_see(actor: Actor, number: str) -> Iterator[str]:
    """By which reads the actor comes to see the record."""
    with enter_scope(actor.scope()):
        if visible_records(actor).filter(number=number).exists():
            yield "list"
        if any(found.number == number for found in search(actor, number)):
            yield "search"
        try:
            get_record(actor, number)
            yield "detail"
        except NotFoundError:
            pass


def end_user(world: World) -> Actor:
    """The user who has nothing to do with it."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return world.actor(world.user, "portal")


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, function: Any, by: Any) -> None:
    """Put something else in a function's place, wherever it was imported, and forget statements compiled with it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tests."):
            continue
        for held, value in list(vars(module).items()):
            if value is function:
                monkeypatch.setattr(module, held, by)
            elif type(value) in (Compiled, CompiledCounts):
                monkeypatch.setattr(value, "_plans", {})


def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything through."""
    replace_everywhere(monkeypatch, visible_to, lambda _actor, records: records)
    replace_everywhere(monkeypatch, viewer_of, lambda _actor: {})


def test_a_stranger_sees_nothing(world: World) -> None:
    assert list(ways_to_see(end_user(world), "INC0000001")) == []


def test_without_the_filter_every_way_is_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    unfiltered(monkeypatch)
    assert list(ways_to_see(end_user(world), "INC0000001")) == ["list", "search", "detail"]


def test_a_compiled_read_that_forgets_the_filter_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_everywhere(monkeypatch, visible_to, lambda _actor, records: records)
    with pytest.raises(ShapeError, match="membership_id does not reach the statement"):
        get_record(end_user(world), "INC0000001")


def test_the_database_still_hides_it_from_a_supplier(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    unfiltered(monkeypatch)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        engineer = world.actor(world.engineer)
    assert list(ways_to_see(engineer, "INC0000001")) == []
