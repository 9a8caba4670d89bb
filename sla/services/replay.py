"""Replay: compute clocks and custody anew from the audit and compare with what is stored."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from sla import engine
from sla.models import Clock, Hold
from sla.services.book import Definitions, definitions
from sla.services.history import key_of, seconds, steps_with, timeline_of
from sla.services.project import HOLD_COLUMNS, ledger_of
from sla.services.selection import Head, Selection, page_after
from tenancy.public import compiled

# `breached_at` and the plan of fires move on as the sweep tells; everything else is a function of the audit.
_COMPARED = ("state", "started_at", "stopped_at", "duration", "consumed", "running_since", "due_at", "met")
_INSTANTS = frozenset({"started_at", "stopped_at", "running_since", "due_at"})
_facts_of = attrgetter(*_COMPARED)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored is not what the audit says."""

    number: str
    what: str
    stored: Any
    computed: Any


def replay(
    *, start: datetime | None = None, end: datetime | None = None, selection: Selection | None = None
) -> Iterator[tuple[int, list[Difference]]]:
    """Recompute the records opened in [start, end) (UTC), or selected, of the tenant in scope, page by page.

    Yields (records in the page, differences). Writes nothing.
    """
    held = definitions()
    chosen = selection or Selection(start=start, end=end)
    last: UUID | None = None
    while True:
        page = page_after(chosen, last)
        if not page:
            return
        last = page[-1].pk
        yield len(page), _compare(page, held)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A clock as stored or computed: which it is, its code, and its values in the order of _COMPARED."""

    key: tuple[UUID, UUID | None, datetime]
    code: str
    values: tuple[Any, ...]


@compiled
def _clocks(*, keys: Collection[UUID]) -> QuerySet[Clock, Any]:
    columns = ("record_id", "target_version_id", "party", "matched_at", "code", *_COMPARED)
    return Clock.objects.filter(record_id__among=keys).values_list(*columns)


@compiled
def _holds(*, keys: Collection[UUID]) -> QuerySet[Hold, Any]:
    return (
        Hold.objects.filter(record_id__among=keys)
        .order_by("position")
        .values_list("record_id", *HOLD_COLUMNS)
    )


def _compare(page: list[Head], held: Definitions) -> list[Difference]:
    keys = [record.pk for record in page]
    entries: dict[UUID, list[Any]] = defaultdict(list)
    for entry in steps_with(keys=keys):
        entries[entry.record_id].append(entry)
    clocks: dict[UUID, list[_Clock]] = defaultdict(list)
    for key, target, party, matched_at, code, *values in _clocks(keys=keys):
        clocks[key].append(_Clock((target, party, matched_at), code, tuple(values)))
    holds: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *facts in _holds(keys=keys):
        holds[key].append(tuple(facts))
    found: list[Difference] = []
    for record in page:
        steps = entries[record.pk]
        # Rows of the columns that a history is made of stand in for the record and its entries.
        line = timeline_of(record, steps, held.parents)
        now = seconds(steps[-1].at)
        computed = engine.compute_clocks(
            timeline=line, definitions=held.book, calendars=held.calendars, now=now
        )
        found += _clock_differences(record, clocks[record.pk], [_computed(clock) for clock in computed])
        ledger = ledger_of(line)
        if holds[record.pk] != ledger:
            found.append(Difference(record.number, "custody", holds[record.pk], ledger))
    return found


def _computed(clock: engine.Clock) -> _Clock:
    values = tuple(
        _instant(value) if name in _INSTANTS else value
        for name, value in zip(_COMPARED, _facts_of(clock), strict=True)
    )
    matched_at = datetime.fromtimestamp(clock.matched_at, UTC)
    return _Clock(
        (key_of(str(clock.target_id)), key_of(str(clock.party)) if clock.party else None, matched_at),
        clock.code,
        values,
    )


def _instant(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _clock_differences(record: Head, stored: list[_Clock], computed: list[_Clock]) -> list[Difference]:
    old, new = {clock.key: clock for clock in stored}, {clock.key: clock for clock in computed}
    found = [
        Difference(record.number, f"clock {old[key].code}", "stored", "not computed")
        for key in old.keys() - new.keys()
    ]
    found += [
        Difference(record.number, f"clock {new[key].code}", "missing", "computed")
        for key in new.keys() - old.keys()
    ]
    for key in old.keys() & new.keys():
        if old[key].values != new[key].values:
            found += [
                Difference(record.number, f"clock {new[key].code} {name}", before, after)
                for name, before, after in zip(_COMPARED, old[key].values, new[key].values, strict=True)
                if before != after
            ]
    return found
