"""Five hundred tasks, with workers killed again and again: in the order of the plan, each with exactly one effect."""

import multiprocessing
import os
import random
import signal
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from records.models import Comment, Record
from records.public import Step, take_step
from requests_app.engine import actions
from requests_app.engine.actions import register_action
from requests_app.models import AutomationRun, Task
from requests_app.services.automation import LEASE
from requests_app.tasks import run_due_automation
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import begun, deliver, task
from tests.support.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

TASKS = 500
WORKERS = 3
LONGEST_SECONDS = 85


def leave_mark(*, key: str, task: Record, actor: Any, at: Any, **_: Any) -> list[str]:
    """The effect: a comment that nobody makes idempotent."""
    step = Step(verb="task:comment", comment=f"effect of {key}", message="commented")
    take_step(record=task, step=step, actor=actor, at=at)
    return [f"left {key}"]


def random_plan(chance: random.Random) -> list[dict[str, Any]]:
    """Tasks after up to three earlier ones, in any order of writing."""
    found = []
    for number in range(TASKS):
        after = chance.sample(range(number), k=min(number, chance.choice((0, 1, 1, 2, 3))))
        found.append(task(f"t{number}", *(f"t{each}" for each in after), action={"run": "test.mark"}))
    chance.shuffle(found)
    return found


def work() -> None:
    """A worker: does what is due, until it is killed."""
    while True:
        if not run_due_automation():
            time.sleep(0.05)


def spawn() -> Any:
    # A child that inherited the connection would speak on its parent's.
    connection.close()
    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()
    return process


def test_every_task_has_one_effect_whoever_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_actions", {})
    monkeypatch.setitem(LEASE, "run", timedelta(seconds=1))
    monkeypatch.setattr("requests_app.tasks.DUE_MOST", 5)
    register_action("test.mark", leave_mark, describe="Leaves a mark", parameters={})
    seed = random.randrange(10**6)  # noqa: S311  a plan, not a secret
    chance = random.Random(seed)  # noqa: S311  as above
    world = build_world()
    plan = random_plan(chance)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        request = begun(world, *plan)
    # The messages to Celery's own workers go nowhere: what is due is found by those below.
    monkeypatch.setattr("requests_app.tasks.run_automation.delay", lambda _: None)
    deliver()
    workers, kills = [spawn() for _ in range(WORKERS)], 0
    ends = time.monotonic() + LONGEST_SECONDS
    try:
        while time.monotonic() < ends:
            time.sleep(chance.uniform(0.1, 0.6))
            with tenant_scope(world.tenant.pk, actor="system:test"):
                if Record.objects.get(pk=request.pk).state == "fulfilled":
                    break
            place = chance.randrange(WORKERS)
            os.kill(workers[place].pid, signal.SIGKILL)
            workers[place].join()
            workers[place], kills = spawn(), kills + 1
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    told = f"seed {seed}, {kills} kills"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.get(pk=request.pk).state == "fulfilled", told
        tasks = {row.pk: row for row in Task.objects.select_related("record")}
        assert {row.record.state for row in tasks.values()} == {"done"}, told
        assert len(tasks) == TASKS
        effects: dict[Any, list[Any]] = {key: [] for key in tasks}
        for comment in Comment.objects.filter(record_id__in=list(tasks)):
            effects[comment.record_id].append(comment.written_at)
        assert {len(marks) for marks in effects.values()} == {1}, told
        when = {row.code: effects[key][0] for key, row in tasks.items()}
        for row in tasks.values():
            assert all(when[before] <= when[row.code] for before in row.after), told
        assert AutomationRun.objects.filter(state="ended").count() == TASKS
        assert kills > 5, told
        assert timezone.now() > max(when.values())
