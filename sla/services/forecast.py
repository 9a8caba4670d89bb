"""Counting what became of like records, and trying the forecast on history. In the tenant in scope."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from people.public import directory
from records.models import Record
from sla import engine
from sla.engine import BackTest, Case, Tally, TallyBook, back_test, case_of
from sla.models import ForecastTally
from sla.services.book import definitions
from sla.services.history import seconds, steps_with, timeline_of
from tenancy.engine.bulk import insert_in_bulk

PAGE = 500
# Further back than a year teams, suppliers and habits were others.
HISTORY = timedelta(days=365)


class NoHistoryError(ValueError):
    """There is no record whose promise came to an end."""

    code = "forecast_without_history"


class Counted(NamedTuple):
    """What a rebuild came to."""

    records: int
    breached: int
    tallies: int


class _Record(NamedTuple):
    """What counting reads of a record."""

    pk: UUID
    kind: str
    requester_id: UUID | None


def rebuild_forecasts(*, at: datetime) -> Counted:
    """Count anew what became of the records opened in the year up to `at` (UTC), and put it in place of the old counts.

    Readers find the old counts or the new ones, never some of each.
    """
    book = TallyBook()
    for _, case in cases(start=at - HISTORY, now=at):
        book.add(case)
    tallies = book.tallies()
    rows = [_row(key, tally, at) for key, tally in tallies.items()]
    with transaction.atomic():
        ForecastTally.objects.all().delete()
        insert_in_bulk(rows)
    return Counted(book.cases, book.breached, len(rows))


def try_forecasts(
    *, cut: datetime | None, now: datetime, origin: str = "", is_rolling: bool = False
) -> tuple[datetime, BackTest]:
    """Learn from what was known at `cut` (UTC; default: when half of the records were opened), try what came later.

    `origin` takes only the history imported under that name; `is_rolling` goes on learning. Raises NoHistoryError.
    """
    found = list(cases(start=None, now=now, origin=origin))
    if not found:
        raise NoHistoryError("no record of this history has a promise that came to an end")
    if cut is None:
        opened = sorted(opened_at for opened_at, _ in found)
        cut = datetime.fromtimestamp(opened[len(opened) // 2], tz=now.tzinfo)
    return cut, back_test(cases=found, cut=seconds(cut), is_rolling=is_rolling)


def cases(*, start: datetime | None, now: datetime, origin: str = "") -> Iterator[tuple[int, Case]]:
    """What became of each record's promise as known at `now` (UTC), with when it was opened (epoch seconds).

    Page by page, so that memory does not grow with the history.
    """
    held = definitions()
    last: UUID | None = None
    while page := _page(start, last):
        last = page[-1].pk
        entries: dict[UUID, list[Any]] = defaultdict(list)
        for entry in steps_with(keys=[record.pk for record in page]):
            entries[entry.record_id].append(entry)
        for record in page:
            # Rows of the columns that a history is made of stand in for the record and its entries.
            line = timeline_of(record, entries[record.pk], held.parents)
            if origin and line.spans[-1].attributes.origin != origin:
                continue
            clocks = engine.compute_clocks(
                timeline=line, definitions=held.book, calendars=held.calendars, now=seconds(now)
            )
            case = case_of(timeline=line, clocks=clocks)
            if case is not None:
                yield line.opened_at, case


def _page(start: datetime | None, last: UUID | None) -> list[_Record]:
    records = Record.objects.order_by("id")
    if start is not None:
        records = records.filter(opened_at__gte=start)
    if last is not None:
        records = records.filter(pk__gt=last)
    return [_Record(*row) for row in records.values_list(*_Record._fields)[:PAGE]]


def _row(key: str, tally: Tally, at: datetime) -> ForecastTally:
    return ForecastTally(
        key=key,
        provider_id=_provider_of(key),
        opened=list(tally.opened),
        breached=list(tally.breached),
        known_until=at,
    )


def _provider_of(key: str) -> UUID | None:
    group = engine.group_of(key)
    if not group:
        return None
    found = directory.holding(lambda held: UUID(group) in held.groups).groups.get(UUID(group))
    return None if found is None else found.provider_id
