"""Requests and fulfilment tasks on the desk: lists, pages, steps, and what suppliers see of them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from records.models import Record
from records.public import attachments_of, comments_of, steps_of, work_notes_of
from requests_app.models import AutomationRun, Task
from requests_app.public import task_steps
from requests_app.services.fulfil import begin_tasks
from requests_app.services.steps import cancel
from tenancy.engine.scope import tenant_scope
from tests.desk.test_web import reads_of
from tests.desk.visits import log_in
from tests.requests_app.fulfilment import MONDAY_TEN, begun, find, states, task
from tests.support.offers import words
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))
FORM = {
    "pages": [
        {
            "code": "device",
            "title": words("Device"),
            "fields": [
                {"code": "serial", "type": "text", "label": words("Serial number"), "mask": "AA-99"},
                {"code": "is_new", "type": "yes_no", "label": words("Is it new?")},
                {
                    "code": "wiped",
                    "type": "date",
                    "label": words("When was it wiped?"),
                    "when": {"field": "is_new", "is": False},
                },
            ],
        }
    ]
}
ASKED = {
    "pages": [
        {
            "code": "why",
            "title": words("Why?"),
            "fields": [{"code": "why", "type": "text", "label": words("Why do you need it?")}],
        }
    ]
}


@pytest.fixture
def world() -> World:
    """One tenant with everything a request needs."""
    return build_world()


def make(world: World, *tasks: dict[str, Any], code: str = "thing", **parts: Any) -> Record:
    """A request whose tasks are planned."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, *tasks, code=code, **parts)
        begin_tasks(request_id=request.pk, at=timezone.now())
        return Record.objects.get(pk=request.pk)


def now_of(world: World, record: Record) -> Record:
    """The record as it is."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return Record.objects.get(pk=record.pk)


def task_of(world: World, request: Record, code: str) -> Record:
    """A task of a request."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return find(request, code)


def step(client: Client, record: Record, action: str, **given: Any) -> Any:
    """Take a step on the desk, with the version that was seen."""
    feed = {"request": "requests", "task": "tasks"}[record.kind]
    path = f"/desk/{feed}/{record.number}/{action}/"
    return client.post(path, {"version": record.version} | given)


def test_lists_hold_the_records_of_their_kind_and_views_their_part(world: World) -> None:
    request = make(world, task("a"), task("b", "a"), task("c", group="network"))
    agent = log_in(world.agent)

    def listed(query: str) -> set[str]:
        return {row.title for row in agent.get(f"/desk/{query}").context["rows"]}

    assert listed("requests/?view=all") == {request.title}
    assert listed("requests/?view=resolved") == set()
    assert listed("requests/?view=all&q=thing") == {request.title}
    assert listed("tasks/") == listed("tasks/?view=groups") == {"a"}
    assert listed("tasks/?view=all") == {"a", "b", "c"}
    assert listed("tasks/?view=waiting") == {"b"}
    assert listed("tasks/?view=all&state=ready&support_group=network") == {"c"}
    step(agent, task_of(world, request, "a"), "take")
    assert listed("tasks/?view=mine") == {"a"}
    assert listed("tasks/?view=unassigned") == set()
    step(agent, task_of(world, request, "a"), "fail", reason="No such disk")
    assert listed("tasks/?view=failed") == listed("tasks/?view=groups") == {"a"}
    for kind in ("requests", "tasks"):
        assert agent.get(f"/desk/{kind}/?view=nonsense").status_code == 200
        assert agent.get(f"/desk/{kind}/live/").status_code == 200
        since = (MONDAY_TEN - timedelta(hours=1)).isoformat()
        arrived = agent.get(f"/desk/{kind}/arrivals/", {"view": "all", "since": since}).content.decode()
        assert ("1 new" if kind == "requests" else "3 new") in arrived


