"""The demonstration's self-service: two offerings that run by themselves, against a system that is simulated."""

import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calling.public import CallUnreachableError, post, signed_headers
from itsm.services.demo_world import DEFRA, RIVERS
from itsm.services.seed_self_service import seed_self_service
from itsm.services.seed_tenant import seed_tenant
from itsm.services.simulate import Simulator, simulator_secret
from people.public import actor_of_person, find_member, tenant_by_code
from records.models import Record
from requests_app.models import AllowedHost, AutomationRun, Hook
from requests_app.services.order import Wanted, place_order
from requests_app.tasks import run_due_automation
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import deliver, states


@pytest.fixture
def simulator(settings: Any) -> Iterator[Simulator]:
    """It, on a port of its own that hooks of one tenant may call."""
    made = Simulator(("127.0.0.1", 0), secret=simulator_secret(), read_time=time.time, later=0.01)
    settings.SIMULATOR = f"127.0.0.1:{made.server_address[1]}"
    settings.AUTOMATION_LOCAL = [f"defra/{settings.SIMULATOR}"]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ordered(offering: str, answers: dict[str, Any]) -> Record:
    """A request of the demonstration's end user, its automation due."""
    tenant = tenant_by_code("defra")
    with tenant_scope(tenant.pk, actor="system:test"):
        member = find_member("end-user@defra.example")
        assert member is not None
        actor = actor_of_person(member.person_id, tenant_id=tenant.pk, door="portal")
        assert actor is not None
        wanted = [Wanted(offering=offering, answers=answers)]
        (record,) = place_order(wanted=wanted, actor=actor, at=timezone.now()).records
    deliver()
    return record


def now_of(record: Record) -> Record:
    with tenant_scope(tenant_by_code("defra").pk, actor="system:test"):
        return Record.objects.get(pk=record.pk)


@pytest.mark.django_db(transaction=True)
def test_both_examples_run_to_their_end_by_themselves(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.tasks.run_automation.delay", lambda _: None)
    called: Queue[tuple[str, Any]] = Queue()
    monkeypatch.setattr("itsm.services.simulate.call_back", lambda url, answer: called.put((url, answer)))
    seed_tenant(DEFRA, encoded_password="!", now=timezone.now())
    for _ in range(2):
        seed_self_service(DEFRA, at=timezone.now())

    password = ordered("reset-password", {"account": "network"})
    assert run_due_automation() == 1
    deliver()
    assert now_of(password).state == "fulfilled"

    machine = ordered("restart-machine", {"machine": "vm-rivers-07", "saved": True})
    assert run_due_automation() == 1
    assert now_of(machine).state == "fulfilling"
    url, answer = called.get(timeout=10)
    host, _, path = url.removeprefix("http://").partition("/")
    client = Client(headers={"host": host})
    assert client.post(f"/{path}", answer, content_type="application/json").status_code == 200
    deliver()
    assert now_of(machine).state == "fulfilled"
    with tenant_scope(tenant_by_code("defra").pk, actor="system:test"):
        assert states(machine) == {"restart": "done"}
        lines = [line["line"] for run in AutomationRun.objects.order_by("started_at") for line in run.log]
        assert "The machine is running again." in lines
        # What somebody switched off stays so, and a new port is learned.
        Hook.objects.filter(code="password-reset").update(is_active=False)
        Hook.objects.filter(code="machine-restart").update(url="http://127.0.0.1:1/later")
    seed_self_service(DEFRA, at=timezone.now())
    with tenant_scope(tenant_by_code("defra").pk, actor="system:test"):
        assert not Hook.objects.get(code="password-reset").is_active
        assert Hook.objects.get(code="machine-restart").url.endswith(f":{simulator.server_address[1]}/later")


@pytest.mark.django_db
def test_no_other_tenant_and_no_deployment_without_it_gets_them(simulator: Simulator, settings: Any) -> None:
    for demo in (DEFRA, RIVERS):
        seed_tenant(demo, encoded_password="!", now=timezone.now())
    seed_self_service(RIVERS, at=timezone.now())
    settings.SIMULATOR = ""
    seed_self_service(DEFRA, at=timezone.now())
    for demo in (DEFRA, RIVERS):
        with tenant_scope(tenant_by_code(demo.code).pk, actor="system:test"):
            assert not Hook.objects.exists()
            assert not AllowedHost.objects.exists()


def call(simulator: Simulator, path: str, *, key: str = "k", secret: str = "", timeout: float = 5) -> Any:
    """What the simulator answers to a call signed with a secret, its own unless said."""
    body, port = b"{}", simulator.server_address[1]
    now = int(timezone.now().timestamp())
    headers = signed_headers(secret=secret or simulator.secret, message_id=key, timestamp=now, body=body)
    return post(
        f"http://127.0.0.1:{port}{path}",
        body=body,
        headers=headers | {"Idempotency-Key": key},
        timeout=timeout,
        local=[f"127.0.0.1:{port}"],
    )


def test_it_answers_by_path(simulator: Simulator) -> None:
    assert call(simulator, "/done").status == 200
    assert b"failed" in call(simulator, "/failed").body
    assert [call(simulator, "/shaky", key="a").status for _ in range(2)] == [500, 200]
    assert call(simulator, "/nowhere").status == 404
    assert call(simulator, "/done", secret="whsec_" + "QUFB" * 11).status == 401
    with pytest.raises(CallUnreachableError):
        call(simulator, "/hang", timeout=0.3)
