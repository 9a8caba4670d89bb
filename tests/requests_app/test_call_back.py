"""A called system says how it ended, over the API: with its own token, at its tenant's host, once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from records.models import Record
from requests_app.models import AutomationRun
from requests_app.services.call_back import KNOWN_FOR
from requests_app.services.start_run import token_of
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import begun, deliver, states, task
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {
    "pages": [
        {
            "code": "p",
            "title": {"en": "P", "cy": "P"},
            "fields": [{"code": "serial", "type": "text", "label": {"en": "Serial", "cy": "Rhif"}}],
        }
    ]
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A tenant with a request whose first task was handed over to a system."""
    monkeypatch.setattr("requests_app.tasks.run_automation.delay", lambda _: None)
    monkeypatch.setattr("requests_app.services.plan_gate.find_action", lambda _: Anything)
    made = build_world()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        begun(made, task("reset", action={"run": "test.far"}, form=FORM), task("b", "reset"))
    deliver()
    with tenant_scope(made.tenant.pk, actor="system:test"):
        AutomationRun.objects.update(state="called", tries=1, next_at=timezone.now() + timedelta(minutes=10))
    return made


class Anything:
    """An action that is never run here."""

    parameters = ()


def the_run(world: World) -> AutomationRun:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return AutomationRun.objects.select_related("record").get()


def state_of_tasks(world: World) -> dict[str, str]:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        return states(Record.objects.get(kind="request"))


def say(world: World, body: Any, *, token: str = "", host: str = "", **more: Any) -> Any:
    """Say something at the address of the run's call-back."""
    client = Client(headers={"host": host or world.tenant.host})
    address = f"/api/v1/automation/{token or token_of(the_run(world).pk)}/"
    return client.post(address, body, content_type="application/json", **more)


DONE = {"outcome": "done", "message": "Reset", "result": {"serial": "X1"}}


def test_done_ends_it_and_the_same_again_changes_nothing(world: World) -> None:
    first, again = say(world, DONE), say(world, DONE)
    assert (first.status_code, first.json()["outcome"]) == (200, "done")
    assert again.content == first.content
    assert state_of_tasks(world) == {"reset": "done", "b": "ready"}
    run = the_run(world)
    assert [line["line"] for line in run.log] == ["Try 1: done", "Reset"]
    assert run.record.version == 3


def test_many_at_once_have_one_effect(world: World) -> None:
    answers: list[int] = []
    token = token_of(the_run(world).pk)

    def speak(body: dict[str, Any]) -> None:
        answers.append(say(world, body, token=token).status_code)
        connection.close()

    failed = {"outcome": "failed", "message": "No"}
    speakers = [threading.Thread(target=speak, args=(body,)) for body in (DONE, failed) * 4]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    assert sorted(answers) == [200] * 4 + [409] * 4
    assert the_run(world).record.version == 3


def test_another_answer_after_the_end_is_told_what_came_of_it(world: World) -> None:
    assert say(world, {"outcome": "failed", "message": "No such user"}).status_code == 200
    late = say(world, DONE)
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (409, "illegal_step", "failed")
    assert state_of_tasks(world) == {"reset": "failed", "b": "waiting"}


def test_a_result_that_does_not_fit_the_form_fails_the_task(world: World) -> None:
    assert say(world, {"outcome": "done", "result": {"colour": "red"}}).status_code == 200
    assert state_of_tasks(world)["reset"] == "failed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"outcome": "running"}, 400),
        ({"outcome": "done", "state": "done"}, 400),
        ({"outcome": "done", "message": 5}, 400),
        ({"outcome": "done", "result": []}, 400),
        ({}, 400),
        ("[" * 5000, 400),
        ('{"outcome": "done", "message": "\\ud800"}', 400),
        ('{"outcome": "done", "message": "' + "x" * 1_100_000 + '"}', 413),
    ],
)
def test_what_is_no_answer_changes_nothing(world: World, body: Any, status: int) -> None:
    assert say(world, body).status_code == status
    assert (the_run(world).state, state_of_tasks(world)["reset"]) == ("called", "ready")


def test_no_token_but_its_own_at_no_host_but_its_own(world: World) -> None:
    other = build_world("dvla")
    unknown = say(world, DONE, token="0" * 64)
    for answer in (
        unknown,
        say(world, DONE, host=other.tenant.host),
        say(world, DONE, host="localhost"),
        say(world, DONE, token=the_run(world).token_hash),
        say(world, DONE, token=str(the_run(world).pk)),
    ):
        assert (answer.status_code, answer.json()) == (404, unknown.json())
    # Neither a session nor an access token of somebody opens or closes it.
    assert say(world, DONE, headers={"Authorization": "Bearer nothing"}).status_code == 200


def test_it_is_too_late_and_then_forgotten(world: World) -> None:
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AutomationRun.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    late = say(world, DONE)
    assert (late.status_code, late.json()["state"]) == (409, "failed")
    assert state_of_tasks(world)["reset"] == "ready"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AutomationRun.objects.update(next_at=timezone.now() + timedelta(minutes=10))
    assert say(world, DONE).status_code == 200
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AutomationRun.objects.update(ended_at=timezone.now() - KNOWN_FOR)
    assert say(world, DONE).status_code == 404


def test_whoever_says_too_much_is_asked_to_wait(world: World, settings: Any) -> None:
    settings.TOKEN_RATE = "3/minute"
    answers = [say(world, DONE, token="0" * 64, REMOTE_ADDR="192.0.2.77").status_code for _ in range(5)]
    assert answers[-1] == 429