def test_pages_of_tasks_neither_lose_nor_repeat(world: World) -> None:
    make(world, *(task(f"t{index}") for index in range(30)))
    agent = log_in(world.agent)
    for sort in ("-opened", "due", "-updated"):
        first = agent.get(f"/desk/tasks/?view=all&sort={sort}")
        second = agent.get(first.context["next_url"])
        pages = [{row.number for row in page.context["rows"]} for page in (first, second)]
        assert [len(page) for page in pages] == [25, 5]
        assert len(pages[0] | pages[1]) == 30


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("desk:request_list", "/desk/requests/?view=all&limit=50"),
        ("desk:task_list", "/desk/tasks/?view=all&limit=50"),
        ("desk:home_with_tasks", "/desk/"),
    ],
)
def test_a_list_takes_as_many_reads_for_many_as_for_few(world: World, name: str, path: str) -> None:
    agent = log_in(world.agent)
    make(world, task("a"), task("b"))
    few = reads_of(agent, path)
    for index in range(6):
        make(world, *(task(f"t{place}") for place in range(5)), code=f"thing-{index}")
    assert (few, reads_of(agent, path)) == (BUDGET[name], BUDGET[name])


@pytest.mark.parametrize("kind", ["request", "task"])
def test_a_page_takes_as_many_reads_for_a_plan_of_twenty(world: World, kind: str) -> None:
    agent = log_in(world.agent)
    small = make(world, task("a"), task("b", "a"), form=ASKED, answers={"why": "Maps"})
    many = make(
        world,
        *(task(f"t{place}") for place in range(19)),
        task("a", *(f"t{place}" for place in range(19))),
        code="large",
        form=ASKED,
        answers={"why": "Maps"},
    )
    reads = []
    for request in (small, many):
        record = request if kind == "request" else task_of(world, request, "a")
        reads.append(reads_of(agent, f"/desk/{kind}s/{record.number}/"))
    assert reads == [BUDGET[f"desk:{kind}"]] * 2


def test_the_page_of_a_request_tells_all(world: World) -> None:
    request = make(
        world,
        task("a", told=words("We order it")),
        task("b", "a"),
        form=ASKED,
        answers={"why": "Maps of <floods>"},
        price="42.50",
    )
    page = log_in(world.agent).get(f"/desk/requests/{request.number}/").content.decode()
    first = task_of(world, request, "a")
    for said in (
        "Being fulfilled",
        "Why do you need it?",
        "Maps of &lt;floods&gt;",
        "£42.50",
        "Thing, version 1",
        "Who held it",
        f"/desk/tasks/{first.number}/",
        "We order it",
        "Waits for:",
        "Reply to User",
        "Cancel",
    ):
        assert said in page, said
    # What the platform does by itself is nobody's button.
    assert "Begin fulfilment" not in page


def test_the_page_of_a_task_tells_all(world: World) -> None:
    request = make(
        world,
        task("a", takes="PT4H"),
        task("b", "a", form=FORM, told=words("We set it up"), action={"run": "no-such-action"}),
        task("c", "b"),
        form=ASKED,
        answers={"why": "Maps"},
    )
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AutomationRun.objects.create(
            record=find(request, "b"),
            attempt=1,
            tries=2,
            kind="run",
            state="ended",
            token_hash="x",
            started_at=timezone.now(),
            ended_at=timezone.now(),
            outcome={"state": "failed", "reason": "no"},
            log=[{"at": "2026-11-16T10:00:00+00:00", "line": "Try 2: it <failed>"}],
        )
    agent, middle = log_in(world.agent), task_of(world, request, "b")
    page = agent.get(f"/desk/tasks/{middle.number}/").content.decode()
    for said in (
        request.number,
        "Maps",
        "user@defra.example",
        "We set it up",
        "It waits for",
        "These wait for it",
        "Serial number",
        "It runs the action no-such-action.",
        "Try 2: it &lt;failed&gt;",
        "2 tries",
    ):
        assert said in page, said
    assert "4 hours" in agent.get(f"/desk/tasks/{task_of(world, request, 'a').number}/").content.decode()


