"""Working a fulfilment task from the desk: its page, its steps and its form, and what becomes of a conflict."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lifecycle.public import RuleError
from requests_app.engine import actions
from requests_app.engine.actions import register_action
from requests_app.models import AutomationRun, Task
from requests_app.public import task_steps
from requests_app.services.automation import run_action
from requests_app.services.fulfil import begin_tasks
from tenancy.engine.scope import tenant_scope
from tests.desk.visits import log_in
from tests.desk.wanted import ASKED, FORM, make, now_of, step, task_of
from tests.requests_app.fulfilment import MONDAY_TEN, begun, find, states, task
from tests.support.offers import words
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """One tenant with everything a request needs, and an action that tasks may run, for as long as the test."""
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    register_action("test.fail", refuse, describe="Fails", parameters={})
    return build_world()


def refuse(**_: Any) -> list[str]:
    """An action that never works."""
    raise RuleError("There is no such account.")


def test_the_page_of_a_task_tells_all(world: World) -> None:
    request = make(
        world,
        task("a", takes="PT4H"),
        task("b", "a", form=FORM, told=words("We set it up"), action={"run": "test.fail"}),
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
        "It runs the action test.fail.",
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


def test_a_question_for_files_is_answered_with_those_on_the_task(world: World) -> None:
    question = {"code": "photo", "type": "file", "label": words("A photo of the label")}
    form = {"pages": [{"code": "photo", "title": words("Photo"), "fields": [question]}]}
    request = make(world, task("a", form=form))
    agent, record = log_in(world.agent), task_of(world, request, "a")
    assert set(step(agent, record, "complete").context["form"].errors) == {"answers.photo"}
    foreign = step(agent, record, "complete", **{"answers.photo": str(request.pk)})
    assert set(foreign.context["form"].errors) == {"answers.photo"}
    step(agent, record, "attach", file=SimpleUploadedFile("label.txt", b"AB-12\n"))
    record = now_of(world, record)
    page = agent.get(f"/desk/tasks/{record.number}/complete/")
    ((key, name),) = page.context["form"].fields["answers.photo"].choices
    assert name == "label.txt"
    assert step(agent, record, "complete", **{"answers.photo": key}).status_code == 302
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Task.objects.get(pk=record.pk).answers == {"photo": [key]}
    assert "label.txt" in agent.get(f"/desk/tasks/{record.number}/").content.decode()


def test_what_runs_by_itself_waits_for_nobody(world: World) -> None:
    request = make(world, task("a", action={"run": "test.fail"}), task("b"))
    agent = log_in(world.agent)

    def free() -> set[str]:
        return {row.title for row in agent.get("/desk/tasks/?view=unassigned").context["rows"]}

    assert free() == {"b"}
    assert {row.title for row in agent.get("/desk/").context["home"].new} == {"b"}
    with tenant_scope(world.tenant.pk, actor="system:test"):
        (run,) = AutomationRun.objects.all()
        run_action(run_id=run.pk, read_time=timezone.now)
        assert states(request) == {"a": "failed", "b": "ready"}
    assert free() == {"a", "b"}


def test_a_task_says_by_when_it_is_to_be_done(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        made = begun(
            world, task("a", takes="PT10H", calendar="office", group="network"), task("b", takes="PT2H")
        )
        begin_tasks(request_id=made.pk, at=MONDAY_TEN)
        records = [find(made, code) for code in "ab"]
    # Ten hours of office time end on Tuesday; two of every day's, at noon.
    for who, said in (
        (world.agent, ["17 Nov 2026, 12:00", "16 Nov 2026, 12:00"]),
        (world.engineer, ["17 Nov"]),
    ):
        client = log_in(who)
        pages = [client.get(f"/desk/tasks/{record.number}/") for record in records]
        seen = [page.content.decode() for page in pages if page.status_code == 200]
        assert len(seen) == len(said)
        assert all("To be done by" in page and words in page for page, words in zip(seen, said, strict=True))
