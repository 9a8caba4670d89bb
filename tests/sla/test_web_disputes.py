"""Disputes on pages: contested as the supplier, ruled by service management."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from people.public import add_member, create_group, create_provider
from records.models import Record
from sla.models import Dispute
from sla.models.disputes import PARTIES
from sla.services.contest import contest
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.sla.contested import HOUR, LUNCH, NEXT_DAY, TAKEN, held_too_long, said, verdict_of
from tests.sla.test_web_definitions import BUDGET, reads_of
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db
EVIDENCE = "Ticket NC-881: two calls that nobody answered."
STRETCH = {
    "started_date_day": "16",
    "started_date_month": "11",
    "started_date_year": "2026",
    "started_time": "12:00",
    "ended_date_day": "16",
    "ended_date_month": "11",
    "ended_date_year": "2026",
    "ended_time": "14:00:00",
    "party": "requester",
    "grounds": "We waited",
    "evidence": EVIDENCE,
}


@pytest.fixture(autouse=True)
def _next_day(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NEXT_DAY)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def record(world: World) -> Iterator[Record]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        yield held_too_long(world)


def _contested(world: World, record: Record) -> Dispute:
    answer = log_in(world.engineer).post(f"/desk/incidents/{record.number}/contest/", STRETCH)
    assert answer.status_code == 302, answer.content.decode()
    return Dispute.objects.get()


def _page(client: Client, dispute: Dispute) -> str:
    return client.get(f"/desk/disputes/{dispute.pk}/").content.decode()


def test_from_the_incident_to_the_ruling(world: World, record: Record) -> None:
    engineer, chief = log_in(world.engineer), log_in(world.administrator)
    incident = engineer.get(f"/desk/incidents/{record.number}/").content.decode()
    link = re.search(r'href="(/desk/incidents/[^"]+/contest/\?from=[^"]+)"', incident)
    assert link
    form = engineer.get(link[1].replace("&amp;", "&")).content.decode()
    assert 'value="10:10:00"' in form
    dispute = _contested(world, record)
    assert (dispute.started_at, dispute.ended_at, dispute.claimed_kind) == (*LUNCH, "requester")
    seen = _page(chief, dispute)
    assert EVIDENCE in seen
    assert 'name="decision"' in seen
    assert 'name="decision"' not in _page(engineer, dispute)
    ruling = {
        "version": "1",
        "step": "rule",
        "decision": "part",
        **{name: text for name, text in STRETCH.items() if "_" in name},
        "ended_time": "13:00",
        "reasons": "One of the calls is in the log.",
    }
    answer = chief.post(f"/desk/disputes/{dispute.pk}/rule/", ruling)
    assert answer.status_code == 302, answer.content.decode()
    dispute.refresh_from_db()
    assert (dispute.state, dispute.ruled_kind) == ("upheld", "requester")
    seen = re.sub(r"\s+", " ", _page(engineer, dispute))
    assert "One of the calls is in the log." in seen
    assert re.search(r"Network</th> <td[^>]*>5h 50m</td> <td[^>]*>4h 50m</td>", seen)


def test_the_incident_links_to_its_disputes_for_those_who_may_read_them(world: World, record: Record) -> None:
    engineer, chief, agent = (log_in(each) for each in (world.engineer, world.administrator, world.agent))
    address = f"/desk/incidents/{record.number}/"

    def links(browser: Client) -> list[tuple[str, str]]:
        page = browser.get(address).content.decode()
        return re.findall(r'href="/desk/disputes/([^"]+)/">\s*<strong[^>]*>([^<]+)</strong>', page)

    assert links(engineer) == []
    dispute = _contested(world, record)
    # Once in the list of disputes, once beside the stretch.
    assert links(engineer) == links(chief) == [(str(dispute.pk), "Disputed")] * 2
    assert links(agent) == []
    with tenant_scope(world.tenant.pk, actor="system:test"):
        verdict = contest(said=verdict_of(record), actor=world.actor(world.engineer), at=NEXT_DAY)
    assert {key for key, _ in links(engineer)} == {str(dispute.pk), str(verdict.pk)}
    # What is contested is not offered to be contested, and the time before and after it is.
    offered = re.findall(r"\?from=(\d+)&amp;to=(\d+)", engineer.get(address).content.decode())
    before, after = [[int(instant) for instant in stretch] for stretch in offered]
    assert before == [TAKEN.timestamp(), LUNCH[0].timestamp()]
    assert after[0] == LUNCH[1].timestamp()
    # Held still: up to now, and the clock goes on while pages are made.
    assert after[1] >= NEXT_DAY.timestamp()
    assert "?clock=uc-network@" not in engineer.get(address).content.decode()
    assert "?clock=ola-network@" in engineer.get(address).content.decode()
    ruling = {"version": "1", "step": "rule", "decision": "upheld", "reasons": "Seen."}
    assert chief.post(f"/desk/disputes/{dispute.pk}/rule/", ruling).status_code == 302
    assert (str(dispute.pk), "Upheld") in links(engineer)
    withdrawn = engineer.post(f"/desk/disputes/{verdict.pk}/withdraw/", {"version": "1"})
    assert withdrawn.status_code == 302
    assert {key for key, _ in links(engineer)} == {str(dispute.pk)}


def test_the_form_offers_every_party_that_time_may_be_with(world: World, record: Record) -> None:
    """As its words say: the requester, nobody, the wire, and the groups of others but not of one's own."""
    page = log_in(world.engineer).get(f"/desk/incidents/{record.number}/contest/").content.decode()
    offered = set(re.findall(r'name="party"[^>]*value="([^"]+)"', page))
    assert offered == {*PARTIES}
    assert set(re.findall(r'<option value="(group:[^"]+)"', page)) == {"group:service-desk"}


