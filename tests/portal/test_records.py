"""One's own reports: lists, the thread, files, followers and decisions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.public import (
    Classification,
    assign,
    cancel,
    classify,
    close,
    comment,
    get_incident,
    note,
    pend,
    resolve,
    start,
    take,
)
from people.models import Role
from records.models import Attachment, Comment, RecordPerson
from records.public import attach_file
from tenancy.engine.scope import tenant_scope
from tests.portal.visitor import now_of, raised, screenshot, text_of, visitor
from tests.support.world import World, build_world

INSIDE = "The relay is from 1998"


@pytest.fixture
def world(db: None) -> World:
    """One tenant with people, a service and its promises."""
    return build_world()


def agent_does(world: World, number: str, step: Any, **given: Any) -> None:
    """Let the service desk take a step on the incident."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        step(record=get_incident(agent, number), actor=agent, at=timezone.now(), **given)


def resolved(world: World) -> str:
    """The number of an incident that waits for its requester to say whether it is fixed."""
    number = raised(world).number
    agent_does(world, number, resolve, resolution_code="fixed", resolution="Restarted the relay")
    return number


def post(browser: Client, number: str, step: str, **typed: Any) -> Any:
    """Send a form of the record's page as it was shown just now."""
    version = browser.get(f"/records/{number}/").context["record"].version
    return browser.post(f"/records/{number}/{step}/", {"version": version} | typed)


def test_home_tells_the_next_step_and_the_promise(world: World) -> None:
    browser = visitor(world.user)
    assert "You have not reported or requested anything yet" in text_of(browser.get("/"))
    for count in range(6):
        raised(world, title=f"Problem {count}")
    page = text_of(browser.get("/"))
    assert "Hello User, how can we help?" in page
    assert "Problem 5" in page
    assert "Problem 0" not in page, "the latest five"
    assert "We aim to fix it by" in page
    assert "Next, we will give it to the team that can fix it." in page


def test_a_report_in_every_state_has_words(world: World) -> None:
    browser = visitor(world.user)
    number = raised(world).number
    page = f"/records/{number}/"
    assert "We have received your report." in text_of(browser.get(page))
    agent_does(world, number, assign, support_group="service-desk")
    assert "A team has your report." in text_of(browser.get(page))
    agent_does(world, number, start)
    assert "Someone is working on it." in text_of(browser.get(page))
    agent_does(world, number, pend, waiting_for="requester", comment="Which relay?")
    assert "We have asked a question" in text_of(browser.get(page))
    assert "does not run while we wait" in text_of(browser.get(f"/records/{number}/"))
    post(browser, number, "reply", body="That one")
    agent_does(world, number, take)
    for waiting_for, sentence in (
        ("provider", "A supplier has to do something"),
        ("change", "a change that is planned"),
    ):
        agent_does(world, number, pend, waiting_for=waiting_for, reason="Because")
        assert sentence in text_of(browser.get(f"/records/{number}/"))
        agent_does(world, number, take)
    agent_does(world, number, resolve, resolution_code="fixed", resolution="Done")
    assert "We think that it is fixed." in text_of(browser.get(f"/records/{number}/"))
    agent_does(world, number, close)
    assert "It is fixed and closed." in text_of(browser.get(f"/records/{number}/"))
    other = raised(world).number
    agent_does(world, other, cancel, reason="Twin")
    assert "This report was cancelled." in text_of(browser.get(f"/records/{other}/"))


def test_late_is_said_and_the_inner_promises_are_not(world: World) -> None:
    raised(world, at=timezone.now() - timedelta(days=30))
    page = text_of(visitor(world.user).get("/records/INC0000001/"))
    assert "We aimed to fix it by" in page
    assert "We are sorry" in page
    assert "resolution-rest" not in page


