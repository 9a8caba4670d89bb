"""A bare Django + DRF view that inserts one row, served and measured like the product."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2

from bench.bare import CREATE
from bench.client import Answer, Client
from bench.floor import make_database
from bench.measure import run_operation
from bench.meter import Meter
from bench.stack import Servers, Site, site

DATABASE = "bench_bare"
_SERVE = (
    "-m uvicorn bench.bare.application:application --fd {listener} --loop uvloop --http httptools"
    " --no-access-log --log-level warning"
)


# The barest view that can be written, and one in a project as `startproject` leaves it.
KINDS = {"barest": "the barest view", "as_created": "a view in a new project"}


@contextmanager
def bare_site(*, servers: Servers, kind: str) -> Iterator[tuple[Site, Meter]]:
    """A bare project of a kind, served like the product, and what reads its usage."""
    make_database(servers, DATABASE)
    connection = psycopg2.connect(servers.admin(DATABASE))
    with connection, connection.cursor() as cursor:
        cursor.execute(CREATE)
    connection.close()
    environment = {"ITSM_BENCH_BARE_URL": servers.admin(DATABASE), "ITSM_BENCH_BARE_KIND": kind}
    with site(
        servers=servers, environment=environment, web=[sys.executable, *_SERVE.split()], background=False
    ) as running:
        yield (
            running,
            # Upkeep is mostly that of what others wrote: billed to the bare view it would flatter the comparison.
            Meter(
                running.web_pids,
                (),
                servers.postgres_pid,
                servers.valkey_pid,
                servers.admin(DATABASE),
                counts_upkeep=False,
            ),
        )


def bare_view(
    *, servers: Servers, clients: tuple[int, ...], seconds: float, texts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The figures of `create` for the bare views."""
    found = []
    for kind, name in KINDS.items():
        with bare_site(servers=servers, kind=kind) as (running, meter):
            found += [
                run_bare(running, meter, clients=count, seconds=seconds, texts=texts) | {"view": name}
                for count in clients
            ]
    return found


def run_bare(
    running: Site, meter: Meter, *, clients: int, seconds: float, texts: Mapping[str, Any]
) -> dict[str, Any]:
    """The figures of one run against a bare project."""
    return run_operation(
        name="bare_create",
        operation=_create,
        headers={},
        clients=clients,
        seconds=seconds,
        port=running.port,
        data=texts,
        meter=meter,
    )


async def _create(client: Client) -> Answer:
    client.turn += 1
    body = {
        "title": f"Laptop will not start {client.number}-{client.turn}",
        "description": client.pick("descriptions"),
        "service": "laptop",
        "urgency": 3,
        "requester": client.pick("requesters"),
    }
    return await client.post("/faults/", body, status=201, must=b'"id"')
