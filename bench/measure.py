"""One run: clients in a closed loop, latencies, and who used the processors meanwhile."""

import asyncio
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.client import AnswerError, Client
from bench.meter import Meter, Usage, machine_speed
from bench.operations import OPERATIONS, Operation
from bench.stack import HOST, PROJECT

WARM_SECONDS = 1.0
MAX_SECONDS = 60.0
_TOO_MANY_ERRORS = 20


@dataclass
class _Tally:
    done: list[tuple[float, float, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    stop: bool = False


def prepare(*, port: int, described: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the operations need: samples of the database, and headers for each kind of caller."""
    command = [sys.executable, "-m", "bench.access", str(described)]
    done = subprocess.run(command, check=True, capture_output=True, env=dict(environment), cwd=PROJECT)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    world = json.loads(described.read_text(encoding="utf-8"))
    callers = {name: {"Cookie": f"sessionid={key}"} for name, key in found["sessions"].items()}
    for name, client in world["clients"].items():
        callers[name] = {"Authorization": f"Bearer {_token(port, world['host'], client)}"}
    return found | {
        "callers": callers,
        "host": world["host"],
        "requesters": world["requesters"],
        "flipped": {},
    }


def run(
    *,
    name: str,
    clients: int,
    seconds: float,
    port: int,
    data: Mapping[str, Any],
    meter: Meter,
    min_ops: int = 60,
) -> dict[str, Any]:
    """Run one operation for `seconds`, longer until `min_ops` have ended; 60 s at most."""
    operation, caller = OPERATIONS[name]
    return run_operation(
        name=name,
        operation=operation,
        headers=data["callers"][caller],
        clients=clients,
        seconds=seconds,
        port=port,
        data=data,
        meter=meter,
        min_ops=min_ops,
    )


def run_operation(
    *,
    name: str,
    operation: Operation,
    headers: Mapping[str, str],
    clients: int,
    seconds: float,
    port: int,
    data: Mapping[str, Any],
    meter: Meter,
    min_ops: int = 60,
) -> dict[str, Any]:
    """The same for any operation, sending `headers`."""
    users = [Client(port, data["host"], number, clients, data, dict(headers)) for number in range(clients)]
    tally = _Tally()
    speed = machine_speed()
    before, after = asyncio.run(_load(operation, users, seconds, min_ops, meter, tally))
    speed = (speed + machine_speed()) / 2
    return {"op": name, "clients": clients, "unit_ms": round(speed, 1)} | _figures(tally, before, after)


async def _load(
    operation: Operation, users: list[Client], seconds: float, min_ops: int, meter: Meter, tally: _Tally
) -> tuple[Usage, Usage]:
    loop = asyncio.gather(*(_one(operation, user, tally) for user in users))
    await asyncio.sleep(WARM_SECONDS)
    before = meter.read()
    while not loop.done():
        await asyncio.sleep(0.2)
        passed = time.perf_counter() - before.at
        enough = sum(1 for end, _, _ in tally.done if end >= before.at) >= min_ops
        if passed >= MAX_SECONDS or (passed >= seconds and enough):
            break
    tally.stop = True
    after = meter.read()
    await loop
    for user in users:
        user.close()
    return before, after


async def _one(operation: Operation, user: Client, tally: _Tally) -> None:
    while not tally.stop:
        began = time.perf_counter()
        try:
            answer = await operation(user)
        except (AnswerError, OSError, asyncio.IncompleteReadError) as error:
            tally.errors.append(str(error)[:400])
            if len(tally.errors) > _TOO_MANY_ERRORS:
                return
            continue
        ended = time.perf_counter()
        tally.done.append((ended, ended - began, len(answer.body)))


def _figures(tally: _Tally, before: Usage, after: Usage) -> dict[str, Any]:
    wall = after.at - before.at
    inside = [each for each in tally.done if before.at <= each[0] <= after.at]
    spans = sorted(span * 1000 for _, span, _ in inside)
    ops = len(spans)

    def per_op(name: str) -> float:
        return round(1000 * (getattr(after, name) - getattr(before, name)) / ops, 2) if ops else 0.0

    def quantile(share: float) -> float | None:
        return round(spans[min(ops - 1, int(share * ops))], 2) if ops else None

    used = sum(
        getattr(after, name) - getattr(before, name)
        for name in ("web", "database", "background", "background_database", "generator")
    )
    return {
        "ops": ops,
        "errors": len(tally.errors),
        "error": tally.errors[0] if tally.errors else "",
        "seconds": round(wall, 1),
        "per_second": round(ops / wall, 1),
        "p50_ms": quantile(0.5),
        "p95_ms": quantile(0.95),
        "bytes": inside[-1][2] if inside else 0,
        "web_ms": per_op("web"),
        "database_ms": per_op("database"),
        "cpu_ms": round(per_op("web") + per_op("database"), 2),
        "background_ms": round(per_op("background") + per_op("background_database"), 2),
        "others_cores": round(max(0.0, after.machine - before.machine - used) / wall, 2),
    }


def _token(port: int, host: str, client: Mapping[str, str]) -> str:
    body = urlencode({"grant_type": "client_credentials", **client})
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/identity/o/api/token", body, headers)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise AnswerError(f"no token: {answer.status} {text[:300]!r}")
    return str(json.loads(text)["access_token"])
