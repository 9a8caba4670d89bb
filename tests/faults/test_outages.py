"""A server or a process dies while people work: what was confirmed stays, and the rest is told clearly."""

import signal
import threading
import time
from collections import Counter
from functools import partial
from typing import Self

import pytest
import requests

from tests.faults.site import HOST, Site, wait_until

PROBLEM = "application/problem+json"
PATIENCE_SECONDS = 5.0
RAISE_AN_HOUR_AGO = """
from datetime import timedelta
from django.utils import timezone
from incidents.public import Report, raise_incident
from people.public import system_actor, tenant_by_code
from tenancy.engine.scope import tenant_scope
tenant = tenant_by_code("defra")
with tenant_scope(tenant.pk, actor="system:test"):
    for number in range(5):
        record = raise_incident(
            report=Report(title=f"late {number}", impact=1, urgency=1),
            actor=system_actor(tenant.pk),
            at=timezone.now() - timedelta(hours=1, minutes=number),
        )
        print(record.number)
"""


class Load:
    """Writers that raise incidents until stopped, and note what they were told."""

    def __init__(self, site: Site, *, writers: int = 4) -> None:
        self.site = site
        self.told: Counter[int] = Counter()
        self.confirmed: list[str] = []
        self.unclear: list[str] = []
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(writers)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)

    def reached(self, count: int) -> bool:
        """Whether so many writes were confirmed."""
        return len(self.confirmed) >= count

    def _write(self, writer: int) -> None:
        turn = 0
        while not self._stopping.is_set():
            turn += 1
            answer = self.site.call("POST", "incidents/", {"title": f"load {writer} {turn}"})
            with self._lock:
                self.told[answer.status_code] += 1
                if answer.status_code == 201:
                    self.confirmed.append(answer.headers["Location"].rstrip("/").rpartition("/")[2])
                elif (
                    answer.headers.get("Content-Type") != PROBLEM
                    or answer.json()["status"] != answer.status_code
                ):
                    self.unclear.append(f"{answer.status_code} {answer.text[:200]}")
            if answer.status_code != 201:
                time.sleep(0.05)


def numbers_of(site: Site) -> list[str]:
    """Every incident number of the first tenant, in order."""
    found = site.rows(
        "SELECT number FROM records_record WHERE tenant_id = (SELECT id FROM tenancy_tenant WHERE code = 'defra')"
        " ORDER BY number"
    )
    return [number for (number,) in found]


def assert_nothing_lost(site: Site, load: Load) -> None:
    """Every confirmed incident is there, whole, and no number is missing."""
    numbers = numbers_of(site)
    assert len(load.confirmed) == len(set(load.confirmed))
    assert set(load.confirmed) <= set(numbers)
    assert numbers == [f"INC{value:07d}" for value in range(1, len(numbers) + 1)]
    assert (
        site.rows(
            "SELECT r.number FROM records_record r"
            " WHERE NOT EXISTS (SELECT FROM incidents_incident i WHERE i.record_id = r.id)"
            " OR NOT EXISTS (SELECT FROM records_auditentry a WHERE a.record_id = r.id)"
            " OR NOT EXISTS (SELECT FROM sla_clock c WHERE c.record_id = r.id)"
            " OR NOT EXISTS (SELECT FROM outbox_message m WHERE m.record_id = r.id)"
        )
        == []
    )


def waiting(site: Site) -> int:
    """Deliveries that are not done."""
    return int(site.rows("SELECT count(*) FROM outbox_delivery WHERE status <> 'done'")[0][0])


def test_without_redis_writes_go_on_pages_work_and_messages_wait(site: Site) -> None:
    site.kill("valkey")
    started = time.monotonic()
    made = site.call("POST", "incidents/", {"title": "Redis is down"})
    assert made.status_code == 201, made.text
    assert time.monotonic() - started < PATIENCE_SECONDS
    number = made.json()["number"]
    assert site.call("POST", f"incidents/{number}/comments/", {"body": "still here"}).status_code == 201
    assert log_in(site).status_code == 302
    assert requests.get(f"{site.base_url}/account/login/", headers=HOST, timeout=10).status_code == 200
    site.start("dispatcher")
    # Mail is written to the database: it does not need Redis at all.
    wait_until(lambda: waiting(site) == 0, "delivery without Redis", 90)
    site.start_server("valkey")
    again = site.call("POST", "incidents/", {"title": "Redis is back"})
    assert again.status_code == 201
    wait_until(lambda: waiting(site) == 0, "delivery after Redis came back", 60)
    assert site.is_running("dispatcher")
    assert site.is_running("web")


def test_a_redis_that_hangs_does_not_hang_the_site(site: Site) -> None:
    site.signal("valkey", signal.SIGSTOP)
    try:
        for _ in range(3):
            started = time.monotonic()
            assert site.call("POST", "incidents/", {"title": "Redis hangs"}).status_code == 201
            assert time.monotonic() - started < PATIENCE_SECONDS
        started = time.monotonic()
        assert log_in(site).status_code == 302
        assert time.monotonic() - started < 3 * PATIENCE_SECONDS
    finally:
        site.signal("valkey", signal.SIGCONT)