@pytest.mark.parametrize(
    ("state", "action", "given", "target"),
    [
        ("ready", "take", {}, "in_progress"),
        ("ready", "start", {}, "in_progress"),
        ("in_progress", "assign", {"support_group": "network"}, "ready"),
        ("in_progress", "complete", {"work_note": "It was easy"}, "done"),
        ("ready", "fail", {"reason": "No such disk"}, "failed"),
        ("failed", "retry", {}, "ready"),
        ("waiting", "skip", {"reason": "They have one"}, "skipped"),
        ("failed", "replace", {"title": "Buy one", "support_group": "network", "reason": "x"}, "cancelled"),
    ],
)
@pytest.mark.parametrize("door", ["desk", "api"])
def test_each_step_of_a_task_ends_in_the_same_state_through_both_doors(
    world: World, door: str, state: str, action: str, given: dict[str, str], target: str
) -> None:
    request = make(world, task("before"), task("it"), task("after", "before"))
    record = task_of(world, request, "after" if state == "waiting" else "it")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        common: dict[str, Any] = {"actor": world.actor(world.agent), "at": timezone.now()}
        if state == "in_progress":
            task_steps.take(record=record, **common)
        if state == "failed":
            task_steps.fail(record=record, reason="No such disk", **common)
    record = now_of(world, record)
    assert record.state == state
    agent = log_in(world.agent)
    if door == "desk":
        path = f"/desk/tasks/{record.number}/{action}/"
        assert agent.get(path).status_code == 200
        answer = agent.post(path, given | {"version": record.version})
        assert answer.status_code == 302
    else:
        answer = agent.post(
            f"/api/v1/tasks/{record.number}/{action}/",
            given,
            "application/json",
            headers={"If-Match": f'"v{record.version}"', "host": world.tenant.host},
        )
        assert answer.status_code == 200, answer.content
    after = now_of(world, record)
    assert (after.state, after.version) == (target, record.version + 1)


@pytest.mark.parametrize("door", ["desk", "api"])
@pytest.mark.parametrize(
    ("action", "given", "target"),
    [
        ("close", {}, "closed"),
        ("reopen", {"comment": "The bag is missing"}, "fulfilling"),
        ("cancel", {"reason": "Ordered twice"}, "cancelled"),
    ],
)
def test_each_step_of_a_request_ends_in_the_same_state_through_both_doors(
    world: World, door: str, action: str, given: dict[str, str], target: str
) -> None:
    request = make(world, task("a"))
    if action != "cancel":
        step(log_in(world.agent), task_of(world, request, "a"), "complete")
    request, agent = now_of(world, request), log_in(world.administrator)
    if door == "desk":
        assert agent.get(f"/desk/requests/{request.number}/{action}/").status_code == 200
        answer = step(agent, request, action, **given)
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/requests/{request.number}/")
    else:
        answer = agent.post(
            f"/api/v1/requests/{request.number}/{action}/",
            given,
            "application/json",
            headers={"If-Match": f'"v{request.version}"', "host": world.tenant.host},
        )
        assert answer.status_code == 200, answer.content
    assert now_of(world, request).state == target


def test_a_tasks_form_is_filled_in_on_completing_it(world: World) -> None:
    request = make(world, task("a", form=FORM), task("b", "a"))
    record, agent = task_of(world, request, "a"), log_in(world.agent)
    path = f"/desk/tasks/{record.number}/complete/"
    shown = agent.get(path).content.decode()
    assert all(said in shown for said in ("Serial number", "Is it new?", "When was it wiped?"))
    wrong = step(agent, record, "complete", **{"answers.serial": "nine", "work_note": "Kept text"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"answers.serial", "answers.is_new"}
    page = wrong.content.decode()
    assert "Kept text" in page
    assert 'value="nine"' in page
    assert 'href="#id_answers.serial"' in page
    # The date is asked for only where it is not new: too much is refused, like too little.
    date = {"answers.wiped_day": "1", "answers.wiped_month": "9", "answers.wiped_year": "2026"}
    given = {"answers.serial": "AB-12", "answers.is_new": "yes"}
    assert set(step(agent, record, "complete", **given, **date).context["form"].errors) == {"answers.wiped"}
    given["answers.is_new"] = "no"
    assert set(step(agent, record, "complete", **given).context["form"].errors) == {"answers.wiped"}
    assert now_of(world, record).version == record.version
    assert step(agent, record, "complete", **given, **date).status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request) == {"a": "done", "b": "ready"}
        assert Task.objects.get(pk=record.pk).answers == {
            "serial": "AB-12",
            "is_new": False,
            "wiped": "2026-09-01",
        }
    page = agent.get(f"/desk/tasks/{record.number}/").content.decode()
    assert "AB-12" in page
    assert "1 September 2026" in page


