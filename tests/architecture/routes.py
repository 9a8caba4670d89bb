"""A walk over every address of the platform, as every kind of actor."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.town import Places, Town

REVIEWED = Path(__file__).with_name("routes.json")
ACTORS = ("anonymous", "outsider", "end_user", "stranger", "agent", "engineer", "administrator")
# Below these, a parameter names something that is the same for every tenant.
_NO_ROWS = ("account/", "reports/<slug:code>", "reports/seats/", "reports/numbers/", "api/v1/figures/")
Answers = Mapping[str, Mapping[str, int]]


def routes(resolver: URLResolver | None = None, above: str = "") -> Iterator[str]:
    """Every address, as its pattern says it."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def status(client: Client, method: str, address: str) -> int:
    """The answer's status to a request without content; what it changed is undone."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, address)
        if response.streaming:
            b"".join(response)  # a file is closed when it was read
        transaction.set_rollback(True)
    client.cookies = cookies
    return int(response.status_code)


def lines() -> list[str]:
    """Every method and address that is walked: pages of the log-in library are read only."""
    found = sorted(set(routes()))
    return [f"GET /{route}" for route in found] + [
        f"POST /{route}" for route in found if not route.startswith("account/")
    ]


def about_records() -> list[str]:
    """Those whose address names a row of a tenant."""
    return [line for line in lines() if "<" in line and not line.partition("/")[2].startswith(_NO_ROWS)]


def answers(town: Town, places: Places, asked: Iterable[str]) -> Answers:
    """For each method and address asked, the status for each kind of actor."""
    return {
        line: {
            actor: status(town.clients[actor], line.split()[0], places.fill(line.partition("/")[2]))
            for actor in ACTORS
        }
        for line in asked
    }


def reviewed() -> Answers:
    """The answers as somebody read and agreed to them."""
    found: dict[str, Any] = orjson.loads(REVIEWED.read_bytes())
    return {
        line: {actor: int(cell) for actor, cell in zip(ACTORS, row.split(), strict=True)}
        for line, row in found["answers"].items()
    }


def review(found: Answers) -> bytes:
    """The answers as `routes.json` keeps them: one line for each method and address, statuses in order of ACTORS."""
    lines = {line: " ".join(str(row[actor]) for actor in ACTORS) for line, row in sorted(found.items())}
    return orjson.dumps({"actors": " ".join(ACTORS), "answers": lines}, option=orjson.OPT_INDENT_2) + b"\n"