def test_another_groups_time_needs_the_group(world: World, record: Record) -> None:
    engineer, address = log_in(world.engineer), f"/desk/incidents/{record.number}/contest/"
    without = engineer.post(address, STRETCH | {"party": "group"})
    assert without.status_code == 422
    assert 'href="#id_group"' in without.content.decode()
    named = engineer.post(address, STRETCH | {"party": "group", "group": "group:service-desk"})
    assert named.status_code == 302, named.content.decode()
    assert Dispute.objects.get().claimed_group == world.desk_group


def test_a_verdict_is_contested_from_its_link(world: World, record: Record) -> None:
    engineer = log_in(world.engineer)
    incident = engineer.get(f"/desk/incidents/{record.number}/").content.decode()
    links = re.findall(r'href="(/desk/incidents/[^"]+\?clock=[^"]+)"', incident)
    assert len(links) == 2
    words = {"grounds": "Met", "evidence": EVIDENCE}
    for link in links:
        assert engineer.get(link).status_code == 200
        assert engineer.post(link, words).status_code == 302
    assert {row.target_version.target.code for row in Dispute.objects.all()} == {"uc-network", "ola-network"}


def test_what_was_typed_stays_when_it_is_refused(world: World, record: Record) -> None:
    engineer, chief = log_in(world.engineer), log_in(world.administrator)
    address = f"/desk/incidents/{record.number}/contest/"
    early = engineer.post(address, STRETCH | {"started_time": "09:00"})
    assert early.status_code == 422
    assert "Network Co did not have the record all that time." in early.content.decode()
    assert EVIDENCE in early.content.decode()
    assert engineer.post(address, STRETCH | {"started_time": "noon"}).status_code == 422
    dispute = _contested(world, record)
    again = engineer.post(address, STRETCH)
    assert again.status_code == 422
    assert "already" in again.content.decode()
    empty = chief.post(f"/desk/disputes/{dispute.pk}/rule/", {"version": "1", "decision": "upheld"})
    assert empty.status_code == 422
    assert "Give the reasons." in empty.content.decode()


def test_what_was_ruled_is_contested_once_more_from_its_page(world: World, record: Record) -> None:
    engineer, chief = log_in(world.engineer), log_in(world.administrator)
    first = _contested(world, record)
    ruling = {"version": "1", "step": "rule", "decision": "rejected", "reasons": "No call is in the log."}
    assert chief.post(f"/desk/disputes/{first.pk}/rule/", ruling).status_code == 302
    address = f"/desk/incidents/{record.number}/contest/"
    bare = engineer.post(address, STRETCH)
    assert bare.status_code == 422
    assert "ruled on 17 November 2026" in bare.content.decode()
    assert f'href="/desk/disputes/{first.pk}/"' in bare.content.decode()
    follow = f"{address}?follows={first.pk}"
    assert f'href="{follow}"' in _page(engineer, first)
    assert f'href="{follow}"' not in _page(chief, first)
    form = engineer.get(follow).content.decode()
    assert 'value="12:00:00"' in form
    assert "What is ruled now stands." in form
    same = engineer.post(follow, STRETCH)
    assert same.status_code == 422
    assert "Give evidence that was not in the dispute" in same.content.decode()
    again = engineer.post(follow, STRETCH | {"evidence": "The recording."})
    assert again.status_code == 302, again.content.decode()
    second = Dispute.objects.exclude(pk=first.pk).get()
    assert f'href="/desk/disputes/{first.pk}/"' in _page(chief, second)
    assert f'href="/desk/disputes/{second.pk}/"' in _page(engineer, first)
    assert f'href="{follow}"' not in _page(engineer, first)
    assert [engineer.get(f"{address}?follows={key}").status_code for key in ("x", record.pk)] == [404, 404]


