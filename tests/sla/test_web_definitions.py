"""The pages of definitions: who is let in, what they say, and that nothing is saved before it was looked at."""

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calendars.models import Calendar, CalendarVersion
from sla.models import TargetVersion
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
READ = (
    "/admin/",
    "/admin/calendars/",
    "/admin/calendars/office/",
    "/admin/targets/",
    "/admin/targets/?kind=sla&metric=response",
    "/admin/targets/response/",
)
WRITE = (
    "/admin/calendars/new/",
    "/admin/calendars/office/edit/",
    "/admin/targets/new/",
    "/admin/targets/response/edit/",
    "/admin/targets/response/retire/",
)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def administrator(world: World) -> Client:
    return log_in(world.administrator)


def versions(world: World) -> tuple[int, int]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return CalendarVersion.objects.count(), TargetVersion.objects.count()


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("who", ["agent", "engineer", "administrator"])
def test_who_works_records_reads_definitions(world: World, who: str, path: str) -> None:
    page = log_in(getattr(world, who)).get(path)
    assert page.status_code == 200
    offered = re.findall(r'href="(/admin/[^"]*/(?:new|edit|retire)/)"', page.content.decode())
    assert bool(offered) == (who == "administrator")


def test_the_desk_leads_here(administrator: Client) -> None:
    page = administrator.get("/admin/targets/").content.decode()
    entry = re.search(r'<a class="app-nav__link"\s+href="/admin/"[^>]*>', page)
    assert entry is not None
    assert 'aria-current="true"' in entry[0]
    assert "/desk/incidents/" in page


@pytest.mark.parametrize("path", WRITE)
def test_who_does_not_define_is_told_the_role(world: World, path: str) -> None:
    for who in ("agent", "engineer", "user"):
        for page in (log_in(getattr(world, who)).get(path), log_in(getattr(world, who)).post(path, {})):
            assert page.status_code == 403
            assert "Service management" in page.content.decode()
    assert versions(world) == (1, 3)


@pytest.mark.parametrize("path", READ)
def test_an_end_user_reads_none(world: World, path: str) -> None:
    assert log_in(world.user).get(path).status_code == 403


@pytest.mark.parametrize("path", [*READ, *WRITE])
def test_who_is_not_logged_in_is_asked_to(world: World, path: str) -> None:
    assert Client().get(path)["Location"].startswith("/account/login/?next=/admin/")


def test_another_tenant_finds_nothing(world: World) -> None:
    twin = build_world("rivers")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        calendar = Calendar.objects.get()
        terms = TargetTerms(kind="sla", metric="response", duration=60, calendar=calendar)
        define_target(code="ours-alone", name="Ours alone", terms=terms, effective_from=LONG_AGO)
    stranger = log_in(twin.administrator)
    for path in ("", "edit/", "retire/"):
        assert stranger.get(f"/admin/targets/ours-alone/{path}").status_code == 404
    for path in READ:
        assert "Ours alone" not in stranger.get(path).content.decode()


def test_a_supplier_sees_only_what_can_concern_it(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        terms = TargetTerms(
            kind="ola",
            metric="resolution",
            duration=60,
            calendar=Calendar.objects.get(),
            scope={"support_group": [world.desk_group.pk]},
        )
        define_target(code="desk-alone", name="Desk alone", terms=terms, effective_from=LONG_AGO)
    engineer = log_in(world.engineer)
    assert engineer.get("/admin/targets/desk-alone/").status_code == 404
    for path in READ:
        assert "Desk alone" not in engineer.get(path).content.decode()
    assert "Desk alone" in log_in(world.agent).get("/admin/targets/").content.decode()


def test_targets_come_in_pages(world: World, administrator: Client) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        calendar = Calendar.objects.get()
        for number in range(60):
            terms = TargetTerms(kind="sla", metric="resolution", duration=60, calendar=calendar)
            define_target(code=f"t{number:02d}", name=f"T{number:02d}", terms=terms, effective_from=LONG_AGO)
    first = administrator.get("/admin/targets/?metric=resolution").content.decode()
    address = re.search(r'href="(\?[^"]*cursor[^"]*)"', first)
    assert address is not None
    second = administrator.get(f"/admin/targets/{address[1].replace('&amp;', '&')}").content.decode()
    assert ("T59</a>" in first, "T59</a>" in second, "T00</a>" in second) == (False, True, False)
    assert "metric=resolution" in address[1]


def reads_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as reads:
        assert client.get(path).status_code == 200
    return sum(1 for read in reads if not read["sql"].startswith(("SAVEPOINT", "RELEASE")))


@pytest.mark.parametrize(
    ("name", "path"), [("sla:targets", "/admin/targets/"), ("sla:calendars", "/admin/calendars/")]
)
def test_a_list_takes_as_many_reads_for_many_as_for_few(
    world: World, administrator: Client, name: str, path: str
) -> None:
    few = reads_of(administrator, path)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        calendar = Calendar.objects.get()
        for number in range(20):
            terms = TargetTerms(kind="sla", metric="resolution", duration=60, calendar=calendar)
            define_target(code=f"t{number:02d}", name=f"T{number:02d}", terms=terms, effective_from=LONG_AGO)
            made = Calendar.objects.create(code=f"c{number}", name=f"C{number}")
            definition = {"zone": "Europe/London", "always": True}
            CalendarVersion.objects.create(calendar=made, effective_from=LONG_AGO, definition=definition)
    assert (few, reads_of(administrator, path)) == (BUDGET[name], BUDGET[name])
