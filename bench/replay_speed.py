"""Replay of a tenant's records beside a plain read of the same audit: `python -m bench.replay_speed TENANT RECORDS`.

Both go on by turns of some thousand records, each first as often as the other, so that neither has the warmer cache or
the quieter machine. Memory is the process's greatest so far, at a tenth of the records and at the end. Prints JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import bench.ready  # noqa: F401  it must come first
from bench.meter import machine_speed
from sla.services.history import steps_with
from sla.services.replay import replay
from sla.services.selection import PAGE, Selection, page_after
from tenancy.engine.scope import tenant_scope

_TURN_PAGES = 10


def plain_read() -> Iterator[tuple[int, int]]:
    """(records, entries) of each page, read as replay reads them and nothing done with them."""
    chosen, last = Selection(), None
    while page := page_after(chosen, last):
        last = page[-1].pk
        yield len(page), sum(1 for _ in steps_with(keys=[record.pk for record in page]))


class _Side:
    def __init__(self, pages: Iterator[Any]) -> None:
        self.pages = pages
        self.wall = self.processor = 0.0

    def turn(self) -> list[Any]:
        began, used = time.perf_counter(), time.process_time()
        done = list(islice(self.pages, _TURN_PAGES))
        self.wall += time.perf_counter() - began
        self.processor += time.process_time() - used
        return done


def replay_speed(wanted: int) -> dict[str, Any]:
    """Figures of the first `wanted` records of the tenant in scope."""
    replayed, read = _Side(replay()), _Side(plain_read())
    records = differences = entries = early = 0
    unit = machine_speed()
    for replay_first in cycle((True, False)):
        first, second = (side.turn() for side in ((replayed, read) if replay_first else (read, replayed)))
        checked, counted = (first, second) if replay_first else (second, first)
        records += sum(count for count, _ in checked)
        differences += sum(len(found) for _, found in checked)
        entries += sum(count for _, count in counted)
        if not early and records >= wanted / 10:
            early = _peak()
        if records >= wanted or len(checked) < _TURN_PAGES:
            break
    return {
        "records": records,
        "entries": entries,
        "differences": differences,
        "seconds": round(replayed.wall, 1),
        "per_second": round(records / replayed.wall),
        "read_seconds": round(read.wall, 1),
        "ratio": round(replayed.wall / read.wall, 2),
        "processor_ratio": round(replayed.processor / read.processor, 2),
        "tenth_mb": early,
        "peak_mb": _peak(),
        "unit_ms": round((unit + machine_speed()) / 2, 1),
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure in the tenant named by its key; at most so many pages of records as are asked for."""
    with tenant_scope(int(sys.argv[1]), actor="system:bench"):
        sys.stdout.write(json.dumps(replay_speed(max(PAGE, int(sys.argv[2])))))


if __name__ == "__main__":
    main()
