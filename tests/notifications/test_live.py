"""Live streams over a real uvicorn and a real Valkey."""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core import signing
from pytest_django.fixtures import Settings

from incidents.public import Report, assign, note, raise_incident
from itsm.runner.child import Family
from itsm.runner.home import free_port
from itsm.runner.valkey import Valkey
from lifecycle.public import ForbiddenError
from notifications.live.hub import CHANNEL, QUEUE_LENGTH, Ear
from notifications.live.publisher import LOST, Publisher, publisher
from notifications.live.tokens import CONNECT_SECONDS, SALT, read_listener, sign_listener
from notifications.public import live_record_topic, live_token, live_topics
from people.public import Actor
from records.models import Record
from tenancy.engine.scope import enter_scope, tenant_scope
from tests.support.world import World, build_world

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[2]
_SECONDS = 20


@dataclass
class Site:
    """The platform's ASGI application under uvicorn, and the Valkey it listens to."""

    port: int
    valkey: Valkey
    servers: Family

    def publisher(self) -> Publisher:
        """What the dispatcher publishes with."""
        return Publisher(f"{self.valkey.url}/2")

    def wait_for_listeners(self, count: int) -> None:
        """Wait until so many processes listen to Valkey."""
        with redis.Redis.from_url(self.valkey.url) as client:
            _wait_until(lambda: dict(client.pubsub_numsub(CHANNEL))[CHANNEL.encode()] == count)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of an answer that ends."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body


@dataclass
class Stream:
    """An open stream."""

    answer: HTTPResponse

    def next(self) -> dict[str, str]:
        """The next message; fails when none comes in time."""
        while True:
            line = self.answer.readline().decode()
            assert line, "the stream ended"
            if line.startswith("data: "):
                message: dict[str, str] = json.loads(line.removeprefix("data: "))
                return message


def _wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + _SECONDS
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One uvicorn for all tests here, with a Valkey that a test may stop."""
    folder = tmp_path_factory.mktemp("live-site")
    servers, web = Family(log_folder=folder), Family(log_folder=folder)
    valkey = Valkey(
        folder=folder / "valkey", port=free_port(), password=secrets.token_hex(16), ephemeral=True
    )
    port = free_port()
    try:
        valkey.start(family=servers)
        child = web.start(
            name="web",
            command=[
                *(sys.executable, "-m", "uvicorn", "itsm.asgi:application", "--port", str(port)),
                *("--timeout-graceful-shutdown", "1"),
            ],
            environment=os.environ | {"REDIS_URL": valkey.url},
            folder=PROJECT,
        )
        web.wait_until(
            ready=lambda: "Uvicorn running" in child.log.read_text(encoding="utf-8"),
            what="uvicorn",
            seconds=60,
        )
        yield Site(port, valkey, servers)
    finally:
        web.stop()
        servers.stop()


@contextmanager
def listening(site: Site, token: str, *, kinds: str = "") -> Iterator[Stream]:
    """An open stream, heard by the time it is given."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=_SECONDS)
    try:
        connection.request(
            "GET", f"/live/desk/?token={token}&kinds={kinds}", headers={"Last-Event-ID": "no such"}
        )
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["X-Accel-Buffering"] == "no"
        site.wait_for_listeners(1)
        yield Stream(answer)
        answer.close()
    finally:
        connection.close()


def _token(*topics: str, tenant_id: int = 7) -> str:
    return sign_listener(tenant_id=tenant_id, person="somebody", topics=topics)


def test_page_hears_each_message_of_its_topics_once(site: Site) -> None:
    teller = site.publisher()
    with listening(site, _token("t7:desk", "t7:group:a")) as stream:
        teller.tell(topics=["t8:desk"], kind="incident.opened", record_id="foreign")
        teller.tell(topics=["t7:group:b"], kind="incident.opened", record_id="of another group")
        teller.tell(topics=["t7:desk", "t7:group:a"], kind="incident.opened", record_id="one")
        teller.tell(topics=["t7:group:a"], kind="incident.assigned", record_id="two")
        assert stream.next() == {"kind": "incident.opened", "record": "one", "id": "one"}
        assert stream.next() == {"kind": "incident.assigned", "record": "two", "id": "two"}
    teller.close()


