"""Kept definitions are what the database holds, for each tenant and role, from the first request after a change."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.models import Calendar, CalendarVersion
from catalogue.models import Category, PriorityMatrix, Service
from catalogue.public import catalogue, create_service, find_service
from people.models import Organisation, Provider, Role, SupportGroup
from people.public import Actor, directory, find_group
from sla.models import Target, TargetVersion
from sla.services.book import definitions
from tenancy.engine.definitions import kept
from tenancy.models import TenantModel
from tenancy.public import definitions_version, enter_scope, tenant_scope
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

VERSIONED = (
    Calendar,
    CalendarVersion,
    Category,
    Organisation,
    PriorityMatrix,
    Provider,
    Role,
    Service,
    SupportGroup,
    Target,
    TargetVersion,
)


@pytest.fixture
def world() -> Iterator[World]:
    """A tenant, in scope for the test."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


def a_request(world: World) -> Actor:
    """The agent, as a request finds them: with the version of this moment."""
    return world.actor(world.agent)


@pytest.mark.parametrize("model", VERSIONED, ids=lambda model: model.__name__)
def test_any_change_of_a_definition_is_a_new_version(world: World, model: type[TenantModel]) -> None:
    row = model.objects.first() or Category.objects.create(code="mail", name="Mail")  # type: ignore[attr-defined]
    seen = {definitions_version()}
    type(row).objects.filter(pk=row.pk).update(id=row.pk)
    seen.add(definitions_version())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = %s", [f"{type(row)._meta.db_table}_definitions"]
        )
        assert cursor.fetchone() == (1,)
    assert len(seen) == 2


def test_a_version_never_comes_again(world: World) -> None:
    before = definitions_version()
    with transaction.atomic():
        create_service(code="fax", name="Fax", support_group=world.desk_group)
        within = definitions_version()
        assert find_service("fax") is not None
        transaction.set_rollback(True)
    assert definitions_version() == before != within
    assert find_service("fax") is None
    create_service(code="telex", name="Telex", support_group=world.desk_group)
    assert definitions_version() not in (before, within)
    assert (find_service("fax"), find_service("telex") is None) == (None, False)


def test_another_tenant_is_not_touched(world: World) -> None:
    other = build_world("rivers")
    version = definitions_version()
    with tenant_scope(other.tenant.pk):
        create_service(code="tide", name="Tide tables", support_group=other.desk_group)
        assert "tide" in {row.code for row in catalogue().services.values()}
    assert definitions_version() == version
    assert "tide" not in {row.code for row in catalogue().services.values()}
    assert not directory().groups.keys() & {other.desk_group.pk, other.network_group.pk}


def test_a_request_reads_nothing_twice_and_sees_a_change_by_the_next(world: World) -> None:
    with enter_scope(a_request(world).scope()):
        catalogue(), directory(), definitions()
        with CaptureQueriesContext(connection) as asked:
            assert find_service("email") is not None
            assert find_group("network") is not None
            definitions()
        assert len(asked) == 0
    Service.objects.filter(code="email").update(stage="retired")
    SupportGroup.objects.filter(code="network").update(is_active=False)
    with enter_scope(a_request(world).scope()):
        assert find_service("email") is None
        assert find_group("network") is None


def test_what_came_after_the_request_began_is_found_where_it_must_be(world: World) -> None:
    with enter_scope(a_request(world).scope()):
        catalogue()
        later = create_service(code="fax", name="Fax", support_group=world.desk_group)
        assert later.pk not in catalogue().services
        assert later.pk in catalogue.holding(lambda held: later.pk in held.services).services


def test_roles_share_nothing(world: World) -> None:
    seen: list[str] = []

    @kept
    def reader() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text")
            seen.append(cursor.fetchone()[0])
        return seen[-1]

    desk, engineer = world.actor(world.agent), world.actor(world.engineer)
    for actor in (desk, engineer, desk, engineer):
        with enter_scope(actor.scope()):
            reader()
    assert len(seen) == len(set(seen)) == 2


def test_threads_may_read_at_once(world: World) -> None:
    calls: list[int] = []
    ready = threading.Barrier(4)

    @kept
    def slow() -> int:
        calls.append(1)
        return len(calls)

    def run(answer: Callable[[], int]) -> None:
        with enter_scope(scope):
            ready.wait()
            answer()

    scope = a_request(world).scope()
    threads = [threading.Thread(target=run, args=(slow,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with enter_scope(scope):
        assert slow() in range(1, 5)
    assert len(calls) <= 4
