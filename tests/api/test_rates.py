"""Rate limits: exact where they are tight, cheap where they are generous, open when Redis is away."""

import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from doors.engine import rates
from doors.engine.rates import seconds_to_wait
from tests.api.caller import PROBLEM, caller
from tests.support.world import build_world


def let_through(rate: str, *, calls: int, threads: int = 1) -> int:
    """How many of so many calls, shared out to threads, a limit lets through."""
    key = uuid4().hex
    passed: list[int] = []

    def call() -> None:
        waits = (seconds_to_wait(key, rate, now=time.time()) for _ in range(calls // threads))
        passed.extend(wait for wait in waits if not wait)

    workers = [threading.Thread(target=call) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(passed)


def test_a_tight_limit_is_exact_under_threads() -> None:
    assert let_through("20/hour", calls=160, threads=8) == 20


def test_a_generous_limit_is_kept_to_within_what_is_counted_ahead() -> None:
    assert let_through("5000/hour", calls=5200, threads=4) == 5000


def test_a_generous_limit_is_seldom_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    counted = rates._counted

    def count(*arguments: Any) -> bool:
        asked.append(arguments)
        return counted(*arguments)

    monkeypatch.setattr(rates, "_counted", count)
    assert let_through("60000/minute", calls=600) == 600
    assert len(asked) == 10


def test_whoever_is_over_is_told_how_long_to_wait() -> None:
    key = uuid4().hex
    assert seconds_to_wait(key, "1/minute", now=time.time()) == 0
    assert 1 <= seconds_to_wait(key, "1/minute", now=time.time()) <= 60


@pytest.mark.django_db
def test_a_client_over_its_limit_gets_a_problem_that_says_when(settings: Settings) -> None:
    settings.API_RATE = "2/minute"
    world = build_world()
    client, neighbour = caller(world), caller(world, name="another system of the same provider")
    assert [client("GET", "services/").status_code for _ in range(4)] == [200, 200, 429, 429]
    refused = client("POST", "incidents/", {"title": "One too many"})
    assert refused["Content-Type"] == PROBLEM
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert neighbour("GET", "services/").status_code == 200