def test_a_ruling_is_looked_at_before_it_is_made(world: World, record: Record) -> None:
    chief = log_in(world.administrator)
    dispute = _contested(world, record)
    address = f"/desk/disputes/{dispute.pk}/rule/"
    typed = {"version": "1", "decision": "upheld", "reasons": "All that I typed", "party": "unassigned"}
    seen = chief.post(address, typed)
    page = re.sub(r"\s+", " ", seen.content.decode())
    assert seen.status_code == 200
    plain = re.sub(r"(<[^>]*>|\s)+", " ", page)
    assert "Network changes 5h 50m 5h 50m 97% 3h 50m 64%" in plain
    assert "Service desk 10m 10m 3% 10m 3%" in plain
    assert "uc-network changes Network Co breached breached met" in plain
    dispute.refresh_from_db()
    assert (dispute.state, dispute.version) == ("raised", 1)
    # The page carries all that was typed, so that it can be ruled or changed.
    held = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert typed.items() <= held.items()
    back = chief.post(address, held | {"step": "change"}).content.decode()
    assert "All that I typed" in back
    assert 'name="decision"' in back
    assert chief.post(address, held | {"step": "rule"}).status_code == 302
    dispute.refresh_from_db()
    assert (dispute.state, dispute.reasons, dispute.ruled_kind) == (
        "upheld",
        "All that I typed",
        "unassigned",
    )
    assert chief.post(address, typed).status_code == 409
    assert log_in(world.engineer).post(address, typed).status_code == 403


def test_who_comes_too_late_is_told_and_keeps_the_words(world: World, record: Record) -> None:
    engineer, chief = log_in(world.engineer), log_in(world.administrator)
    dispute = _contested(world, record)
    assert engineer.post(f"/desk/disputes/{dispute.pk}/withdraw/", {"version": "1"}).status_code == 302
    late = chief.post(
        f"/desk/disputes/{dispute.pk}/rule/",
        {"version": "1", "decision": "upheld", "reasons": "All that I typed"},
    )
    assert late.status_code == 409
    assert "The dispute was withdrawn after you read it." in late.content.decode()
    assert "All that I typed" in late.content.decode()
    assert engineer.post(f"/desk/disputes/{dispute.pk}/withdraw/", {"version": "x"}).status_code == 409


def test_the_list_shows_states_and_says_when_it_is_empty(world: World, record: Record) -> None:
    engineer = log_in(world.engineer)
    assert "No disputes" in engineer.get("/desk/disputes/").content.decode()
    _contested(world, record)
    assert record.number in engineer.get("/desk/disputes/?state=raised").content.decode()
    assert "No dispute in this state" in engineer.get("/desk/disputes/?state=upheld").content.decode()
    assert record.number in engineer.get("/desk/disputes/?cursor=nonsense&state=odd").content.decode()


def test_nobody_else_sees_it(world: World, record: Record) -> None:
    dispute = _contested(world, record)
    provider = create_provider(code="rival", name="Rival")
    group = create_group(code="rival", name="Rival", provider=provider)
    rival = add_member(
        email="rival@defra.example", name="Rival", roles=["resolver"], provider=provider, groups=[group]
    )
    other = build_world("dvla")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        browsers = {"rival": log_in(rival), "agent": log_in(world.agent), "user": log_in(world.user)}
    seen = {
        name: (
            browser.get(f"/desk/disputes/{dispute.pk}/").status_code,
            browser.get(f"/desk/incidents/{record.number}/contest/").status_code,
        )
        for name, browser in browsers.items()
    }
    assert seen == {"rival": (404, 404), "agent": (403, 403), "user": (403, 403)}
    assert record.number not in browsers["rival"].get("/desk/disputes/").content.decode()
    with tenant_scope(other.tenant.pk, actor="system:test"):
        stranger = log_in(other.administrator)
    assert (
        stranger.get(f"/desk/disputes/{dispute.pk}/", headers={"host": other.tenant.host}).status_code == 404
    )


def test_desk_agents_get_no_links_and_no_entry(world: World, record: Record) -> None:
    agent, engineer = log_in(world.agent), log_in(world.engineer)
    address = f"/desk/incidents/{record.number}/"
    assert "/contest/" not in agent.get(address).content.decode()
    assert 'href="/desk/disputes/"' not in agent.get(address).content.decode()
    assert 'href="/desk/disputes/"' in engineer.get(address).content.decode()


def test_a_list_takes_as_many_reads_for_many_as_for_few(world: World, record: Record) -> None:
    _contested(world, record)
    chief, incident = log_in(world.administrator), f"/desk/incidents/{record.number}/"
    few, of_one = reads_of(chief, "/desk/disputes/"), reads_of(chief, incident)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        for minute in range(10):
            start = TAKEN + HOUR / 60 * minute
            one = said(record, started_at=start, ended_at=start + HOUR / 60)
            contest(said=one, actor=world.actor(world.engineer), at=NEXT_DAY)
    assert (few, reads_of(chief, "/desk/disputes/")) == (BUDGET["disputes:list"], BUDGET["disputes:list"])
    assert of_one == reads_of(chief, incident)