def test_lists_by_tab(world: World) -> None:
    browser = visitor(world.user)
    waiting, opened = resolved(world), raised(world, title="Still open").number
    closed = raised(world, title="Long gone").number
    agent_does(world, closed, cancel, reason="Twin")
    seen = {
        tab: text_of(browser.get(f"/records/?tab={tab}")) for tab in ("open", "waiting", "closed", "nonsense")
    }
    assert [number in seen["open"] for number in (waiting, opened, closed)] == [True, True, False]
    assert [number in seen["waiting"] for number in (waiting, opened, closed)] == [True, False, False]
    assert [number in seen["closed"] for number in (waiting, opened, closed)] == [False, False, True]
    assert opened in seen["nonsense"]
    assert "Waiting for you" in seen["open"]
    other = visitor(world.other_user)
    empty = ("You have nothing open", "Nothing waits for you", "You have nothing closed")
    for tab, words in zip(("open", "waiting", "closed"), empty, strict=True):
        assert words in text_of(other.get(f"/records/?tab={tab}"))


def test_pages_of_a_long_list_lose_nothing(world: World) -> None:
    browser = visitor(world.user)
    at = timezone.now()
    numbers = {raised(world, at=at).number for _ in range(60)}
    seen: list[str] = []
    address: str | None = "/records/"
    while address:
        page = browser.get(address)
        seen += [line.number for line in page.context["page"].lines]
        address = page.context["next_url"]
    assert (len(seen), set(seen)) == (60, numbers)
    assert browser.get("/records/?cursor=forged")["Location"] == "/records/?tab=open"


def test_search_finds_own_records_only(world: World) -> None:
    mine = raised(world, title="The printer burns").number
    raised(world, title="Another printer", by=world.other_user)
    browser = visitor(world.user)
    page = text_of(browser.get("/search/?q=printer"))
    assert mine in page
    assert "Another printer" not in page
    assert mine in text_of(browser.get(f"/search/?q={mine.lower()}"))
    assert "Nothing here has" in text_of(browser.get("/search/?q=INC0000002"))
    assert "Search by number" in text_of(browser.get("/search/?q=%20"))
    assert browser.get("/search/?q=printer&cursor=forged")["Location"] == "/search/?q=printer"
    assert "&lt;script&gt;" in browser.get("/search/?q=<script>").content.decode()


def test_a_reply_reaches_the_thread_and_ends_the_waiting(world: World) -> None:
    number = raised(world).number
    agent_does(world, number, pend, waiting_for="requester", comment="Which office?")
    browser = visitor(world.user)
    page = text_of(browser.get(f"/records/{number}/"))
    assert "Which office?" in page
    assert "Agent" in page
    done = post(browser, number, "reply", body="Leeds <b>&</b> York")
    assert done["Location"] == f"/records/{number}/"
    page = browser.get(f"/records/{number}/").content.decode()
    assert "Leeds &lt;b&gt;" in page
    assert "Your reply has been sent" in page
    assert now_of(world, number).state == "assigned"


def test_an_empty_reply_is_refused(world: World) -> None:
    number = raised(world).number
    response = post(visitor(world.user), number, "reply", body="  ")
    assert response.status_code == 422
    assert "Enter your reply" in text_of(response)