def test_postgres_killed_under_load_loses_nothing_and_the_site_heals_by_itself(site: Site) -> None:
    with Load(site) as load:
        wait_until(lambda: len(load.confirmed) >= 10, "the first writes")
        site.kill("postgres")
        wait_until(lambda: load.told[503] >= 8, "clear refusals", 30)
        during = requests.get(f"{site.base_url}/account/login/", headers=HOST, timeout=30)
        assert during.status_code in (200, 503), during.status_code
        ready = requests.get(f"{site.base_url}/readyz", headers=HOST, timeout=30)
        assert ready.status_code == 503
        assert requests.get(f"{site.base_url}/livez", headers=HOST, timeout=30).status_code == 200
        before = len(load.confirmed)
        site.start_server("postgres")
        wait_until(lambda: len(load.confirmed) >= before + 10, "writes after the restart", 60)
    assert load.unclear == []
    assert set(load.told) == {201, 503}, load.told
    assert_nothing_lost(site, load)
    assert site.call("GET", "incidents/").status_code == 200


def test_a_killed_dispatcher_loses_nothing(site: Site) -> None:
    titles = [f"before the kill {number}" for number in range(12)]
    for title in titles:
        assert site.call("POST", "incidents/", {"title": title}).status_code == 201
    kill_while_delivering(site)
    finish_deliveries(site)
    assert_delivered_once(site)


@pytest.mark.slow
def test_a_dispatcher_killed_again_and_again_under_load_loses_nothing(site: Site) -> None:
    with Load(site, writers=2) as load:
        for _ in range(3):
            kill_while_delivering(site)
    finish_deliveries(site)
    assert_nothing_lost(site, load)
    assert_delivered_once(site)


def kill_while_delivering(site: Site) -> None:
    """Start a dispatcher and kill it as soon as it delivered something."""
    before = delivered(site)
    site.start("dispatcher")
    wait_until(lambda: delivered(site) > before, "a delivery", 60)
    site.kill("dispatcher")


def finish_deliveries(site: Site) -> None:
    """Let a dispatcher deliver the rest. What dead ones had claimed comes back without waiting for the lease here."""
    site.execute("UPDATE outbox_delivery SET leased_until = now() WHERE status = 'leased'")
    site.start("dispatcher")
    wait_until(lambda: waiting(site) == 0, "the rest of the deliveries", 240)


def assert_delivered_once(site: Site) -> None:
    """Nobody got a mail twice about the same step, and nothing was given up."""
    assert site.rows("SELECT count(*) FROM outbox_delivery WHERE status = 'dead'") == [(0,)]
    twice = (
        "SELECT outbox_message FROM notifications_mail"
        " GROUP BY tenant_id, outbox_message, to_address HAVING count(*) > 1"
    )
    assert site.rows(twice) == []


def test_what_came_due_while_the_sweep_was_down_is_told_with_its_true_instant(site: Site) -> None:
    numbers = site.manage("shell", "-v", "0", "-c", RAISE_AN_HOUR_AGO).split()[-5:]
    clocks = (
        "SELECT c.due_at, c.breached_at, c.id FROM sla_clock c JOIN records_record r ON r.id = c.record_id"
        " WHERE r.number = ANY(%s) AND c.metric = 'response'"
        " AND r.tenant_id = (SELECT id FROM tenancy_tenant WHERE code = 'defra')"
    )
    due = site.rows(clocks, numbers)
    assert len(due) == 5
    shown = [site.call("GET", f"incidents/{number}/").json()["clocks"] for number in numbers]
    assert all(clock["is_breached"] for each in shown for clock in each if clock["metric"] == "response")
    site.start("sweep-1")
    told = (
        "SELECT m.payload ->> 'clock', m.at FROM outbox_message m"
        " WHERE m.kind = 'clock.breached' AND m.payload ->> 'metric' = 'response' AND m.payload ->> 'clock' = ANY(%s)"
    )
    keys = [str(key) for _, _, key in due]
    wait_until(lambda: len(site.rows(told, keys)) == 5, "the breaches", 60)
    after = site.rows(clocks, numbers)
    assert all(breached_at == due_at for due_at, breached_at, _ in after)
    assert dict(site.rows(told, keys)) == {str(key): due_at for due_at, _, key in after}
    site.kill("sweep-1")
    site.start("sweep-1")
    time.sleep(2)
    assert len(site.rows(told, keys)) == 5


@pytest.mark.slow
def test_postgres_killed_again_and_again(site: Site) -> None:
    site.start("dispatcher")
    site.start("sweep-1")
    with Load(site) as load:
        for _ in range(5):
            before = len(load.confirmed)
            wait_until(partial(load.reached, before + 20), "writes")
            site.kill("postgres")
            time.sleep(1)
            site.start_server("postgres")
    assert load.unclear == []
    wait_until(lambda: waiting(site) == 0, "every delivery", 180)
    assert_nothing_lost(site, load)
    assert site.is_running("dispatcher")
    assert site.is_running("sweep-1")


def delivered(site: Site) -> int:
    """Deliveries that are done."""
    return int(site.rows("SELECT count(*) FROM outbox_delivery WHERE status = 'done'")[0][0])


def log_in(site: Site) -> requests.Response:
    """The answer to a member's e-mail address and password."""
    person = site.demo["tenants"]["defra"]["people"]["service-desk"]
    browser = requests.Session()
    browser.get(f"{site.base_url}/account/login/", headers=HOST, timeout=30)
    form = {
        "login": person["email"],
        "password": person["password"],
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    return browser.post(
        f"{site.base_url}/account/login/", form, headers=HOST, timeout=30, allow_redirects=False
    )
