"""Clocks and custody of records that arrive with all their past."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from records.models import AuditEntry, Record
from sla.models import Clock, Hold
from sla.services.book import definitions
from sla.services.history import seconds, timeline_of
from sla.services.project import build_clocks, build_holds
from tenancy.engine.bulk import insert_in_bulk


def project_histories(
    *, histories: Iterable[tuple[Record, Sequence[AuditEntry]]], told_at: datetime
) -> tuple[int, int]:
    """Project imported records, each with all its audit entries in order; returns how many clocks and holds.

    Warnings and breaches up to `told_at` (UTC) are history and never told; those of clocks that still run and lie
    after it are told as ever. The records must have no clocks yet.
    """
    held = definitions()
    clocks: list[Clock] = []
    holds: list[Hold] = []
    for record, entries in histories:
        line = timeline_of(record, entries, held.parents)
        built = build_clocks(record, line, held, seconds(entries[-1].at))
        for clock in built:
            _silence(clock, told_at)
        clocks += built
        holds += build_holds(record, line)
    insert_in_bulk(clocks)
    insert_in_bulk(holds)
    return len(clocks), len(holds)


def _silence(clock: Clock, told_at: datetime) -> None:
    left = [
        (at, percent) for at, percent in zip(clock.fire_at, clock.fire_percent, strict=True) if at > told_at
    ]
    clock.fire_at, clock.fire_percent = [at for at, _ in left], [percent for _, percent in left]
    clock.next_fire_at = left[0][0] if left else None
    clock.told_at, clock.told_percent = max((clock.told_at, clock.told_percent), (told_at, 100))
    if clock.state == "running" and clock.due_at is not None and clock.due_at <= told_at:
        # The sweep, which will not look at it, would have noted it.
        clock.breached_at = clock.due_at
