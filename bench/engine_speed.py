"""Speed of the pure parts: service-level arithmetic and replay. `python -m bench.engine_speed TENANT` prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import bench.ready  # noqa: F401  it must come first
from bench import fifty
from records.models import AuditEntry, Record
from sla import engine
from sla.services.book import definitions
from sla.services.history import changes_of, seconds, timeline_of
from sla.services.replay import replay
from sla.services.selection import PAGE
from tenancy.engine.scope import tenant_scope

_RECORDS = 500
_REPLAYED = 5_000
_REPEATS = 5


def arithmetic() -> dict[str, Any]:
    """Microseconds to compute all clocks of a record, to fold its timeline, and for one step of calendar arithmetic.

    In the tenant in scope. The least of some repeats, which neighbours disturb least.
    """
    held = definitions()
    records = list(Record.objects.order_by("id")[:_RECORDS])
    entries: dict[Any, list[AuditEntry]] = {record.pk: [] for record in records}
    for entry in AuditEntry.objects.filter(record_id__in=list(entries)).order_by("version"):
        entries[entry.record_id].append(entry)
    lines = [timeline_of(record, entries[record.pk], held.parents) for record in records]
    calendar = next(each for each in held.calendars.values())(seconds(records[-1].opened_at))
    opened = [seconds(record.opened_at) for record in records]

    def fold() -> None:
        for record in records:
            timeline_of(record, entries[record.pk], held.parents)

    def compute() -> None:
        for record, line in zip(records, lines, strict=True):
            engine.compute_clocks(
                timeline=line, definitions=held.book, calendars=held.calendars, now=seconds(record.updated_at)
            )

    def due() -> None:
        for at in opened:
            calendar.due(at, 57_600)

    def elapsed() -> None:
        for at in opened:
            calendar.open_seconds(at, at + 604_800)

    return {
        "fold_timeline_us": _each(fold),
        "compute_clocks_us": _each(compute),
        "calendar_due_us": _each(due),
        "calendar_elapsed_us": _each(elapsed),
    }


def one_clock() -> dict[str, Any]:
    """Microseconds of processor for one record of fifty audit entries, step by step from rows to clock and ledger."""
    record, rows = fifty.life()
    book, working = engine.TargetBook([fifty.target()]), fifty.calendar()
    now = seconds(rows[-1].at)

    def changes() -> list[Any]:
        return changes_of(record, rows, {})

    made = changes()
    line = engine.timeline(made)

    def clock() -> None:
        engine.compute_clocks(timeline=line, definitions=book, calendars={"c": lambda _: working}, now=now)

    return {
        "entries": len(rows),
        "changes_us": _each(_often(changes)),
        "timeline_us": _each(_often(lambda: engine.timeline(made))),
        "clock_us": _each(_often(clock)),
        "custody_us": _each(_often(lambda: engine.custody(timeline=line))),
    }


def _often(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(_RECORDS):
            work()

    return run


def replay_rate() -> dict[str, Any]:
    """Records a second that `sla_replay --check` goes through, reading included; and the differences that it found."""
    records = differences = 0
    began, used = time.perf_counter(), time.process_time()
    for count, found in islice(replay(), _REPLAYED // PAGE):
        records += count
        differences += len(found)
    return {
        "records": records,
        "differences": differences,
        "per_second": round(records / (time.perf_counter() - began)),
        "per_processor_second": round(records / (time.process_time() - used)),
    }


def _each(work: Callable[[], None]) -> float:
    best = float("inf")
    for _ in range(_REPEATS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return round(1e6 * best / _RECORDS, 2)


def main() -> None:
    """Measure in the tenant named by its key."""
    with tenant_scope(int(sys.argv[1]), actor="system:bench"):
        sys.stdout.write(
            json.dumps(
                {"arithmetic": arithmetic(), "one of fifty entries": one_clock(), "replay": replay_rate()}
            )
        )


if __name__ == "__main__":
    main()