def test_a_reply_to_what_was_not_read_is_held_back_with_its_text(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    seen = now_of(world, number).version
    agent_does(world, number, comment, body="It is the cable")
    agent_does(world, number, note, body=INSIDE)
    response = browser.post(f"/records/{number}/reply/", {"version": seen, "body": "It is the mouse"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "It is the mouse</textarea>" in page
    assert "Agent replied" in page
    assert "It is the cable" in page
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Comment.objects.count() == 1
    version = response.context["reply_form"]["version"].value()
    again = browser.post(f"/records/{number}/reply/", {"version": version, "body": "It is the mouse"})
    assert again.status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Comment.objects.count() == 2


def test_work_behind_the_scenes_is_neither_told_nor_in_the_way(world: World) -> None:
    number = raised(world).number
    seen = now_of(world, number).version
    agent_does(world, number, note, body=INSIDE)
    agent_does(world, number, classify, to=Classification(urgency=1))
    response = visitor(world.user).post(f"/records/{number}/reply/", {"version": seen, "body": "Hello"})
    assert response.status_code == 302


@pytest.mark.parametrize("step", ["confirm", "reopen", "cancel"])
def test_a_decision_on_what_was_not_read_is_held_back(world: World, step: str) -> None:
    number = raised(world).number if step == "cancel" else resolved(world)
    seen = now_of(world, number).version
    agent_does(world, number, comment, body="Wait a moment")
    typed = {"version": seen, "body": "Still broken", "reason": "Works again"}
    response = visitor(world.user).post(f"/records/{number}/{step}/", typed)
    assert response.status_code == 409
    assert "Wait a moment" in text_of(response)
    assert now_of(world, number).state == ("new" if step == "cancel" else "resolved")


def test_it_is_fixed(world: World) -> None:
    number = resolved(world)
    browser = visitor(world.user)
    page = text_of(browser.get(f"/records/{number}/"))
    assert "within 5 working days" in page
    assert post(browser, number, "confirm").status_code == 302
    assert now_of(world, number).state == "closed"
    page = text_of(browser.get(f"/records/{number}/"))
    assert "You cannot reply any more" in page
    assert "Is it fixed?" not in page


def test_it_is_not_fixed(world: World) -> None:
    number = resolved(world)
    browser = visitor(world.user)
    assert browser.get(f"/records/{number}/reopen/").status_code == 200
    refused = post(browser, number, "reopen", body="")
    assert refused.status_code == 422
    assert "Enter what is still wrong" in text_of(refused)
    assert browser.post(f"/records/{number}/reopen/").status_code == 422
    assert post(browser, number, "reopen", body="Still slow").status_code == 302
    assert now_of(world, number).state == "assigned"
    assert "Still slow" in text_of(browser.get(f"/records/{number}/"))


def test_cancelling_takes_a_reason(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    assert browser.get(f"/records/{number}/cancel/").status_code == 200
    assert post(browser, number, "cancel", reason="").status_code == 422
    assert post(browser, number, "cancel", reason="Works again").status_code == 302
    assert now_of(world, number).state == "cancelled"


def test_only_steps_that_are_possible_are_offered(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    page = text_of(browser.get(f"/records/{number}/"))
    assert "Cancel this report" in page
    assert "It is fixed" not in page
    assert browser.get(f"/records/{number}/reopen/").status_code == 409
    assert post(browser, number, "reopen", body="x").status_code == 409
    assert browser.post(f"/records/{number}/reopen/").status_code == 409
    assert post(browser, number, "confirm").status_code == 409
    agent_does(world, number, pend, waiting_for="requester", comment="Which?")
    assert "Cancel this report" not in text_of(browser.get(f"/records/{number}/"))
    assert browser.get(f"/records/{number}/cancel/").status_code == 409
    assert now_of(world, number).state == "pending_requester"


def test_a_follower_reads_and_replies_but_does_not_decide(world: World) -> None:
    number = resolved(world)
    browser, follower = visitor(world.user), visitor(world.other_user)
    added = browser.post(f"/records/{number}/watchers/", {"email": world.other_user.email.upper()})
    assert added.status_code == 302
    page = text_of(follower.get(f"/records/{number}/"))
    assert "Is it fixed?" not in page
    assert "Stop following" in page
    for step in ("confirm", "reopen", "cancel"):
        assert post(follower, number, step, body="x", reason="x").status_code in (403, 409)
    assert now_of(world, number).state == "resolved"
    assert follower.post(f"/records/{number}/watchers/", {"email": world.agent.email}).status_code == 403
    stopped = follower.post(f"/records/{number}/watchers/", {"remove": str(world.other_user.pk)})
    assert stopped["Location"] == "/records/"
    assert follower.get(f"/records/{number}/").status_code == 404


def test_the_requester_ends_a_colleagues_following(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    wrong = browser.post(f"/records/{number}/watchers/", {"email": "no@body.example"})
    assert wrong.status_code == 422
    assert "Nobody here has this email address" in text_of(wrong)
    browser.post(f"/records/{number}/watchers/", {"email": world.other_user.email})
    assert (
        browser.post(f"/records/{number}/watchers/", {"remove": str(world.other_user.pk)}).status_code == 302
    )
    assert browser.post(f"/records/{number}/watchers/", {"remove": "nonsense"}).status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not RecordPerson.objects.filter(reason="watcher").exists()


def test_files_are_served_as_harmless_downloads_once_clean(world: World) -> None:
    number = raised(world).number
    browser = visitor(world.user)
    response = browser.post(
        f"/records/{number}/files/", {"attachments": [screenshot(), screenshot("x.exe", b"MZ")]}
    )
    assert response.status_code == 422
    assert "x.exe: Files of this type" in text_of(response)
    assert "being checked" in text_of(response)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        file = Attachment.objects.get()
    address = f"/records/{number}/files/{file.pk}/"
    assert browser.get(address).status_code == 404, "not before it was found clean"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Attachment.objects.update(status="clean")
    served: Any = browser.get(address)
    assert served.status_code == 200
    assert served["Content-Disposition"] == 'attachment; filename="screen.png"'
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"].startswith("sandbox;")
    assert b"".join(served.streaming_content).startswith(b"\x89PNG")
    assert visitor(world.other_user).get(address).status_code == 404
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Attachment.objects.update(is_internal=True)
    assert browser.get(address).status_code == 404
    assert visitor(world.agent).get(address).status_code == 404
    assert browser.post(f"/records/{number}/files/").status_code == 422


def test_nothing_is_added_to_a_closed_report(world: World) -> None:
    number = raised(world).number
    agent_does(world, number, cancel, reason="Twin")
    browser = visitor(world.user)
    response = browser.post(f"/records/{number}/files/", {"attachments": screenshot()})
    assert response.status_code == 422
    assert post(browser, number, "reply", body="Hello?").status_code == 422
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert not Attachment.objects.exists()
        assert not Comment.objects.exists()


def test_the_working_side_never_shows_in_the_portal(world: World) -> None:
    number = raised(world, by=world.agent).number
    agent_does(world, number, note, body=INSIDE)
    agent_does(world, number, classify, to=Classification(priority=1, reason="Minister"))
    with tenant_scope(world.tenant.pk, actor="system:test"):
        agent = world.actor(world.agent)
        record = get_incident(agent, number)
        attach_file(
            record=record,
            name="inside.png",
            content=screenshot().open(),
            actor=agent,
            at=timezone.now(),
            is_internal=True,
        )
    for person in (world.agent, world.administrator):
        browser = visitor(person)
        addresses = ("/", "/records/", f"/records/{number}/", f"/search/?q={number}", "/search/?q=relay+1998")
        for address in (*addresses, f"/records/{number}/cancel/", f"/report/done/{number}/"):
            html = browser.get(address).content.decode()
            for secret in (INSIDE, "Minister", "inside.png"):
                assert secret not in html, (address, secret)
    stale = visitor(world.agent).post(f"/records/{number}/reply/", {"version": 1, "body": "x"})
    assert INSIDE not in stale.content.decode()


def test_in_the_portal_an_agent_is_a_user_like_any_other(world: World) -> None:
    number = raised(world).number
    for person in (world.agent, world.administrator, world.engineer, world.other_user):
        browser = visitor(person)
        assert browser.get(f"/records/{number}/").status_code == 404
        assert number not in text_of(browser.get("/records/"))
        assert number not in text_of(browser.get(f"/search/?q={number}")).replace(f"“{number}”", "")


def test_without_a_permission_the_step_is_not_there(world: World) -> None:
    number = raised(world).number
    with tenant_scope(world.tenant.pk, actor="system:test"):
        Role.objects.filter(code="end-user").update(permissions=["portal:use"])
    browser = visitor(world.user)
    page = text_of(browser.get(f"/records/{number}/"))
    for words in ("Send reply", "Add files", "Cancel this report", "Let a colleague"):
        assert words not in page
    for step, typed in (
        ("reply", {"body": "x"}),
        ("files", {"attachments": screenshot()}),
        ("watchers", {"email": world.other_user.email}),
    ):
        assert post(browser, number, step, **typed).status_code == 403
