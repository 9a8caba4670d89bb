"""Ten thousand promises broken in one second: how late each is told, and whether any twice or never."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
from psycopg2 import extensions

from bench.stack import PROJECT, Servers
from itsm.runner.child import Child, Family

DUE = 10_000
_LEAD_SECONDS = 4
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 0.02
_SAVE = """
CREATE TABLE bench_saved_clock AS
  SELECT * FROM sla_clock WHERE state = 'running' AND kind = 'sla' ORDER BY id LIMIT %s
"""
_SET = """
UPDATE sla_clock c SET due_at = %(due)s, next_fire_at = %(due)s, fire_at = ARRAY[%(due)s], fire_percent = '{100}',
  breached_at = NULL
FROM bench_saved_clock s WHERE s.id = c.id
"""
_RESTORE = """
UPDATE sla_clock c SET due_at = s.due_at, next_fire_at = s.next_fire_at, fire_at = s.fire_at,
  fire_percent = s.fire_percent, breached_at = s.breached_at, told_at = s.told_at,
  told_percent = s.told_percent
FROM bench_saved_clock s WHERE s.id = c.id
"""
_TOLD = "SELECT count(*) FROM outbox_message WHERE kind = 'clock.breached' AND at = %s"
_ONCE = """
SELECT count(*), count(DISTINCT payload ->> 'clock'),
       count(DISTINCT payload ->> 'clock')
         FILTER (WHERE payload ->> 'clock' IN (SELECT id::text FROM bench_saved_clock))
FROM outbox_message WHERE kind = 'clock.breached' AND at = %s
"""


def sweep_lag(*, servers: Servers, database: str, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Three runs: one sweep; two, one of them killed half-way; one killed and replaced by a fresh process."""
    with _sweeps(servers, environment) as start:
        plain = _run(servers.admin(database), start, beside=0, kill=False, replace=False)
        killed = _run(servers.admin(database), start, beside=1, kill=True, replace=False)
        replaced = _run(servers.admin(database), start, beside=0, kill=True, replace=True)
    return [
        {"case": "one sweep"} | plain,
        {"case": "two sweeps, one killed half-way"} | killed,
        {"case": "killed half-way, another started then"} | replaced,
    ]


class _Starter:
    """Starts sweeps, and stops them all."""

    def __init__(self, servers: Servers, environment: Mapping[str, str]) -> None:
        self._family = Family(log_folder=servers.family.log_folder)
        self._environment = environment

    def one(self) -> Child:
        """One more sweep."""
        return self._family.start(
            name=f"sweep-{len(self._family.children)}",
            command=[sys.executable, "manage.py", "sla_sweep"],
            environment=self._environment,
            folder=PROJECT,
        )

    def stop(self) -> None:
        """No sweep any more."""
        self._family.stop()


@contextmanager
def _sweeps(servers: Servers, environment: Mapping[str, str]) -> Iterator[_Starter]:
    starter = _Starter(servers, environment)
    try:
        yield starter
    finally:
        starter.stop()


def _run(admin: str, start: _Starter, *, beside: int, kill: bool, replace: bool) -> dict[str, Any]:
    connection = psycopg2.connect(admin)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DROP TABLE IF EXISTS bench_saved_clock")
        cursor.execute(_SAVE, [DUE])
        cursor.execute("SELECT count(*) FROM bench_saved_clock")
        ready = _one(cursor)
        if ready != DUE:
            raise RuntimeError(f"the database has {ready} running clocks, {DUE} are needed")
        victim = start.one()
        for _ in range(beside):
            start.one()
        _wait_for_sweeps(cursor, 1 + beside)
        due = (datetime.now(UTC) + timedelta(seconds=_LEAD_SECONDS)).replace(microsecond=0)
        cursor.execute(_SET, {"due": due})
        try:
            looks, killed_at = _watch(cursor, due, start, victim if kill else None, replace=replace)
            cursor.execute(_ONCE, [due])
            messages, clocks, expected = cursor.fetchone() or (0, 0, 0)
        finally:
            start.stop()
            cursor.execute(_RESTORE)
            cursor.execute("DROP TABLE bench_saved_clock")
    connection.close()
    return {
        "due": DUE,
        "messages": messages,
        "exactly_once": messages == clocks == expected == DUE,
        "told_before_kill": killed_at,
        "p50_seconds": _when(looks, DUE * 0.5),
        "max_seconds": _when(looks, DUE),
    }


def _watch(
    cursor: extensions.cursor, due: datetime, start: _Starter, victim: Child | None, *, replace: bool
) -> tuple[list[tuple[float, int]], int | None]:
    """Look how many have been told, again and again: (seconds after the due instant, told)."""
    time.sleep(max(0.0, due.timestamp() - time.time() - 0.05))
    looks: list[tuple[float, int]] = []
    killed_at = None
    while time.time() < due.timestamp() + _PATIENCE_SECONDS:
        cursor.execute(_TOLD, [due])
        told = _one(cursor)
        looks.append((time.time() - due.timestamp(), told))
        if victim is not None and killed_at is None and told >= DUE // 3:
            os.kill(victim.process.pid, signal.SIGKILL)
            killed_at = told
            if replace:
                start.one()
        if told >= DUE:
            break
        time.sleep(_LOOK_SECONDS)
    return looks, killed_at


def _wait_for_sweeps(cursor: extensions.cursor, count: int) -> None:
    """A sweep that runs has a connection whose last statement was the sweep's."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query LIKE '%%WITH due AS%%'"
        )
        if _one(cursor) >= count:
            return
        time.sleep(0.2)
    raise RuntimeError(f"{count} sweeps did not start")


def _when(looks: list[tuple[float, int]], told: float) -> float | None:
    return next((round(after, 2) for after, count in looks if count >= told), None)


def _one(cursor: extensions.cursor) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0
