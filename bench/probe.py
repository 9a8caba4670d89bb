"""The same operations without HTTP, in one process: statements of each, and where its time goes.

`python -m bench.probe DESCRIPTION [--profile OPERATION]` on the database of the environment.
"""

import argparse
import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

import bench.ready  # noqa: F401  it must come first
from bench.access import samples, sessions
from bench.client import Answer, AnswerError, Client
from bench.operations import OPERATIONS
from bench.words import search_words


class InProcess(Client):
    """A client that calls the application straight away."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        must: bytes = b"",
    ) -> Answer:
        """Give the request to Django's own test client."""
        found = self.data["call"](
            method,
            path,
            data=body,
            content_type="application/json",
            headers={**self.headers, **(headers or {})},
            HTTP_HOST=self.host,
        )
        if found.status_code != status or must not in found.content:
            raise AnswerError(f"{method} {path}: {found.status_code} {found.content[:300]!r}")
        return Answer(found.status_code, found.content)


def data_of(described: Path) -> dict[str, Any]:
    """What the operations need, without a server."""
    world = json.loads(described.read_text(encoding="utf-8"))
    browser = Browser(raise_request_exception=True)
    keys = sessions({"agent": world["agent"], "requester": world["requesters"][0]}, world["tenant_id"])
    callers = {name: {"Cookie": f"sessionid={key}"} for name, key in keys.items()}
    for name, client in world["clients"].items():
        answer = browser.post(
            "/identity/o/api/token", {"grant_type": "client_credentials", **client}, HTTP_HOST=world["host"]
        )
        callers[name] = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return {
        "callers": callers,
        "host": world["host"],
        "requesters": world["requesters"],
        "words": search_words(),
        "flipped": {},
        "call": browser.generic,
        **samples(os.environ["ITSM_BENCH_ADMIN_URL"], world["tenant_id"]),
    }


def statements(name: str, data: Mapping[str, Any], *, rounds: int = 4) -> list[list[dict[str, str]]]:
    """The SQL statements of each of some rounds of an operation, after one to warm up."""
    play = player(name, data)
    play()
    found = []
    for _ in range(rounds):
        with CaptureQueriesContext(connection) as captured:
            play()
        found.append(list(captured.captured_queries))
    return found


def player(name: str, data: Mapping[str, Any]) -> Any:
    """A function that does an operation once."""
    operation, caller = OPERATIONS[name]
    client = InProcess(0, data["host"], 0, 1, data, dict(data["callers"][caller]))

    def play() -> None:
        # No event loop, which would give Django another database connection: in process, nothing is waited for.
        try:
            operation(client).send(None)
        except StopIteration:
            return
        raise RuntimeError(f"{name} waits for something")

    return play


def profile(name: str, data: Mapping[str, Any], *, rounds: int = 50) -> str:
    """Where the processor time of an operation goes."""
    play = player(name, data)
    for _ in range(5):
        play()
    began = time.process_time()
    for _ in range(rounds):
        play()
    plain = (time.process_time() - began) / rounds
    recorder = cProfile.Profile(time.process_time)
    recorder.enable()
    for _ in range(rounds):
        play()
    recorder.disable()
    stats = pstats.Stats(recorder, stream=sys.stdout)
    sys.stdout.write(f"{name}: {plain * 1000:.2f} ms of Python per operation\n")
    stats.sort_stats("cumulative").print_stats(70)
    stats.sort_stats("tottime").print_stats(25)
    return name


def main() -> None:
    """Print the statements of every operation, or one operation's profile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("described", type=Path)
    parser.add_argument("--profile")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    data = data_of(arguments.described)
    if arguments.profile:
        profile(arguments.profile, data)
        return
    counts = {}
    for name in OPERATIONS:
        rounds = statements(name, data)
        counts[name] = [len(each) for each in rounds]
        if arguments.verbose:
            for each in rounds[-1]:
                sys.stderr.write(f"{name} {each['time']} {each['sql']}\n")
    sys.stdout.write(json.dumps(counts) + "\n")


if __name__ == "__main__":
    main()
