"""Tasks that run by themselves: each sort of answer has its result, one effect each, public addresses only."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from calling.public import CallRefusedError, is_public, is_signed, post, signed_headers
from calling.services import post as calls
from lifecycle.public import IllegalStepError, NotFoundError, RuleError
from records.models import Record
from records.public import steps_of
from requests_app.engine.outcomes import TRIES_MAX
from requests_app.models import AllowedHost, AutomationRun, Hook, Task
from requests_app.services import task_steps as steps
from requests_app.services.automation import dry_run, run_action
from requests_app.services.call_back import call_back
from requests_app.services.hooks import allow_host, define_hook
from requests_app.services.start_run import token_of
from tenancy.engine.scope import tenant_scope
from tests.requests_app.fulfilment import begun, deliver, find, states, task
from tests.requests_app.simulated import Called
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def serving(settings: Any) -> Iterator[Any]:
    """Starts systems to call; they are of this machine, which this deployment allows."""
    started: list[Called] = []

    def start(*behaviours: str) -> Called:
        started.append(Called(SECRET, *behaviours))
        settings.AUTOMATION_LOCAL = [f"defra/127.0.0.1:{each.port}" for each in started]
        return started[-1]

    yield start
    for each in started:
        each.close()


def waiting_run(
    monkeypatch: pytest.MonkeyPatch, called: Called, timeout: int = 1
) -> tuple[World, Record, AutomationRun]:
    """A request whose one task calls that system, its run due."""
    monkeypatch.setattr("requests_app.tasks.run_automation.delay", lambda _: None)
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        allow_host("127.0.0.1")
        define_hook(
            code="directory", name="Directory", url=called.url, secret=SECRET, timeout_seconds=timeout
        )
        request = begun(
            world,
            task("reset", action={"hook": "directory", "send": {"what": "password"}}),
            task("b", "reset"),
        )
    deliver()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        (run,) = AutomationRun.objects.all()
    return world, request, run


def go(world: World, run: AutomationRun, at: datetime | None = None) -> AutomationRun:
    """Do what is due of a run at an instant."""
    with tenant_scope(world.tenant.pk, actor="system:test"):
        run_action(run_id=run.pk, read_time=(lambda: at) if at else timezone.now)
        return AutomationRun.objects.get(pk=run.pk)


def test_done_is_signed_and_once(monkeypatch: pytest.MonkeyPatch, serving: Any) -> None:
    called = serving("done")
    world, request, run = waiting_run(monkeypatch, called)
    assert go(world, run).state == "ended"
    go(world, run)
    (heard,) = called.heard
    assert heard["signed"]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request) == {"reset": "done", "b": "ready"}
        number = find(request, "reset").number
        assert heard["body"]["key"] == heard["headers"]["idempotency-key"] == f"{number}-1"
        assert heard["body"]["send"] == {"what": "password"}
        assert [line["line"] for line in AutomationRun.objects.get(pk=run.pk).log] == ["Try 1: done", "reset"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("failed", "No such user"),
        ("html", "not one that we understand"),
        ("redirect", "which we do not follow"),
        ("long", "too long"),
        ("wrong", "answers.no"),
    ],
)
def test_an_answer_that_ends_it_fails_the_task(
    monkeypatch: pytest.MonkeyPatch, serving: Any, behaviour: str, words: str
) -> None:
    world, request, run = waiting_run(monkeypatch, serving(behaviour))
    go(world, run)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        record = find(request, "reset")
        assert states(request) == {"reset": "failed", "b": "waiting"}
        assert words in list(steps_of(record.pk))[-1].facts["reason"][1]
        # Tried again by hand it is another attempt, under another key.
        steps.retry(record=record, actor=world.actor(world.agent), at=timezone.now())
        assert [each.attempt for each in AutomationRun.objects.order_by("attempt")] == [1, 2]


@pytest.mark.parametrize("behaviour", ["500", "hang", "drip"])
def test_what_may_pass_is_tried_again_under_one_key_and_then_fails(
    monkeypatch: pytest.MonkeyPatch, serving: Any, behaviour: str
) -> None:
    called = serving(behaviour)
    world, request, run = waiting_run(monkeypatch, called)
    at = timezone.now()
    for tries in range(1, TRIES_MAX + 1):
        before = len(called.heard)
        run = go(world, run, at)
        assert (run.tries, len(called.heard)) == (tries, before + 1)
        # Not before it is due.
        assert go(world, run, at).tries == tries
        assert len(called.heard) == before + 1
        at = run.next_at or at
    assert (run.state, run.outcome["state"]) == ("ended", "failed")
    assert len({each["headers"]["idempotency-key"] for each in called.heard}) == 1
    assert list(called.effects.values()) == [1]
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request)["reset"] == "failed"


def test_too_many_requests_waits_as_long_as_was_asked(monkeypatch: pytest.MonkeyPatch, serving: Any) -> None:
    world, _, run = waiting_run(monkeypatch, serving("429", "done"))
    at = timezone.now()
    run = go(world, run, at)
    assert run.next_at == at + timedelta(seconds=120)
    assert go(world, run, run.next_at).state == "ended"


def test_a_call_back_ends_it_once(monkeypatch: pytest.MonkeyPatch, serving: Any) -> None:
    called = serving("running")
    world, request, run = waiting_run(monkeypatch, called)
    assert go(world, run).state == "called"
    token = called.heard[0]["body"]["callback"].rstrip("/").rpartition("/")[2]
    assert token == token_of(run.pk)
    at = timezone.now()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        with pytest.raises(RuleError):
            call_back(token=token, data={"outcome": "perhaps"}, at=at)
        with pytest.raises(NotFoundError):
            call_back(token="0" * 64, data={"outcome": "done"}, at=at)
        assert call_back(token=token, data={"outcome": "done"}, at=at).state == "ended"
        assert call_back(token=token, data={"outcome": "done"}, at=at).state == "ended"
        with pytest.raises(IllegalStepError):
            call_back(token=token, data={"outcome": "failed", "message": "no"}, at=at)
        assert states(request)["reset"] == "done"
        assert find(request, "reset").version == 3


def test_nobody_calls_back(monkeypatch: pytest.MonkeyPatch, serving: Any) -> None:
    world, request, run = waiting_run(monkeypatch, serving("running"))
    run = go(world, run)
    assert run.next_at is not None
    run = go(world, run, run.next_at)
    assert (run.state, run.outcome["reason"]) == ("ended", "Nobody called back in time.")
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request)["reset"] == "failed"


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, serving: Any
) -> None:
    called = serving("done")
    world, request, run = waiting_run(monkeypatch, called)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        detail = Task.objects.select_related("record", "request").get(pk=find(request, "reset").pk)
        call = dry_run(task=detail, at=timezone.now())
        assert AutomationRun.objects.get(pk=run.pk).tries == 0
    assert called.heard == []
    assert call.url == called.url
    assert b'"what":"password"' in call.body


def test_a_host_that_is_no_longer_allowed_and_a_hook_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, serving: Any
) -> None:
    called = serving("done")
    world, request, run = waiting_run(monkeypatch, called)
    with tenant_scope(world.tenant.pk, actor="system:test"):
        AllowedHost.objects.all().delete()
        with pytest.raises(RuleError) as refused:
            define_hook(code="x", name="X", url="https://api.example.org/x")
        assert list(refused.value.fields) == ["url"]
        assert "k" * 8 not in Hook.objects.get().secret
    go(world, run)
    assert called.heard == []
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert states(request)["reset"] == "failed"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "10.1.2.3",  # noqa: S104
        "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[fe80::1]", "[fc00::1]", "[fec0::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1",
    ],
)  # fmt: skip
def test_no_address_but_a_public_one_is_called(serving: Any, host: str) -> None:
    called = serving("done")
    with pytest.raises((CallRefusedError, calls.CallUnreachableError)) as refused:
        post(f"https://{host}:{called.port}/", body=b"{}", headers={}, timeout=1, local=[])
    # Some spellings are no name to this machine's resolver: then nobody is found, and nobody called either.
    assert str(refused.value) in ("Its address is not a public one.", "Its name could not be found.")
    assert called.heard == []


def test_a_name_that_changes_its_address_is_called_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch, serving: Any
) -> None:
    """The name is looked up once: a second look would lead here."""
    called, asked = serving("done"), []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) > 1 else "192.0.2.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr(calls, "is_public", lambda address: address == "192.0.2.1")
    connected: list[Any] = []

    def connect(address: Any, *_: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(calls.CallUnreachableError):
        post(f"https://rebound.example:{called.port}/", body=b"{}", headers={}, timeout=1)
    assert connected == [("192.0.2.1", called.port)]
    assert asked == ["rebound.example"]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://example.org/", "https://user:x@example.org/", "https://", "https://a b/"],
)
def test_no_other_sort_of_address(url: str) -> None:
    with pytest.raises(CallRefusedError):
        post(url, body=b"{}", headers={}, timeout=1)


def test_public_addresses_and_signatures() -> None:
    assert all(map(is_public, ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")))
    assert not any(map(is_public, ("no", "fe80::1%eth0", "2001:0:4136:e378:8000:63bf:3fff:fdd2")))
    headers = signed_headers(secret=SECRET, message_id="TSK-1", timestamp=1000, body=b"{}")
    assert is_signed(secret=SECRET, headers=headers, body=b"{}", now=1100)
    assert not is_signed(secret=SECRET, headers=headers, body=b"{ }", now=1100)
    assert not is_signed(secret=SECRET, headers=headers, body=b"{}", now=1301)
    # The example of the scheme's own specification.
    known = signed_headers(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert known["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
