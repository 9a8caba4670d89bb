"""Who gets which page of the portal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Person, Role
from people.public import add_member
from tenancy.engine.scope import tenant_scope
from tests.portal.visitor import fill, raised, screenshot, text_of, visitor
from tests.support.world import PASSWORD, World, build_world

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
PUBLIC = ("/accessibility/", "/privacy/", "/contact/")
PAGES = (
    "/",
    "/search/",
    "/search/?q=mail",
    "/report/",
    "/report/done/{number}/",
    "/records/",
    "/records/?tab=waiting",
    "/records/?tab=closed",
    "/records/{number}/",
    "/records/{number}/cancel/",
    "/account/preferences/",
    "/account/tenant/",
    *PUBLIC,
)
STEPS = ("reply", "confirm", "reopen", "cancel", "files", "watchers")


@pytest.fixture
def world(db: None) -> World:
    """One tenant with people, a service and its promises."""
    return build_world()


@pytest.mark.parametrize("address", PAGES)
def test_a_member_gets_every_page(world: World, address: str) -> None:
    number = raised(world).number
    response = visitor(world.user).get(address.format(number=number))
    assert response.status_code == 200
    html = response.content.decode()
    assert html.count("<h1") == 1
    assert "{%" not in html
    assert "{{" not in html


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in(world: World, address: str) -> None:
    number = raised(world).number
    response = Client().get(address.format(number=number))
    if address in PUBLIC:
        assert response.status_code == 200
        assert "Sign out" not in text_of(response)
    else:
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=/")


@pytest.mark.parametrize("step", STEPS)
def test_a_stranger_changes_nothing(world: World, step: str) -> None:
    number = raised(world).number
    response = Client().post(f"/records/{number}/{step}/", {"version": 1})
    assert response["Location"].startswith("/account/login/")


def test_a_person_without_membership_is_told_whom_to_ask(world: World) -> None:
    nobody = Person.objects.create_user("nobody@else.example", PASSWORD, name="Nobody")
    browser = Client(headers={"host": "defra.localhost"})
    browser.force_login(nobody)
    number = raised(world).number
    for page in ("/", "/report/", "/records/", f"/records/{number}/"):
        response = browser.get(page)
        assert response.status_code == 403
        words = text_of(response)
        assert "nobody@else.example" in words
        assert "services of Defra" in words
        assert "service desk to add you" in words
    assert "Service desk" in text_of(browser.get("/contact/"))


def test_a_member_whose_roles_do_not_reach_the_portal(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Role.objects.filter(code="end-user").update(permissions=["incident:read"])
    browser = visitor(world.user)
    assert browser.get("/").status_code == 403
    assert browser.get("/records/").status_code == 403


def test_another_users_record_does_not_exist(world: World) -> None:
    number = raised(world).number
    assert_none(visitor(world.other_user), number, missing="INC0009999")


def test_another_tenants_record_does_not_exist(world: World) -> None:
    other = build_world("ofwat")
    number = raised(other).number
    assert_none(visitor(world.user), number, missing="INC0009999")


def assert_none(browser: Client, number: str, *, missing: str) -> None:
    """Check that a record of others answers on every address exactly as one that does not exist."""
    asks: list[Callable[[str], object]] = [
        lambda name: browser.get(f"/records/{name}/"),
        lambda name: browser.get(f"/records/{name}/cancel/"),
        lambda name: browser.get(f"/records/{name}/reopen/"),
        lambda name: browser.get(f"/report/done/{name}/"),
        lambda name: browser.get(f"/records/{name}/files/01a204df-6718-7bd1-84c3-c85ae35df6d1/"),
        *(
            lambda name, step=step: browser.post(
                f"/records/{name}/{step}/",
                {
                    "version": 1,
                    "body": "x",
                    "reason": "x",
                    "email": "a@b.example",
                    "attachments": screenshot(),
                },
            )
            for step in STEPS
        ),
    ]
    for ask in asks:
        theirs, none = ask(number), ask(missing)
        assert theirs.status_code == none.status_code == 404  # type: ignore[attr-defined]
        assert number not in text_of(theirs)


def test_a_member_of_two_tenants_chooses(world: World) -> None:
    other = build_world("ofwat")
    with tenant_scope(other.tenant.pk, actor="system:test"):
        add_member(email=world.user.email, name="User", roles=["end-user"])
    browser = visitor(world.user)
    assert "more than one organisation" in text_of(browser.get("/account/preferences/"))
    page = text_of(browser.get("/account/tenant/"))
    assert "Defra" in page
    assert "Ofwat" in page
    raised(world, title="Only in Defra")
    wrong = browser.post("/account/tenant/", {"tenant": "treasury"})
    assert wrong.status_code == 422
    assert "Select an organisation from the list" in text_of(wrong)
    assert browser.post("/account/tenant/", {"tenant": "ofwat"})["Location"] == "/"
    assert "Only in Defra" not in text_of(browser.get("/"))
    assert browser.post("/account/tenant/", {"tenant": "defra"})["Location"] == "/"
    assert "Only in Defra" in text_of(browser.get("/"))


def test_the_menu_follows_the_roles(world: World) -> None:
    user, agent = (visitor(member).get("/").context["navigation"] for member in (world.user, world.agent))
    theirs = ["/", "/report/", "/request/", "/basket/", "/records/", "/approvals/"]
    assert [entry["url"] for entry in user] == theirs
    assert [entry["url"] for entry in agent] == [*theirs, "/desk/"]


def test_pages_are_not_kept_by_caches(world: World) -> None:
    assert "no-store" in visitor(world.user).get("/")["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("portal:home", "/"),
        ("portal:records", "/records/"),
        ("portal:record", "/records/INC0000001/"),
        ("portal:search", "/search/?q=mail"),
        ("portal:report", "/report/"),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_records(world: World, name: str, address: str) -> None:
    browser = visitor(world.user)
    counts = []
    for more in (2, 25):
        for _ in range(more):
            raised(world, title="Mail is slow")
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts == [BUDGET[name]] * 2


def test_the_check_page_reads_little(world: World) -> None:
    browser = visitor(world.user)
    checking = fill(browser)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(checking).status_code == 200
    assert len(queries) == BUDGET["portal:report_check"]
