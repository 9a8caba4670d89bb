"""Replay: compute clocks and custody anew from the audit and compare with what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from records.models import AuditEntry, Record
from sla.models import Clock, Hold
from sla.services.book import Definitions, definitions
from sla.services.history import seconds, timeline_of
from sla.services.project import build_clocks, build_holds, hold_facts

PAGE = 500
# `breached_at` and the plan of fires move on as the sweep tells; everything else is a function of the audit.
_COMPARED = ("state", "started_at", "stopped_at", "duration", "consumed", "running_since", "due_at", "met")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored is not what the audit says."""

    number: str
    what: str
    stored: Any
    computed: Any


def replay(
    *, start: datetime | None = None, end: datetime | None = None
) -> Iterator[tuple[int, list[Difference]]]:
    """Recompute the records opened in [start, end) (UTC) of the tenant in scope, page by page.

    Yields (records in the page, differences). Writes nothing.
    """
    held = definitions()
    last: UUID | None = None
    while True:
        page = _page(start, end, last)
        if not page:
            return
        last = page[-1].pk
        yield len(page), _compare(page, held)


def _page(start: datetime | None, end: datetime | None, last: UUID | None) -> list[Record]:
    records = Record.objects.order_by("id")
    if start:
        records = records.filter(opened_at__gte=start)
    if end:
        records = records.filter(opened_at__lt=end)
    if last:
        records = records.filter(pk__gt=last)
    return list(records[:PAGE])


def _compare(page: list[Record], held: Definitions) -> list[Difference]:
    ids = [record.pk for record in page]
    entries: dict[UUID, list[AuditEntry]] = {key: [] for key in ids}
    for entry in AuditEntry.objects.filter(record_id__in=ids).order_by("version"):
        entries[entry.record_id].append(entry)
    clocks: dict[UUID, list[Clock]] = {key: [] for key in ids}
    for clock in Clock.objects.filter(record_id__in=ids):
        clocks[clock.record_id].append(clock)
    holds: dict[UUID, list[Hold]] = {key: [] for key in ids}
    for hold in Hold.objects.filter(record_id__in=ids).order_by("position"):
        holds[hold.record_id].append(hold)
    found: list[Difference] = []
    for record in page:
        line = timeline_of(record, entries[record.pk], held.parents)
        now = seconds(entries[record.pk][-1].at)
        found += _clock_differences(record, clocks[record.pk], build_clocks(record, line, held, now))
        stored = [hold_facts(row) for row in holds[record.pk]]
        computed = [hold_facts(row) for row in build_holds(record, line)]
        if stored != computed:
            found.append(Difference(record.number, "custody", stored, computed))
    return found


def _clock_differences(record: Record, stored: list[Clock], computed: list[Clock]) -> list[Difference]:
    old = {(row.target_version_id, row.party, row.matched_at): row for row in stored}
    new = {(row.target_version_id, row.party, row.matched_at): row for row in computed}
    found = [
        Difference(record.number, f"clock {old[key].code}", "stored", "not computed")
        for key in old.keys() - new.keys()
    ]
    found += [
        Difference(record.number, f"clock {new[key].code}", "missing", "computed")
        for key in new.keys() - old.keys()
    ]
    for key in old.keys() & new.keys():
        for name in _COMPARED:
            before, after = getattr(old[key], name), getattr(new[key], name)
            if before != after:
                found.append(Difference(record.number, f"clock {new[key].code} {name}", before, after))
    return found
