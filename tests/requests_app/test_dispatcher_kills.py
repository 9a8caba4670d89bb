"""Orders are fulfilled while dispatchers and workers are killed: every task once, with one effect."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from outbox.public import dispatch_batch
from outbox.services import dispatch
from outbox.services.dispatch import release_expired_leases
from records.models import Comment, Record
from requests_app.engine import actions
from requests_app.engine.actions import register_action
from requests_app.models import AutomationRun, Task
from requests_app.services.automation import LEASE
from requests_app.services.order import Wanted, place_order
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import MONDAY_TEN, task
from tests.requests_app.test_kills import leave_mark, work
from tests.support.offers import offer
from tests.support.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS = 30
LONGEST_SECONDS = 45
PLAN = [
    task("a", action={"run": "test.mark"}),
    task("b", action={"run": "test.mark"}),
    task("c", "a", "b", action={"run": "test.mark"}),
]


def tell() -> None:
    """A dispatcher: delivers what is due, until it is killed."""
    while True:
        release_expired_leases()
        if not dispatch_batch(limit=4):
            time.sleep(0.02)


def spawn(what: Callable[[], None]) -> Any:
    # A child that inherited the connection would speak on its parent's.
    connection.close()
    process = multiprocessing.get_context("fork").Process(target=what, daemon=True)
    process.start()
    return process


def test_orders_are_fulfilled_once_whoever_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_actions", {})
    monkeypatch.setitem(LEASE, "run", timedelta(seconds=1))
    short = dispatch._CLAIM.replace(dispatch.LEASE, "500 milliseconds")
    monkeypatch.setattr(dispatch, "_CLAIM", short)
    monkeypatch.setattr("requests_app.tasks.run_automation.delay", lambda _: None)
    register_action("test.mark", leave_mark, describe="Leaves a mark", parameters={})
    seed = random.randrange(10**6)  # noqa: S311  an order of kills, not a secret
    chance = random.Random(seed)  # noqa: S311  as above
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        chief, user = world.actor(world.administrator), world.actor(world.user, "portal")
        at = MONDAY_TEN - timedelta(days=1)
        offer("thing", service=world.service, actor=chief, at=at, plan={"tasks": PLAN})
        wanted = [Wanted(offering="thing") for _ in range(REQUESTS)]
        records = place_order(wanted=wanted, actor=user, at=MONDAY_TEN).records
    keys = [record.pk for record in records]
    roles = [tell, tell, work]
    running, kills = [spawn(role) for role in roles], 0
    ends = time.monotonic() + LONGEST_SECONDS
    try:
        while time.monotonic() < ends:
            time.sleep(chance.uniform(0.05, 0.35))
            with tenant_scope(world.tenant.pk, actor="system:test"):
                if Record.objects.filter(pk__in=keys, state="fulfilled").count() == REQUESTS:
                    break
            place = chance.choice((0, 1, 1, 2))
            os.kill(running[place].pid, signal.SIGKILL)
            running[place].join()
            running[place], kills = spawn(roles[place]), kills + 1
    finally:
        for process in running:
            process.kill()
            process.join()
    told = f"seed {seed}, {kills} kills"
    with tenant_scope(world.tenant.pk, actor="system:test"):
        states = dict(Record.objects.filter(pk__in=keys).values_list("number", "state"))
        assert set(states.values()) == {"fulfilled"}, (told, states)
        tasks = list(Task.objects.select_related("record").filter(request_id__in=keys))
        assert len(tasks) == REQUESTS * len(PLAN), told
        assert {row.record.state for row in tasks} == {"done"}, told
        marks = Comment.objects.filter(record_id__in=[row.pk for row in tasks])
        assert sorted(marks.values_list("record_id", flat=True)) == sorted(row.pk for row in tasks), told
        assert AutomationRun.objects.count() == len(tasks), told
        assert kills > 5, told
