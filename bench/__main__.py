"""The benchmarks: `make bench`, or `python -m bench --help` for parts of them."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from bench.bare_view import bare_view
from bench.boards import boards
from bench.floor import floor
from bench.import_rate import import_rate
from bench.measure import prepare, run
from bench.meter import Meter
from bench.operations import OPERATIONS
from bench.report import render
from bench.side_by_side import side_by_side
from bench.stack import PROJECT, WEB_PROCESSES, WORK, Servers, servers, site
from bench.sweep_lag import sweep_lag
from bench.what_if_time import what_if_time

SIZES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
# All records in one tenant, whose dashboards are measured.
OF_ONE = {"10k_one": 10_000, "1m_one": 1_000_000}
PARTS = (
    "http",
    "counts",
    "flat",
    "floor",
    "bare",
    "boards",
    "sweep",
    "engine",
    "replay",
    "whatif",
    "import",
    "catalogue",
)
RESULTS = Path(__file__).resolve().parent / "results"
REPLAYED = 500_000
# Ten thousand running clocks take as many live incidents.
LEAST_FOR_SWEEP = "100k"
TURN_SECONDS = 2.0


def main() -> None:
    """Run what was asked for, print the tables, write the JSON."""
    choice = _choice()
    result: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
        },
        "web_processes": WEB_PROCESSES,
    }
    with servers() as running:
        result |= _by_size(running, choice) | _beside_others(running, choice) | _engine_parts(running, choice)
    _write(result)


def _by_size(running: Servers, choice: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in choice.sizes:
        environment, described = _loaded(running, size, again=choice.reload)
        if "http" in choice.parts:
            found.setdefault("http", []).extend(_http(running, size, environment, described, choice))
        if "counts" in choice.parts:
            found.setdefault("statements", {})[size] = _json(
                "bench.probe", str(described), environment=environment
            )
    return found


def _beside_others(running: Servers, choice: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "flat" in choice.parts and len(choice.sizes) > 1:
        found["flat"] = _flat(running, choice)
    if "floor" in choice.parts:
        found["floor"] = floor(servers=running, clients=choice.clients, seconds=int(choice.seconds))
    if "bare" in choice.parts:
        texts = {
            "host": "localhost",
            "descriptions": ["It does not start. " * 20],
            "requesters": ["a@b.example"],
        }
        found["bare"] = bare_view(
            servers=running, clients=choice.clients, seconds=choice.seconds, texts=texts
        )
    if "boards" in choice.parts:
        found["boards"] = _boards(running, choice)
    return found


def _engine_parts(running: Servers, choice: argparse.Namespace) -> dict[str, Any]:
    found = _sweep_and_engine(running, choice) if {"sweep", "engine"} & set(choice.parts) else {}
    if "replay" in choice.parts:
        environment, described = _loaded(running, "1m_one", again=False)
        found["replay"] = _json(
            "bench.replay_speed", _tenant(described), str(REPLAYED), environment=environment
        )
    if "whatif" in choice.parts:
        found["whatif"] = _what_if(running, again=choice.reload)
    if "import" in choice.parts:
        _drop(running, "bench_import")
        found["import"] = import_rate(environment=running.environment("bench_import"))
    if "catalogue" in choice.parts:
        environment = running.environment("bench_catalogue")
        found["catalogue"] = _json("bench.catalogue_speed", environment=environment)
    return found


def _sweep_and_engine(running: Servers, choice: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    size = max((*choice.sizes, LEAST_FOR_SWEEP), key=SIZES.__getitem__)
    environment, described = _loaded(running, size, again=False)
    if "sweep" in choice.parts:
        found["sweep"] = sweep_lag(servers=running, database=_database(size), environment=environment)
    if "engine" in choice.parts:
        found["engine"] = _json("bench.engine_speed", _tenant(described), environment=environment)
    return found


def _what_if(running: Servers, *, again: bool) -> dict[str, Any]:
    mark = WORK / "bench_what_if.loaded"
    if again or not mark.exists():
        mark.unlink(missing_ok=True)
        _drop(running, "bench_what_if")
    environment = running.environment("bench_what_if")
    found = what_if_time(environment=environment, is_loaded=mark.exists())
    mark.touch()
    return found


def _write(result: Mapping[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = result["at"].replace(":", "").replace("+0000", "Z")
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    table = render(result)
    (RESULTS / "latest.md").write_text(table, encoding="utf-8")
    sys.stdout.write(table)


def _choice() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=PARTS)
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=list(OPERATIONS))
    parser.add_argument("--clients", nargs="+", type=int, default=[2, 8])
    parser.add_argument("--seconds", type=float, default=6.0, help="of each run; 60 at most")
    parser.add_argument("--reload", action="store_true", help="load the databases anew")
    return parser.parse_args()


def _http(
    running: Servers, size: str, environment: Mapping[str, str], described: Path, choice: argparse.Namespace
) -> list[dict[str, Any]]:
    found = []
    with site(servers=running, environment=environment) as served:
        meter = Meter(
            served.web_pids,
            served.background_pids,
            running.postgres_pid,
            running.valkey_pid,
            running.admin(_database(size)),
        )
        data = prepare(port=served.port, described=described, environment=environment)
        for name in choice.operations:
            run(name=name, clients=WEB_PROCESSES * 2, seconds=1, port=served.port, data=data, meter=meter)
            for clients in choice.clients:
                figures = run(
                    name=name,
                    clients=clients,
                    seconds=min(60, choice.seconds),
                    port=served.port,
                    data=data,
                    meter=meter,
                )
                found.append({"size": size} | figures)
                _say(
                    f"{size:5} {name:14} x{clients} {figures['per_second']:7}/s"
                    f" cpu {figures['cpu_ms']:6} ms (web {figures['web_ms']}, database {figures['database_ms']})"
                    f" background {figures['background_ms']} p50 {figures['p50_ms']} p95 {figures['p95_ms']} ms"
                    f" {figures['bytes']} B errors {figures['errors']} unit {figures['unit_ms']} ms"
                    f" others {figures['others_cores']} cores {figures['error']}"
                )
    return found


def _flat(running: Servers, choice: argparse.Namespace) -> list[dict[str, Any]]:
    ends = sorted(choice.sizes, key=SIZES.__getitem__)
    small, large = ((_database(size), *_loaded(running, size, again=False)) for size in (ends[0], ends[-1]))
    return side_by_side(
        servers=running, small=small, large=large, clients=choice.clients[0], seconds=TURN_SECONDS
    )


def _boards(running: Servers, choice: argparse.Namespace) -> list[dict[str, Any]]:
    small, large = ((_database(size), *_loaded(running, size, again=choice.reload)) for size in OF_ONE)
    today = datetime.now(UTC)
    return boards(
        servers=running,
        small=small,
        large=large,
        clients=choice.clients[0],
        seconds=TURN_SECONDS,
        months=(f"{today.year - 1}-{today.month:02d}", f"{today:%Y-%m}"),
    )


def _loaded(running: Servers, size: str, *, again: bool) -> tuple[dict[str, str], Path]:
    """The environment of a database with so many incidents, loaded unless it is there already."""
    name = _database(size)
    described = WORK / f"{name}.json"
    if again or not described.exists():
        described.unlink(missing_ok=True)
        _drop(running, name)
        environment = running.environment(name)
        command = [sys.executable, "-m", "bench.load_data", "--incidents", str({**SIZES, **OF_ONE}[size])]
        command += ["--tenants", "1"] if size in OF_ONE else []
        subprocess.run(  # noqa: S603  our own program
            [*command, "--describe", str(described)], check=True, env=environment, cwd=PROJECT
        )
        return environment, described
    return running.environment(name), described


def _tenant(described: Path) -> str:
    return str(json.loads(described.read_text(encoding="utf-8"))["tenant_id"])


def _json(module: str, *arguments: str, environment: Mapping[str, str]) -> Any:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, env=dict(environment), cwd=PROJECT)  # noqa: S603
    return json.loads(done.stdout)


def _drop(running: Servers, name: str) -> None:
    connection = psycopg2.connect(running.admin_dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    connection.close()


def _database(size: str) -> str:
    return f"bench_{size}"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
