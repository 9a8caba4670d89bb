"""The pages of drafts, as managers, and everybody else, find them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Membership, Person
from sla.models import Draft, DraftRun, TargetVersion
from sla.services import selection
from sla.services.drafts import DraftText, edit_draft, request_run, start_draft
from sla.services.run_draft import run_draft
from tenancy.engine.scope import tenant_scope
from tests.sla.drafting import LONGER, NOW, RECORDS, TEXT, Ticking, other_target, resolved_records
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
LIST, NEW = "/admin/what-if/", "/admin/what-if/new/"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(selection, "PAGE", 2)
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        resolved_records(built)
        yield built


def _client(world: World, member: Membership) -> Client:
    client = Client(headers={"host": world.tenant.host})
    client.force_login(Person.objects.get(pk=member.person_id))
    return client


@pytest.fixture
def boss(world: World) -> Client:
    return _client(world, world.administrator)


def _draft(world: World, text: DraftText = TEXT) -> Draft:
    return start_draft(text=text, actor=world.actor(world.administrator), at=NOW)


def _tried(world: World, text: DraftText = TEXT) -> Draft:
    draft = _draft(world, text)
    run = request_run(draft_id=draft.pk, actor=world.actor(world.administrator), at=NOW)
    assert run_draft(run_id=run.pk, read_time=Ticking()) == "finished"
    return draft


def _page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return str(response.content.decode())


def test_without_a_draft_the_list_says_what_one_is_for(boss: Client) -> None:
    assert "No draft yet" in _page(boss, LIST)


def test_a_draft_begins_with_what_holds_today(boss: Client, world: World) -> None:
    assert "Calendar: Office hours" in _page(boss, NEW)
    assert "code: resolution-rest" in _page(boss, f"{NEW}?start=target:resolution-rest")
    assert "code: resolution-rest" not in _page(boss, f"{NEW}?start=calendar:office")
    assert "zone: Europe/London" in _page(boss, f"{NEW}?start=all")
    # A word that stands for nothing leads to the choice again.
    assert "Start from" in _page(boss, f"{NEW}?start=target:nothing")


def test_from_writing_to_adopting(boss: Client, world: World) -> None:
    response = boss.post(NEW, {"name": "Sixteen", "document": LONGER})
    draft = Draft.objects.get()
    assert response["Location"] == f"{LIST}{draft.pk}/"
    here = response["Location"]
    assert "duration: 16h instead of 8h" in _page(boss, here)
    assert boss.post(f"{here}run/").status_code == 302
    assert "Waiting for a worker" in _page(boss, here)
    assert "Waiting for a worker" in _page(boss, f"{here}progress/")
    # The moment counts: what is asked about lies in the past of the test's world, not of the page.
    run_draft(run_id=DraftRun.objects.get().pk, read_time=Ticking())
    assert boss.get(f"{here}progress/")["HX-Refresh"] == "true"
    page = _page(boss, here)
    # Nobody was assigned either, so that each response was late as well.
    assert f"In all: {RECORDS} of {2 * RECORDS} breaches would vanish, and no new one would appear." in page
    assert f"Network Co: {RECORDS} of {2 * RECORDS} breaches would vanish" in page
    assert 'href="/desk/incidents/INC0000001/"' in page
    response = boss.post(f"{here}adopt/", {"version": 1, "when": "now"})
    assert response.status_code == 302
    assert TargetVersion.objects.filter(target__code="resolution-rest", duration=16 * 3600).count() == 1
    page = _page(boss, here)
    assert "Adopted. It holds from" in page
    assert "Adopt the draft" not in page


def test_what_is_wrong_is_said_beside_what_was_typed(boss: Client) -> None:
    typed = "targets:\n- code: a b\n  duration: 2 days\n"
    response = boss.post(NEW, {"name": "", "document": typed, "services": ["email"]})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter a name." in page
    assert "Line 2, column" in page
    assert "Line 3, column" in page
    assert "2 days" in page
    assert "<title>\n  Error: " in page or "Error: " in page
    assert not Draft.objects.exists()


def test_a_choice_that_does_not_exist_is_refused(boss: Client) -> None:
    response = boss.post(NEW, {"name": "x", "document": LONGER, "services": ["mailx"]})
    assert response.status_code == 422


def test_of_two_who_edit_the_later_one_sees_both_texts(boss: Client, world: World) -> None:
    draft = _draft(world)
    here = f"{LIST}{draft.pk}/"
    assert "duration: 16h" in _page(boss, f"{here}edit/")
    edit_draft(
        draft_id=draft.pk,
        text=replace(TEXT, document=LONGER.replace("16h", "11h")),
        seen_version=1,
        actor=world.actor(world.administrator),
        at=NOW,
    )
    typed = {"version": 1, "name": "Mine", "document": LONGER.replace("16h", "12h")}
    response = boss.post(f"{here}edit/", typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "12h" in page
    assert "11h" in page
    assert Draft.objects.get().name == TEXT.name
    # Saved again, knowing the other's.
    assert boss.post(f"{here}edit/", typed | {"version": 2}).status_code == 302
    assert Draft.objects.get().name == "Mine"


def test_a_trial_is_cancelled_from_its_page(boss: Client, world: World) -> None:
    draft = _draft(world)
    here = f"{LIST}{draft.pk}/"
    boss.post(f"{here}run/")
    assert boss.post(f"{here}run/").status_code == 409
    response = boss.post(f"{here}cancel/", follow=True)
    assert "Nothing of it is kept" in response.content.decode()
    assert DraftRun.objects.get().state == "cancelled"


def test_a_stale_result_says_so_and_is_not_adopted(boss: Client, world: World) -> None:
    draft = _tried(world)
    here = f"{LIST}{draft.pk}/"
    assert "Adopt the draft" in _page(boss, here)
    other_target(world)
    page = _page(boss, here)
    assert "Definitions changed after this was computed" in page
    assert "Adopt the draft" not in page
    response = boss.post(f"{here}adopt/", {"version": 1, "when": "now"})
    assert response.status_code == 409
    assert "Definitions changed after the draft was tried" in response.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"when": "later"}, "Enter the day from which it holds"),
        (
            {"when": "later", "day_day": 1, "day_month": 1, "day_year": 2020, "time": "00:00"},
            "stays measured",
        ),
        (
            {"when": "later", "day_day": 1, "day_month": 1, "day_year": 2027, "time": "25:00"},
            "Time must be like",
        ),
        ({"when": "someday"}, "Select a valid choice"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_the_form(
    boss: Client, world: World, given: dict[str, Any], said: str
) -> None:
    draft = _tried(world)
    response = boss.post(f"{LIST}{draft.pk}/adopt/", {"version": 1} | given)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Draft.objects.get().state == "draft"


def test_a_day_to_come_is_taken_in_the_readers_zone(boss: Client, world: World) -> None:
    draft = _tried(world)
    day = timezone.localdate() + timedelta(days=3)
    given = {"version": 1, "when": "later", "time": "06:30"}
    given |= {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    assert boss.post(f"{LIST}{draft.pk}/adopt/", given).status_code == 302
    start = Draft.objects.get().effective_from
    assert start is not None
    assert timezone.localtime(start).strftime("%d %H:%M") == f"{day:%d} 06:30"


def test_the_changed_records_are_filtered_and_paged(
    boss: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sla.web.views.what_if_result.PAGE_LENGTH", 2)
    here = f"{LIST}{_tried(world).pk}/"
    seen: list[str] = []
    address = here
    while address:
        response = boss.get(address)
        seen += [line["number"] for line in response.context["result"]["lines"]]
        following = response.context["result"]["next_url"]
        address = f"{here}{following.partition('#')[0]}" if following else ""
    assert len(seen) == len(set(seen)) == RECORDS
    for query, count in (
        (f"provider={world.supplier.pk}", 2),
        (f"provider={world.desk_provider.pk}", 0),
        (f"service={world.service.pk}&direction=better", 2),
        ("direction=worse", 0),
        ("direction=nonsense&provider=nonsense&cursor=nonsense", 2),
    ):
        response = boss.get(f"{here}?{query}")
        assert len(response.context["result"]["lines"]) == count, query
    assert "No record changes like this" in _page(boss, f"{here}?direction=worse")


def test_what_is_thrown_away_is_listed_as_such(boss: Client, world: World) -> None:
    draft = _tried(world)
    here = f"{LIST}{draft.pk}/"
    assert f'href="{here}discard/"' in _page(boss, here)
    question = _page(boss, f"{here}discard/")
    assert f"Do you want to throw “{draft.name}” away?" in question
    assert f'href="{here}"' in question
    assert Draft.objects.get().state == "draft"
    response = boss.post(f"{here}discard/", {"version": 1}, follow=True)
    page = response.content.decode()
    assert "was thrown away" in page
    assert "Thrown away" in page
    assert boss.post(f"{here}run/").status_code == 409
    assert boss.post(f"{here}discard/", {"version": 1}).status_code == 409
    assert boss.get(f"{here}discard/")["Location"] == here


def test_a_draft_that_was_edited_after_the_question_is_asked_of_again(boss: Client, world: World) -> None:
    draft = _draft(world)
    edit_draft(
        draft_id=draft.pk,
        text=replace(TEXT, name="Other"),
        seen_version=1,
        actor=world.actor(world.administrator),
        at=NOW,
    )
    response = boss.post(f"{LIST}{draft.pk}/discard/", {"version": 1})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody edited the draft after you were asked" in page
    assert 'name="version" value="2"' in page
    assert Draft.objects.get().state == "draft"


def test_who_reads_service_levels_reads_drafts_and_does_nothing_to_them(world: World) -> None:
    draft = _tried(world)
    agent = _client(world, world.agent)
    here = f"{LIST}{draft.pk}/"
    page = _page(agent, here)
    assert "breaches would vanish" in page
    for word in ("Try it again", "Throw it away", "Adopt the draft", "New draft"):
        assert word not in page
    assert "New draft" not in _page(agent, LIST)
    for address in (NEW, f"{here}edit/"):
        assert "You need the role" in _page(agent, address, 403)
    assert agent.get(f"{here}discard/").status_code == 403
    for action in ("run", "cancel", "discard", "adopt"):
        assert agent.post(f"{here}{action}/").status_code == 403
    assert Draft.objects.get().state == "draft"


@pytest.mark.parametrize("who", ["user", "engineer"])
def test_end_users_and_suppliers_see_nothing_of_it(world: World, who: str) -> None:
    draft = _tried(world)
    client = _client(world, getattr(world, who))
    for address in (LIST, NEW, f"{LIST}{draft.pk}/", f"{LIST}{draft.pk}/progress/"):
        assert client.get(address).status_code == 403


def test_another_tenants_draft_is_like_none(world: World) -> None:
    draft = _tried(world)
    twin = build_world("dvla")
    client = _client(twin, twin.administrator)
    assert draft.name not in _page(client, LIST)
    for address in (f"{LIST}{draft.pk}/", f"{LIST}{draft.pk}/edit/", f"{LIST}{draft.pk}/progress/"):
        assert client.get(address).status_code == 404
    for action in ("run", "cancel", "discard", "adopt"):
        assert client.post(f"{LIST}{draft.pk}/{action}/").status_code == 404
    assert Draft.objects.get().state == "draft"


@pytest.mark.parametrize("name", ["sla:what_ifs", "sla:what_if"])
def test_pages_keep_to_their_budget(boss: Client, world: World, name: str) -> None:
    draft = _tried(world)
    _draft(world, replace(TEXT, name="Another"))
    address = LIST if name == "sla:what_ifs" else f"{LIST}{draft.pk}/"
    boss.get(address)
    with CaptureQueriesContext(connection) as counted:
        boss.get(address)
    assert len(counted) == BUDGET[name], [each["sql"][-200:] for each in counted]
