"""Requests and fulfilment tasks on the desk: lists, pages, steps, and what suppliers see of them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from desk.queries.home import home_of
from records.public import attachments_of, comments_of, steps_of, work_notes_of
from requests_app.services.fulfil import begin_tasks
from requests_app.services.steps import cancel
from sla.public import TargetTerms, define_target
from tenancy.engine.scope import tenant_scope
from tests.desk.test_web import reads_of
from tests.desk.visits import log_in
from tests.desk.wanted import ASKED, make, now_of, step, task_of
from tests.requests_app.fulfilment import MONDAY_TEN, begun, find, task
from tests.support.offers import words
from tests.support.world import LONG_AGO, World, build_world

pytestmark = pytest.mark.django_db

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text(encoding="utf-8"))


@pytest.fixture
def world() -> World:
    """One tenant with everything a request needs."""
    return build_world()


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
    step(agent, task_of(world, request, "c"), "complete")
    (row,) = agent.get("/desk/requests/?view=all").context["rows"]
    assert row.second == "1 of 3 tasks done, 1 failed · User · E-mail"


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
    page = agent.get("/desk/search/?q=connect").content.decode()
    assert f'href="/desk/tasks/{record.number}/"' in page
    assert 'href="/desk/requests/"' in page
    assert 'href="/desk/tasks/"' in page


def test_a_cancelled_request_leaves_no_step_but_words(world: World) -> None:
    request = make(world, task("a"))
    with tenant_scope(world.tenant.pk, actor="system:test"):
        cancel(record=request, reason="Not needed", actor=world.actor(world.administrator), at=timezone.now())
    page = log_in(world.agent).get(f"/desk/requests/{request.number}/")
    assert page.context["first_steps"] == []
    assert page.context["comment_form"] is None
    assert "Cancelled" in page.content.decode()


def test_a_task_is_urgent_by_what_groups_agreed(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        terms = TargetTerms(
            kind="ola",
            metric="fulfilment",
            duration=3600,
            calendar=world.calendar,
            scope={"kind": ["task"]},
            stop_on=("resolved",),
            pause_on=(),
        )
        define_target(code="task-time", name="Task", terms=terms, effective_from=LONG_AGO)
        request = begun(world, task("a"))
        begin_tasks(request_id=request.pk, at=MONDAY_TEN)
        actor, number = world.actor(world.agent), find(request, "a").number
        for hours, late in ((0, {number}), (-8, set())):
            now = MONDAY_TEN + timedelta(hours=hours)
            home = home_of(actor, now)
            assert {row.number for row in home.breaching} == late
            assert home.counts["task"]["breaching"] == len(late)
    listed = log_in(world.agent).get("/desk/tasks/?view=breaching&sort=due").context["rows"]
    assert [(row.number, row.clock.label) for row in listed] == [(number, "Fulfilment OLA")]
