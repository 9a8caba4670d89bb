"""Records as service levels measure them, whole: for those who count."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalogue.public import get_service
from records.models import Record
from sla import engine
from sla.engine import CustodyAnalysis, Hold, Ruling, Timeline, UserClock, user_clock
from sla.engine.rulings import ClockKey
from sla.services.book import Definitions, definitions
from sla.services.history import changes_of, seconds, steps_with
from sla.services.rulings import rulings_on
from tenancy.public import compiled


class Measured(NamedTuple):
    """One record: its history, its clocks and user's clock at the instant of measuring, and its custody.

    Where disputes were upheld, `ruled_holds` is custody as ruled, and `ruled_met` holds the verdicts that rulings
    changed (None: open again), by (target, party, instant of matching).
    """

    record_id: UUID
    is_restricted: bool
    line: Timeline
    clocks: tuple[engine.Clock, ...]
    holds: tuple[Hold, ...]
    user_clock: UserClock | None
    analysis: CustodyAnalysis
    ruled_holds: tuple[Hold, ...] | None = None
    ruled_met: Mapping[ClockKey, bool | None] = MappingProxyType({})


class Header(NamedTuple):
    """What is read of a record to measure it; the record itself will do as well."""

    pk: UUID
    kind: str
    requester_id: UUID | None
    is_restricted: bool


@compiled
def _headers(*, keys: Collection[UUID]) -> QuerySet[Record, Any]:
    return Record.objects.filter(pk__among=keys).values_list(*Header._fields)


def measure_records(
    *, keys: Sequence[UUID], now: datetime, also: Mapping[UUID, Sequence[Ruling]] = MappingProxyType({})
) -> list[Measured]:
    """Measure the records with these keys at `now` (UTC), from the audit alone; keys of no record are left out.

    `also` are rulings to be, by record: as if they came after all that were made.
    """
    if not keys:
        return []
    held, at = definitions(), seconds(now)
    headers = [Header(*row) for row in _headers(keys=keys)]
    steps: dict[UUID, list[Any]] = defaultdict(list)
    for step in steps_with(keys=[header.pk for header in headers]):
        steps[step.record_id].append(step)
    rulings = rulings_on([header.pk for header in headers])
    return [
        measured_from(
            header, steps[header.pk], held, at, [*rulings.get(header.pk, ()), *also.get(header.pk, ())]
        )
        for header in headers
        if steps[header.pk]
    ]


def measured_from(
    header: Header, steps: Sequence[Any], held: Definitions, at: int, rulings: Sequence[Ruling] = ()
) -> Measured:
    """A record as its steps, at least one, say at `at` (epoch seconds), or at the last of them if that is later."""
    # Rows of the columns that a history is made of stand in for the record and its entries.
    changes = changes_of(header, steps, held.parents)
    line = engine.timeline(changes)
    now = max(at, seconds(steps[-1].at))
    clocks = engine.compute_clocks(timeline=line, definitions=held.book, calendars=held.calendars, now=now)
    measured = Measured(
        header.pk,
        header.is_restricted,
        line,
        clocks,
        engine.custody(timeline=line),
        _user_clock(line, held, now),
        engine.analyse(timeline=line, changes=changes, now=now, clocks=clocks),
    )
    return _ruled(measured, held, now, rulings) if rulings else measured


def _ruled(measured: Measured, held: Definitions, now: int, rulings: Sequence[Ruling]) -> Measured:
    line = engine.ruled_timeline(measured.line, rulings)
    clocks = engine.compute_clocks(timeline=line, definitions=held.book, calendars=held.calendars, now=now)
    return measured._replace(
        ruled_holds=engine.ruled_custody(measured.holds, rulings),
        ruled_met=engine.ruled_verdicts(measured.clocks, clocks, rulings),
    )


def _user_clock(line: Timeline, held: Definitions, now: int) -> UserClock | None:
    """The user's clock in the hours of the service that the record ended up with; None where that has no hours."""
    service = line.segments[-1].attributes.service
    known = get_service(UUID(str(service))) if service else None
    if known is None or known.hours_id is None:
        return None
    calendar = held.calendars[str(known.hours_id)](line.opened_at)
    return user_clock(timeline=line, calendar=calendar, now=now)


def record_keys(*, page: int) -> Iterator[list[UUID]]:
    """The keys of all records of the tenant in scope, `page` at a time; also of those that come meanwhile."""
    last: UUID | None = None
    while True:
        records = Record.objects.order_by("id")
        if last is not None:
            records = records.filter(pk__gt=last)
        keys = list(records.values_list("pk", flat=True)[:page])
        if not keys:
            return
        yield keys
        last = keys[-1]
