"""What the same PostgreSQL does with an equal transaction and nothing in between: pgbench."""

import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg2

from bench.meter import cpu_seconds
from bench.stack import Servers
from itsm.runner.binaries import postgres_folder

DATABASE = "bench_floor"
_HERE = Path(__file__).resolve().parent
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
_DONE = re.compile(r"^number of transactions actually processed: ([0-9]+)", re.MULTILINE)


def floor(*, servers: Servers, clients: tuple[int, ...], seconds: int) -> list[dict[str, Any]]:
    """Bare inserts and bare pages: rate, latency, and processor milliseconds of the database for each."""
    make_database(servers, DATABASE)
    connection = psycopg2.connect(servers.admin(DATABASE))
    with connection, connection.cursor() as cursor:
        cursor.execute((_HERE / "floor_schema.sql").read_text(encoding="utf-8"))
    connection.close()
    return [
        {"script": script, "clients": count} | _run(servers, script, count, seconds)
        for script in ("floor.sql", "floor_page.sql")
        for count in clients
    ]


def make_database(servers: Servers, name: str) -> None:
    """A fresh database of the superuser's."""
    connection = psycopg2.connect(servers.admin_dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()


def _run(servers: Servers, script: str, clients: int, seconds: int) -> dict[str, Any]:
    command = [
        str(postgres_folder() / "pgbench"),
        "--no-vacuum",
        f"--file={_HERE / script}",
        f"--client={clients}",
        "--jobs=2",
        f"--time={seconds}",
        "--protocol=prepared",
        servers.admin(DATABASE),
    ]
    before = cpu_seconds([servers.postgres_pid])
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own program
    used = cpu_seconds([servers.postgres_pid]) - before
    transactions = int(_found(_DONE, done.stdout))
    return {
        "per_second": round(_found(_RATE, done.stdout), 1),
        "mean_ms": _found(_LATENCY, done.stdout),
        "database_ms": round(1000 * used / transactions, 3),
    }


def _found(pattern: re.Pattern[str], text: str) -> float:
    match = pattern.search(text)
    if match is None:
        raise RuntimeError(f"pgbench said nothing that matches {pattern.pattern}: {text}")
    return float(match[1])
