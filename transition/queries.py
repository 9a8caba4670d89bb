"""Reads of imports, in the tenant in scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from records.public import Movements, movements_of
from sla.public import ClockView, clocks_of_many
from transition.engine.agreement import Agreement, Outcome
from transition.engine.contract import ENDED_OTHERWISE, last_verdict
from transition.models import Import, ImportedRecord

PAGE = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one target says of one imported record: the clock that applied last.

    Times in UTC, durations in open seconds of the target's calendar; `met` is None while the clock is open.
    """

    external_reference: str
    target: str
    started_at: datetime
    stopped_at: datetime | None
    elapsed_seconds: int
    target_seconds: int
    met: bool | None


def find_import(name: str) -> Import | None:
    """The import of this name."""
    return Import.objects.filter(name=name).first()


def verdicts_of(source: Import, *, now: datetime) -> Iterator[Verdict]:
    """A verdict per record and target of the import as of `now` (UTC), in the order of the file.

    Clocks whose target ceased to apply (superseded, cancelled) are left out, and so are targets that did not come
    with the import.
    """
    for page in _pages(source):
        clocks = clocks_of_many([row.record_id for row in page], now)
        for row in page:
            for code, clock in _standing(source, clocks.get(row.record_id, [])).items():
                yield Verdict(
                    external_reference=row.external_reference,
                    target=code,
                    started_at=clock.started_at,
                    stopped_at=clock.stopped_at,
                    elapsed_seconds=clock.elapsed,
                    target_seconds=clock.duration,
                    met=clock.met,
                )


def agreement_of(source: Import, *, now: datetime) -> Agreement:
    """How far the import's clocks and audit, as of `now` (UTC), agree with what the other system claimed."""
    agreement = Agreement()
    for page in _pages(source):
        keys = [row.record_id for row in page]
        clocks, movements = clocks_of_many(keys, now), movements_of(keys)
        for row in page:
            agreement.add(
                _outcome(
                    _standing(source, clocks.get(row.record_id, [])),
                    movements.get(row.record_id, Movements()),
                ),
                counters_claimed=row.claimed["counters"],
                verdicts_claimed=row.claimed["verdicts"],
            )
    return agreement


def _outcome(standing: dict[str, ClockView], movements: Movements) -> Outcome:
    return Outcome(
        verdicts={code: clock.met for code, clock in standing.items()},
        last=last_verdict(
            [(clock.kind, clock.metric, place, clock.met) for place, clock in enumerate(standing.values())]
        ),
        reassignments=movements.reassignments,
        reopenings=movements.reopenings,
    )


def _standing(source: Import, clocks: list[ClockView]) -> dict[str, ClockView]:
    """The last clock of each target of the import, by the mapping's code; clocks come oldest first."""
    standing: dict[str, ClockView] = {}
    for clock in clocks:
        code = source.targets.get(clock.code)
        if code is not None and clock.state not in ENDED_OTHERWISE:
            standing.pop(code, None)
            standing[code] = clock
    return standing


def _pages(source: Import) -> Iterator[list[ImportedRecord]]:
    rows = ImportedRecord.objects.filter(source=source).order_by("ordinal", "id")
    last: tuple[int, UUID] | None = None
    while True:
        page = list(
            rows.filter(Q(ordinal__gt=last[0]) | Q(ordinal=last[0], id__gt=last[1]))[:PAGE]
            if last
            else rows[:PAGE]
        )
        if not page:
            return
        yield page
        last = (page[-1].ordinal, page[-1].pk)