def test_page_of_somebody_without_a_group_is_quiet(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=_SECONDS)
    connection.request("GET", f"/live/desk/?token={_token()}")
    answer = connection.getresponse()
    assert (answer.status, answer.readline()) == (200, b": connected\n")
    answer.close()
    connection.close()


def test_page_may_ask_for_some_kinds_only(site: Site) -> None:
    teller = site.publisher()
    with listening(site, _token("t7:desk"), kinds="incident.opened,incident.reopened") as stream:
        teller.tell(topics=["t7:desk"], kind="incident.noted", record_id="one")
        teller.tell(topics=["t7:desk"], kind="incident.reopened", record_id="two")
        assert stream.next()["record"] == "two"
    teller.close()


def test_last_page_to_close_ends_the_connection_to_valkey(site: Site) -> None:
    with listening(site, _token("t7:desk")), listening(site, _token("t7:desk")):
        site.wait_for_listeners(1)
    site.wait_for_listeners(0)


def test_stream_stays_open_while_valkey_is_away(site: Site) -> None:
    with listening(site, _token("t7:desk")) as stream:
        site.servers.stop()
        teller = site.publisher()
        lost = LOST._value.get()
        assert teller.tell(topics=["t7:desk"], kind="incident.opened", record_id="lost") is False
        assert LOST._value.get() == lost + 1
        site.valkey.start(family=site.servers)
        site.wait_for_listeners(1)
        teller = site.publisher()
        assert teller.tell(topics=["t7:desk"], kind="incident.opened", record_id="back") is True
        assert stream.next()["record"] == "back"
        teller.close()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="none"),
        pytest.param("forged:1x:y", id="forged"),
        pytest.param(_token("t8:desk"), id="topics of another tenant"),
        pytest.param(_token(*(f"t7:group:{number}" for number in range(101))), id="too many topics"),
        pytest.param(signing.dumps({"tenant": 7}, salt=SALT), id="incomplete"),
        pytest.param(
            signing.dumps({"tenant": 7, "person": "x", "topics": ["t7:desk"]}, salt="other"), id="other salt"
        ),
    ],
)
def test_bad_token_is_refused(site: Site, token: str) -> None:
    assert site.get(f"/live/desk/?token={token}")[0] == 403


def test_token_is_good_for_ten_minutes(site: Site) -> None:
    with time_machine.travel(time.time() - CONNECT_SECONDS - 5, tick=False):
        token = _token("t7:desk")
    assert site.get(f"/live/desk/?token={token}") == (403, "The token is not valid, or no longer.")
    with time_machine.travel(time.time() - CONNECT_SECONDS + 60, tick=False):
        token = _token("t7:desk")
    assert read_listener(token).topics == {"t7:desk"}


def test_other_addresses_are_not_found(site: Site) -> None:
    assert site.get("/live/other/")[0] == 404


def test_slow_page_loses_its_oldest_messages() -> None:
    ear = Ear(frozenset({"t7:desk"}))
    for number in range(QUEUE_LENGTH + 5):
        ear.offer(str(number).encode())
    assert ear.waiting.qsize() == QUEUE_LENGTH
    assert ear.waiting.get_nowait() == b"5"


def test_publisher_rests_after_a_failure() -> None:
    teller = Publisher(f"redis://127.0.0.1:{free_port()}/2")
    began = time.monotonic()
    told = [teller.tell(topics=["t7:desk"], kind="incident.opened", record_id="x") for _ in range(500)]
    assert not any(told)
    assert time.monotonic() - began < 2
    teller.close()


@pytest.fixture
def world() -> Iterator[World]:
    """A world, in scope for the test."""
    built = build_world()
    with tenant_scope(built.tenant.pk, actor="system:test"):
        yield built


@pytest.fixture
def heard(settings: Settings) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What the platform published to the tests' own Valkey so far."""
    client = redis.Redis.from_url(settings.LIVE_REDIS_URL)
    channel = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    channel.subscribe(CHANNEL)
    channel.get_message(timeout=5)

    def read() -> list[dict[str, object]]:
        told = []
        while message := channel.get_message(timeout=0.2):
            told.append(json.loads(message["data"]))
        return told

    yield read
    channel.close()
    client.close()
    publisher().close()


