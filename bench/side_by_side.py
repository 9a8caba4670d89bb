"""The smallest and the greatest database, and create beside bare views, measured by turns.

A shared machine is twice as fast in one minute as in the next. What is compared is therefore run in short turns, one
after the other, several times over, and the medians are compared.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.bare_view import KINDS, bare_site, run_bare
from bench.client import AnswerError
from bench.measure import prepare, run
from bench.meter import Meter
from bench.stack import Servers, Site, site

TURNS = 5
READS = ("list_api", "list_html", "list_supplier", "home_html", "get_html", "get_api", "search_api")
_KEYS = ("p50_ms", "p95_ms", "cpu_ms")
Turn = Callable[[], dict[str, Any]]


def side_by_side(
    *,
    servers: Servers,
    small: tuple[str, Mapping[str, str], Path],
    large: tuple[str, Mapping[str, str], Path],
    clients: int,
    seconds: float,
) -> list[dict[str, Any]]:
    """For each read its medians at both sizes, and for create those of the bare views and ours.

    `small` and `large`: name of the database, environment of the processes, description of the data.
    """
    with ExitStack() as stack:
        sides = [side(stack, servers, *each) for each in (small, large)]
        found = []
        for name in READS:
            turns = [_turn(name, served, meter, data, clients, seconds) for served, meter, data in sides]
            found.append({"op": name, "clients": clients} | compared(turns, ("small", "large")))
        served, meter, data = sides[1]
        ours = _turn("create", served, meter, data, clients, seconds)
        for kind, name in KINDS.items():
            with bare_site(servers=servers, kind=kind) as (plain, plain_meter):
                bare = partial(run_bare, plain, plain_meter, clients=clients, seconds=seconds, texts=data)
                figures = compared([bare, ours], ("bare", "large"))
            found.append({"op": "create", "beside": name, "clients": clients} | figures)
    return found


def side(
    stack: ExitStack, servers: Servers, database: str, environment: Mapping[str, str], described: Path
) -> tuple[Site, Meter, dict[str, Any]]:
    """One database served by processes of its own: the site, its meter, and what operations need to know."""
    served = stack.enter_context(site(servers=servers, environment=environment, background=False))
    meter = Meter(served.web_pids, (), servers.postgres_pid, servers.valkey_pid, servers.admin(database))
    return served, meter, prepare(port=served.port, described=described, environment=environment)


def _turn(
    name: str, served: Site, meter: Meter, data: Mapping[str, Any], clients: int, seconds: float
) -> Turn:
    return lambda: run(
        name=name, clients=clients, seconds=seconds, port=served.port, data=data, meter=meter, min_ops=100
    )


def compared(turns: list[Turn], names: tuple[str, str]) -> dict[str, Any]:
    """Medians of each side over all turns, after one to warm up, and the second side's over the first's."""
    rows: list[list[dict[str, Any]]] = [[] for _ in turns]
    for number in range(TURNS + 1):
        for side, turn in enumerate(turns):
            figures = turn()
            if figures["error"] and not figures["ops"]:
                raise AnswerError(figures["error"])
            if number:
                rows[side].append(figures)
    found: dict[str, Any] = {"errors": sum(row["errors"] for side in rows for row in side)}
    for key in _KEYS:
        first, second = (median(float(row[key]) for row in side) for side in rows)
        found |= {f"{names[0]}_{key}": first, f"{names[1]}_{key}": second}
        found[f"{key.removesuffix('_ms')}_ratio"] = round(second / first, 2)
    return found