@pytest.mark.parametrize(
    ("kind", "action", "given"),
    [
        ("request", "comment", {"body": "My own words"}),
        ("request", "cancel", {"reason": "My own words"}),
        ("task", "complete", {"answers.serial": "My own words"}),
        ("task", "fail", {"reason": "My own words"}),
        ("task", "replace", {"title": "My own words", "support_group": "network", "reason": "x"}),
    ],
)
def test_a_stale_version_is_a_conflict_that_keeps_what_was_typed(
    world: World, kind: str, action: str, given: dict[str, str]
) -> None:
    request = make(world, task("a", form=FORM))
    seen = request if kind == "request" else task_of(world, request, "a")
    step(log_in(world.administrator), seen, "note", body="I was first")
    answer = step(log_in(world.agent), seen, action, **given)
    # A form whose answers are wrong says so first; the version is looked at when it is sent right.
    assert answer.status_code == (422 if action == "complete" else 409)
    page = answer.content.decode()
    assert "My own words" in page
    if answer.status_code == 409:
        assert "What the others did" in page
        assert answer.context["form"]["version"].value() == str(seen.version + 1)
    assert now_of(world, seen).state == seen.state


def test_completing_on_a_stale_version_keeps_the_answers(world: World) -> None:
    request = make(world, task("a", form=FORM))
    seen = task_of(world, request, "a")
    step(log_in(world.administrator), seen, "note", body="I was first")
    given = {"answers.serial": "AB-12", "answers.is_new": "yes"}
    answer = step(log_in(world.agent), seen, "complete", **given)
    assert answer.status_code == 409
    assert 'value="AB-12"' in answer.content.decode()
    again = {"version": answer.context["form"]["version"].value()}
    assert step(log_in(world.agent), seen, "complete", **given | again).status_code == 302


def test_a_step_that_does_not_lead_on_is_a_conflict(world: World) -> None:
    request = make(world, task("a"))
    record, agent = task_of(world, request, "a"), log_in(world.agent)
    step(agent, record, "complete")
    for action in ("complete", "take", "assign", "fail", "skip", "replace", "retry"):
        assert agent.get(f"/desk/tasks/{record.number}/{action}/").status_code == 409, action
    # The platform's own steps, and those that there are not, are no pages.
    for action in ("release", "cancel", "explode", "comment"):
        assert agent.get(f"/desk/tasks/{record.number}/{action}/").status_code == 404, action
    for action in ("begin", "fulfil", "ask_approval", "reject"):
        assert agent.get(f"/desk/requests/{request.number}/{action}/").status_code == 404, action
    assert step(agent, now_of(world, request), "cancel", reason="").status_code == 422


def test_words_and_files_go_to_the_record_of_the_kind(world: World) -> None:
    request = make(world, task("a"))
    record, agent = task_of(world, request, "a"), log_in(world.agent)
    assert step(agent, request, "comment", body="For the requester").status_code == 302
    assert step(agent, now_of(world, request), "watch").status_code == 302
    assert step(agent, record, "note", body="For colleagues").status_code == 302
    file = SimpleUploadedFile("trace.log", b"line one\n")
    assert step(agent, now_of(world, record), "attach", file=file).status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        actor = world.actor(world.agent)
        assert [row.body for row in comments_of(request)] == ["For the requester"]
        assert [row.body for row in work_notes_of(actor, record)] == ["For colleagues"]
        (attachment,) = attachments_of(actor, record)
        type(attachment).objects.filter(pk=attachment.pk).update(status="clean")
    below = f"files/{attachment.pk}/"
    assert agent.get(f"/desk/tasks/{record.number}/{below}").getvalue() == b"line one\n"
    for elsewhere in (f"requests/{request.number}", f"incidents/{record.number}"):
        assert agent.get(f"/desk/{elsewhere}/{below}").status_code == 404
    # A number of another kind is none of this list's.
    assert agent.get(f"/desk/requests/{record.number}/").status_code == 404
    assert agent.get(f"/desk/tasks/{request.number}/").status_code == 404


def test_a_reopened_request_comes_back_as_a_task_with_what_was_said(world: World) -> None:
    request = make(world, task("a"))
    agent = log_in(world.agent)
    step(agent, task_of(world, request, "a"), "complete")
    assert (
        "What is not as asked for" in agent.get(f"/desk/requests/{request.number}/reopen/").content.decode()
    )
    assert step(agent, now_of(world, request), "reopen", comment="").status_code == 422
    assert step(agent, now_of(world, request), "reopen", comment="No bag").status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert steps_of(request.pk)[-1].verb == "request:reopen"