def _topics(message: dict[str, object], world: World) -> set[str]:
    """Topics with names for keys."""
    names = {
        str(world.desk_group.pk): "service-desk",
        str(world.network_group.pk): "network",
        f"t{world.tenant.pk}": "t",
    }
    topics = message["topics"]
    assert isinstance(topics, list)
    return {":".join(names.get(part, part) for part in topic.split(":")) for topic in topics}


@pytest.mark.django_db
def test_steps_are_told_to_desk_record_and_both_groups_with_ids_only(
    world: World, heard: Callable[[], list[dict[str, object]]], deliver: Callable[[], None]
) -> None:
    agent = world.actor(world.agent)
    record = raise_incident(report=Report(title="Secret title"), actor=agent, at=MONDAY_TEN)
    note(record=record, body="Secret note", actor=agent, at=MONDAY_TEN)
    assign(record=record, support_group="network", actor=agent, at=MONDAY_TEN)
    deliver()
    opened, noted, assigned = heard()
    mine = {"t:desk", f"t:record:{record.pk}"}
    assert _topics(noted, world) == mine | {"t:group:network"}
    assert _topics(assigned, world) == mine | {"t:group:network", "t:group:service-desk"}
    assert opened["data"] == {"kind": "incident.opened", "record": str(record.pk), "id": str(record.pk)}
    assert "Secret" not in json.dumps([opened, noted, assigned])


@pytest.mark.django_db
def test_restricted_record_is_told_to_its_group_only(
    world: World, heard: Callable[[], list[dict[str, object]]], deliver: Callable[[], None]
) -> None:
    agent = world.actor(world.agent)
    record = raise_incident(report=Report(title="x", support_group="network"), actor=agent, at=MONDAY_TEN)
    assign(record=record, support_group="service-desk", actor=agent, at=MONDAY_TEN)
    Record.objects.filter(pk=record.pk).update(is_restricted=True)
    deliver()
    assert [_topics(message, world) for message in heard()] == [{"t:group:service-desk"}] * 2


@pytest.mark.django_db
def test_valkey_being_away_holds_up_no_lane(
    world: World, deliver: Callable[[], None], settings: Settings
) -> None:
    settings.LIVE_REDIS_URL = f"redis://127.0.0.1:{free_port()}/2"
    publisher.cache_clear()
    raise_incident(report=Report(title="x"), actor=world.actor(world.agent), at=MONDAY_TEN)
    lost = LOST._value.get()
    deliver()
    publisher().close()
    publisher.cache_clear()
    assert LOST._value.get() == lost + 1


@pytest.mark.django_db
def test_each_actor_hears_what_it_may_see(world: World) -> None:
    tenant = world.tenant.pk
    desk, network = world.desk_group.pk, world.network_group.pk
    assert live_topics(world.actor(world.agent)) == [f"t{tenant}:desk", f"t{tenant}:group:{desk}"]
    assert live_topics(world.actor(world.administrator)) == [f"t{tenant}:desk"]
    assert live_topics(world.actor(world.engineer)) == [f"t{tenant}:group:{network}"]
    assert live_topics(world.actor(world.user)) == []


@pytest.mark.django_db
def test_no_token_for_what_the_actor_may_not_hear(world: World) -> None:
    twin = build_world("nhs")
    agent, engineer = world.actor(world.agent), world.actor(world.engineer)
    record = raise_incident(report=Report(title="x"), actor=agent, at=MONDAY_TEN)
    own_record = live_record_topic(agent, record.pk)
    assert read_listener(live_token(agent, [*live_topics(agent), own_record])).topics == {
        *live_topics(agent),
        own_record,
    }
    tenant = world.tenant.pk
    for topic in (
        f"t{twin.tenant.pk}:desk",
        f"t{tenant}:group:{world.network_group.pk}",
        f"t{tenant}:record:{uuid4()}",
        f"t{tenant}:record:nonsense",
        f"t{tenant}:record:",
        "",
    ):
        with pytest.raises(ForbiddenError):
            live_token(agent, [topic])
    _refused(engineer, [f"t{tenant}:desk"])
    _refused(engineer, [own_record])
    _refused(world.actor(world.user), [f"t{tenant}:desk"])


def _refused(actor: Actor, topics: list[str]) -> None:
    with enter_scope(actor.scope()), pytest.raises(ForbiddenError):
        live_token(actor, topics)
