"""The desk's pages: who is let in, what they show, and how many reads they take."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.public import comment, get_incident, note, pend, take
from notifications.live.tokens import read_listener
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in, raise_some
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """One tenant with everything an incident needs."""
    return build_world()


BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
FIRST = "INC0000001"
PAGES = (
    "/desk/",
    "/desk/incidents/",
    f"/desk/incidents/?sel={FIRST}",
    f"/desk/incidents/{FIRST}/",
    f"/desk/incidents/{FIRST}/assign/",
    "/desk/incidents/new/",
    "/desk/search/?q=mail",
)


@pytest.mark.parametrize("path", PAGES)
def test_an_agent_sees_the_page(world: World, path: str) -> None:
    raise_some(world, 2)
    assert log_in(world.agent).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_an_end_user_is_told_the_role_that_lets_people_in(world: World, path: str) -> None:
    raise_some(world, 2)
    page = log_in(world.user).get(path)
    assert page.status_code == 403
    assert "Service desk agent" in page.content.decode()
    assert "Mail is slow" not in page.content.decode()


def test_who_is_not_logged_in_is_asked_to() -> None:
    page = Client().get("/desk/incidents/?view=mine")
    assert page.status_code == 302
    assert page["Location"] == "/account/login/?next=/desk/incidents/%3Fview%3Dmine"


def test_a_supplier_sees_what_it_holds_and_the_rest_does_not_exist(world: World) -> None:
    [held] = raise_some(world, 1, support_group="network", title="Router down")
    [other] = raise_some(world, 1, title="Payroll figures are wrong")
    engineer = log_in(world.engineer)
    assert engineer.get(f"/desk/incidents/{held.number}/").status_code == 200
    for path in (f"/desk/incidents/{other.number}/", f"/desk/incidents/{other.number}/assign/"):
        unseen, absent = engineer.get(path), engineer.get(path.replace(other.number, "INC0009999"))
        assert (unseen.status_code, absent.status_code) == (404, 404)
    for path in (
        "/desk/",
        "/desk/incidents/?view=all",
        "/desk/search/?q=payroll",
        f"/desk/incidents/?sel={other.number}",
    ):
        shown = engineer.get(path).content.decode()
        assert "Payroll figures" not in shown


def test_another_tenant_finds_nothing(world: World) -> None:
    raise_some(world, 2, title="Only for this tenant")
    twin = build_world("rivers")
    stranger = log_in(twin.agent)
    assert stranger.get(f"/desk/incidents/{FIRST}/").status_code == 404
    for path in ("/desk/", "/desk/incidents/?view=all", "/desk/search/?q=tenant"):
        assert "Only for this tenant" not in stranger.get(path).content.decode()
    refused = stranger.post(f"/desk/incidents/{FIRST}/take/", {"version": 1})
    assert refused.status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert get_incident(world.actor(world.agent), FIRST).version == 1


def reads_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as reads:
        assert client.get(path).status_code == 200
    return sum(1 for read in reads if not read["sql"].startswith(("SAVEPOINT", "RELEASE")))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("desk:home", "/desk/"),
        ("desk:incident_list", "/desk/incidents/?view=all&limit=50"),
        ("desk:search", "/desk/search/?q=mail"),
    ],
)
def test_a_list_takes_as_many_reads_for_forty_records_as_for_five(world: World, name: str, path: str) -> None:
    agent = log_in(world.agent)
    raise_some(world, 5)
    few = reads_of(agent, path)
    raise_some(world, 35)
    assert (few, reads_of(agent, path)) == (BUDGET[name], BUDGET[name])


def test_an_incident_takes_as_many_reads_with_a_long_history(world: World) -> None:
    agent = log_in(world.agent)
    [record] = raise_some(world, 1)
    path = reverse("desk:incident", args=[record.number])
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor, now = world.actor(world.agent), timezone.now()
        take(record=record, actor=actor, at=now)
        note(record=record, body="First look", actor=actor, at=now)
        comment(record=record, body="We are on it", actor=actor, at=now)
    short = reads_of(agent, path)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for number in range(10):
            note(record=record, body=f"Try {number}", actor=actor, at=now)
            comment(record=record, body=f"Tried {number}", actor=actor, at=now)
    assert (short, reads_of(agent, path)) == (BUDGET["desk:incident"], BUDGET["desk:incident"])


def test_htmx_gets_the_detail_alone_and_caches_know(world: World) -> None:
    raise_some(world, 1, description="Since Friday")
    agent, path = log_in(world.agent), f"/desk/incidents/?sel={FIRST}"
    whole = agent.get(path)
    part = agent.get(path, headers={"HX-Request": "true", "HX-Target": "detail"})
    assert "HX-Request" in whole["Vary"]
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "Since Friday" in part.content.decode()
    restored = agent.get(
        path, headers={"HX-Request": "true", "HX-Target": "detail", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in restored.content.decode()


def test_filters_are_in_the_address(world: World) -> None:
    raise_some(world, 1, title="Printer jams", support_group="network")
    [taken] = raise_some(world, 1, title="Screen is dark")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        take(record=taken, actor=world.actor(world.agent), at=timezone.now())
    agent = log_in(world.agent)

    def found(query: str) -> set[str]:
        shown = agent.get(f"/desk/incidents/?view=all&{query}", follow=True).content.decode()
        return {title for title in ("Printer jams", "Screen is dark") if title in shown}

    assert found("") == {"Printer jams", "Screen is dark"}
    assert found("state=new") == {"Printer jams"}
    assert found("support_group=network") == {"Printer jams"}
    assert found("assignee=me") == {"Screen is dark"}
    assert found("assignee=none") == {"Printer jams"}
    assert found(f"assignee={world.agent.email}") == {"Screen is dark"}
    assert found("q=printer") == {"Printer jams"}
    assert found("q=state:in_progress") == {"Screen is dark"}
    assert found("state=new&state=in_progress") == {"Printer jams", "Screen is dark"}
    assert found("opened_before=2015-01-01T00:00:00Z") == set()
    assert found("priority=1") == set()
    assert found("state=on_fire") == set()


def test_pages_of_a_list_neither_lose_nor_repeat(world: World) -> None:
    numbers = {record.number for record in raise_some(world, 30)}
    agent = log_in(world.agent)
    for sort in ("-opened", "priority", "due", "-updated"):
        first = agent.get(f"/desk/incidents/?view=all&sort={sort}")
        second = agent.get(first.context["next_url"])
        pages = [{row.number for row in page.context["rows"]} for page in (first, second)]
        assert [len(page) for page in pages] == [25, 5]
        assert pages[0] | pages[1] == numbers
        back = agent.get(second.context["previous_url"])
        assert {row.number for row in back.context["rows"]} == pages[0]


def test_a_cursor_of_another_list_leads_to_the_first_page(world: World) -> None:
    raise_some(world, 30)
    agent = log_in(world.agent)
    cursor = agent.get("/desk/incidents/?view=all").context["next_url"].partition("cursor=")[2]
    page = agent.get(f"/desk/incidents/?view=all&sort=due&cursor={cursor}")
    assert (page.status_code, page["Location"]) == (302, "/desk/incidents/?view=all&sort=due")


def test_new_arrivals_are_counted_since_the_list_was_read(world: World) -> None:
    agent = log_in(world.agent)
    url = agent.get("/desk/incidents/?view=all").context["arrivals_url"]
    assert "new" not in agent.get(url).content.decode()
    raise_some(world, 3)
    since = (timezone.now() - timedelta(minutes=2, seconds=30)).isoformat()
    assert "2 new" in agent.get("/desk/incidents/arrivals/", {"view": "all", "since": since}).content.decode()
    assert (
        "new" not in agent.get("/desk/incidents/arrivals/", {"view": "mine", "since": since}).content.decode()
    )
    assert agent.get("/desk/incidents/arrivals/", {"since": "yesterday"}).status_code == 400


def test_home_names_the_next_incident_with_the_reason(world: World) -> None:
    raise_some(world, 1, title="Less urgent")
    [mine] = raise_some(world, 1, title="Waiting for an answer")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(world.agent)
        take(record=mine, actor=actor, at=timezone.now())
        pend(record=mine, waiting_for="requester", comment="Which one?", actor=actor, at=timezone.now())
    home = log_in(world.agent).get("/desk/").context["home"]
    assert home.next.row.title == "Less urgent"
    assert home.next.reason.startswith("Nobody has taken it, and its promise is the next to come due, on ")
    assert [row.title for row in home.new] == ["Less urgent"]
    assert home.counts["incident"]["mine"] == 1


def test_a_number_in_the_search_box_leads_to_its_record(world: World) -> None:
    raise_some(world, 1)
    found = log_in(world.agent).get("/desk/search/?q=inc0000001")
    assert (found.status_code, found["Location"]) == (302, f"/desk/incidents/{FIRST}/")


def test_the_page_of_an_incident_tells_all(world: World) -> None:
    [record] = raise_some(world, 1, description="Since Friday", contact="Room 12")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor, now = world.actor(world.agent), timezone.now()
        take(record=record, actor=actor, at=now)
        note(record=record, body="Relay is full", actor=actor, at=now)
        comment(record=record, body="We found the cause", actor=actor, at=now)
    agent = log_in(world.agent)
    shown = agent.get(f"/desk/incidents/{FIRST}/").content.decode()
    for words in (
        "impact 3 × urgency 3",
        "Resolution SLA",
        "User&#x27;s clock",
        "Who held it",
        "Since Friday",
        "Relay is full",
        "We found the cause",
        "Room 12",
        "State: New → In progress",
        "Assignee: Agent",
        "Send to User",
        "Save work note",
    ):
        assert words in shown, words
    only_notes = agent.get(f"/desk/incidents/{FIRST}/?thread=notes").content.decode()
    assert "Relay is full" in only_notes
    assert "We found the cause" not in only_notes


def test_a_page_open_for_hours_gets_another_address_to_listen_at(world: World) -> None:
    answer = log_in(world.agent).get("/desk/incidents/live/")
    asked = parse_qs(urlsplit(answer.json()["url"]).query)
    assert read_listener(asked["token"][0]).tenant_id == world.tenant.pk
    assert "no-store" in answer["Cache-Control"]