def test_many_tasks_are_taken_at_once_and_requests_are_not(world: World) -> None:
    request = make(world, task("a"), task("b"), task("c", "a"))
    agent = log_in(world.agent)
    rows = [task_of(world, request, code) for code in "abc"]
    ticked = [f"{row.number}:{row.version}" for row in rows]
    told = agent.post("/desk/tasks/bulk/", {"do": "take", "selected": ticked}, follow=True).content.decode()
    assert "2 changed, 1 refused" in told
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request) == {"a": "in_progress", "b": "in_progress", "c": "waiting"}
    none = agent.post("/desk/tasks/bulk/", {"do": "take"}, follow=True).content.decode()
    assert "Tick the tasks first. Nothing was changed." in none
    refused = agent.post("/desk/requests/bulk/", {"do": "take", "selected": [f"{request.number}:1"]})
    assert refused.status_code == 404


def test_a_supplier_sees_its_own_tasks_and_their_request_only(world: World) -> None:
    request = make(world, task("theirs", group="network"), task("ours"), form=ASKED, answers={"why": "Maps"})
    other = make(world, task("hidden"), code="secret-thing")
    engineer = log_in(world.engineer)
    theirs, ours = task_of(world, request, "theirs"), task_of(world, request, "ours")
    page = engineer.get(f"/desk/tasks/{theirs.number}/")
    assert page.status_code == 200
    assert "Maps" in page.content.decode()
    request_page = engineer.get(f"/desk/requests/{request.number}/")
    assert request_page.status_code == 200
    assert ours.number not in request_page.content.decode()
    assert "Maps" in request_page.content.decode()
    for path in (f"/desk/tasks/{ours.number}/", f"/desk/tasks/{ours.number}/take/"):
        unseen, absent = engineer.get(path), engineer.get(path.replace(ours.number, "TSK0009999"))
        assert (unseen.status_code, absent.status_code) == (404, 404)
    listed = {row.title for row in engineer.get("/desk/tasks/?view=all").context["rows"]}
    assert listed == {"theirs"}
    hidden = task_of(world, other, "hidden")
    assert engineer.get(f"/desk/tasks/{hidden.number}/").status_code == 404
    home = engineer.get("/desk/").content.decode()
    assert theirs.number in home
    assert hidden.number not in home
    # Steps that the supplier has no right to, name the role.
    refused = engineer.get(f"/desk/tasks/{theirs.number}/skip/")
    assert refused.status_code == 403
    assert step(engineer, theirs, "take").status_code == 302


def test_another_tenant_and_end_users_find_nothing(world: World) -> None:
    request = make(world, task("a"))
    record = task_of(world, request, "a")
    stranger = log_in(build_world("rivers").agent)
    for path in (f"/desk/requests/{request.number}/", f"/desk/tasks/{record.number}/"):
        assert stranger.get(path).status_code == 404
        assert log_in(world.user).get(path).status_code == 403
    assert stranger.post(f"/desk/tasks/{record.number}/take/", {"version": 1}).status_code == 404


def test_home_search_and_navigation_lead_to_both_kinds(world: World) -> None:
    request = make(world, task("connect"))
    record, agent = task_of(world, request, "connect"), log_in(world.agent)
    home = agent.get("/desk/").context["home"]
    assert [row.number for row in home.new] == [record.number]
    assert home.next.row.number == record.number
    assert home.counts["task"]["new"] == home.counts["task"]["groups"] == 1
    for text, path in (
        (request.number.lower(), f"/desk/requests/{request.number}/"),
        (record.number.lower(), f"/desk/tasks/{record.number}/"),
    ):
        found = agent.get("/desk/search/", {"q": text})
        assert (found.status_code, found["Location"]) == (302, path)
    found = agent.get("/desk/search/?q=connect").content.decode()
    assert f'href="/desk/tasks/{record.number}/"' in found
    assert 'href="/desk/requests/"' in found
    assert 'href="/desk/tasks/"' in found


def test_a_cancelled_request_leaves_no_step_but_words(world: World) -> None:
    request = make(world, task("a"))
    with tenant_scope(world.tenant.pk, actor="system:test"):
        cancel(record=request, reason="Not needed", actor=world.actor(world.administrator), at=timezone.now())
    page = log_in(world.agent).get(f"/desk/requests/{request.number}/")
    assert page.context["first_steps"] == []
    assert page.context["comment_form"] is None
    assert "Cancelled" in page.content.decode()
