"""Many at once: one wins and the others are told; numbers have no gap; a key is answered once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connections

from incidents.public import Report, raise_incident
from people.public import Actor
from records.models import AuditEntry, Record
from tenancy.engine.scope import tenant_scope
from tests.api.caller import Caller, caller, same
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture
def world() -> World:
    """One tenant."""
    return build_world()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of calls made at the same moment, each on its own thread and database connection."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait(20)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result(60) for each in [pool.submit(run, call) for call in calls]]


def taking(desk: Caller, number: str, name: str, body: dict[str, str]) -> Callable[[], Any]:
    """A step on the record as it was opened, ready to be taken."""
    return lambda: desk("POST", f"incidents/{number}/{name}/", body, If_Match='"v1"')


def test_of_conflicting_steps_exactly_one_wins(world: World) -> None:
    desk = caller(world)
    for _ in range(3):
        number = desk.raise_one()
        steps: list[tuple[str, dict[str, str]]] = [
            ("start", {}),
            ("assign", {"support_group": "network"}),
            ("resolve", {"resolution_code": "fixed", "resolution": "x"}),
            ("cancel", {"reason": "x"}),
            ("pend", {"waiting_for": "provider", "reason": "x"}),
            ("comments", {"body": "x"}),
        ]
        answers = at_once(*(taking(desk, number, name, body) for name, body in steps))
        told = Counter(answer.status_code for answer in answers)
        assert told[200] + told[201] == 1, told
        assert told[409] == len(steps) - 1, told
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json()["code"] in ("stale_version", "illegal_step")
        with tenant_scope(world.tenant.pk, actor="system:test"):
            record = Record.objects.get(number=number)
            versions = (
                AuditEntry.objects.filter(record=record).order_by("version").values_list("version", flat=True)
            )
            assert list(versions) == [1, 2]
            assert record.version == 2


def test_one_step_sent_by_many_is_taken_once(world: World) -> None:
    desk = caller(world)
    number = desk.raise_one()
    answers = at_once(*[lambda: desk("POST", f"incidents/{number}/start/", {})] * THREADS)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: THREADS - 1}
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert AuditEntry.objects.filter(verb="incident:start").count() == 1


def test_a_key_sent_by_many_writes_once_and_every_answer_is_the_first_or_a_conflict(world: World) -> None:
    desk = caller(world)
    answers = at_once(*[lambda: desk("POST", "incidents/", {"title": "once"}, Idempotency_Key="k")] * THREADS)
    told = Counter(answer.status_code for answer in answers)
    assert set(told) <= {201, 409}, told
    assert told[201] >= 1
    assert len({answer.json()["number"] for answer in answers if answer.status_code == 201}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {
        "idempotency_in_flight"
    }
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.count() == 1


def test_while_the_first_request_runs_its_twin_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = caller(world)
    started, finish = Event(), Event()

    def slow(*, report: Report, actor: Actor, at: Any) -> Record:
        record = raise_incident(report=report, actor=actor, at=at)
        started.set()
        assert finish.wait(20)
        return record

    monkeypatch.setattr("incidents.api.views.incidents.raise_incident", slow)

    def twin() -> Any:
        assert started.wait(20)
        try:
            return desk("POST", "incidents/", {"title": "once"}, Idempotency_Key="k")
        finally:
            finish.set()

    first, second = at_once(lambda: desk("POST", "incidents/", {"title": "once"}, Idempotency_Key="k"), twin)
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "idempotency_in_flight"
    third = desk("POST", "incidents/", {"title": "once"}, Idempotency_Key="k")
    assert third["Idempotency-Replayed"] == "true"
    assert third.content == first.content


def test_a_key_is_its_client_s_own(world: World) -> None:
    one, other = caller(world), caller(world, "supplier", "supplier-system")
    first = one("POST", "incidents/", {"title": "the secret of one"}, Idempotency_Key="shared")
    second = other("POST", "incidents/", {"title": "the secret of one"}, Idempotency_Key="shared")
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in second
    assert first.json()["number"] != second.json()["number"]


def test_a_key_belongs_to_one_request(world: World) -> None:
    desk = caller(world)
    number = desk.raise_one()
    first = desk("POST", f"incidents/{number}/comments/", {"body": "x"}, Idempotency_Key="k")
    assert first.status_code == 201
    for path, body in (
        (f"incidents/{number}/comments/", {"body": "y"}),
        (f"incidents/{number}/work-notes/", {"body": "x"}),
        (f"incidents/{number}/comments/?x=1", {"body": "x"}),
        ("incidents/", {"body": "x"}),
    ):
        answer = desk("POST", path, body, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused"), path
    again = desk("POST", f"incidents/{number}/comments/", {"body": "x"}, Idempotency_Key="k")
    assert same(again, first)
    assert len(desk("GET", f"incidents/{number}/comments/").json()["results"]) == 1
    assert desk("POST", "incidents/", {"title": "x"}, Idempotency_Key="k" * 201).status_code == 422


def test_numbers_have_no_gap_under_many_writers_some_of_which_fail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = caller(world)
    each = 6

    def answered(call: Caller, title: str) -> Any:
        return call("POST", "incidents/", {"title": title}, Idempotency_Key=title).status_code

    def failing(*, report: Report, actor: Actor, at: Any) -> Record:
        record = raise_incident(report=report, actor=actor, at=at)
        if report.title.endswith("fails"):
            # After its number was taken, inside the keyed request's transaction.
            raise RuntimeError("the door breaks")
        return record

    monkeypatch.setattr("incidents.api.views.incidents.raise_incident", failing)

    def write(thread: int) -> list[int]:
        titles = [f"{thread}-{turn}{'fails' if (thread + turn) % 3 == 0 else ''}" for turn in range(each)]
        return [answered(desk, title) for title in titles]

    told = Counter(
        status for found in at_once(*(lambda t=t: write(t) for t in range(THREADS))) for status in found
    )
    assert set(told) == {201, 500}
    with tenant_scope(world.tenant.pk, actor="system:test"):
        numbers = sorted(Record.objects.values_list("number", flat=True))
    assert numbers == [f"INC{value:07d}" for value in range(1, told[201] + 1)]
