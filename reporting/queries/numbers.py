"""What a number is made of: the records behind it, one by one."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from doors.engine.keyset import Order, page_of
from people.public import Actor, directory
from records.public import Record, kind_of, visible_to
from reporting.engine.columns import Column
from reporting.engine.measures import MEASURES
from reporting.engine.questions import Question
from reporting.models import Fact
from reporting.queries.boards import bounds, today_of
from reporting.queries.figures import Answer, Figure, answer
from sla.public import target_names

NEWEST_FIRST = Order("at")


class Contribution(NamedTuple):
    """What one record adds to a number. `number` and `feed` are "" where the reader may not see the record itself."""

    number: str
    feed: str
    title: str
    measure: str
    at: datetime
    group: str
    provider: str
    target: str
    amount: int
    ruled: int


class Evidence(NamedTuple):
    """A number with a page of what it is made of."""

    sums: dict[str, Figure]
    rows: list[Contribution]
    next_cursor: str
    previous_cursor: str
    targets: list[str]


def evidence(
    actor: Actor, *, column: Column, question: Question, now: datetime, cursor: str = "", limit: int = 50
) -> Evidence:
    """The records behind a figure, the latest decided first. Raises CursorError.

    `question` must have been narrowed to what the actor may see (`reporting.policy.narrowed`).
    """
    found = answer(question, measures=column.measures, by="target")
    chosen = _facts(column, question, now, found)
    page = page_of(chosen, order=NEWEST_FIRST, limit=limit, cursor=cursor)
    facts: list[Fact] = list(page.rows)
    records = _records(actor, {fact.record_id for fact in facts})
    names = target_names()
    start, end = bounds(column.days or (None, None), today_of(now))
    sums = {
        code: found.between(code, start, end) if column.days else found.total(code)
        for code in column.measures
    }
    targets = [names[value] for value in found.values(column.measures) if value in names]
    rows = [_contribution(fact, records.get(fact.record_id), names) for fact in facts]
    return Evidence(sums, rows, page.next_cursor, page.previous_cursor, sorted(targets))


def _facts(column: Column, question: Question, now: datetime, found: Answer) -> QuerySet[Fact]:
    by_month = [code for code in column.measures if MEASURES[code].period == "month"]
    by_day = [code for code in column.measures if MEASURES[code].period == "day"]
    start, end = bounds(column.days or (None, None), today_of(now))
    facts = Fact.objects.filter(
        Q(_decided_within(found.periods(by_month)), measure__in=by_month)
        | Q(measure__in=by_day, period__gte=start, period__lt=end)
    )
    for name, values in question.filters.items():
        keys = [value for value in values if value]
        chosen = Q(**{f"{name}__in": keys})
        facts = facts.filter(chosen | Q(**{f"{name}__isnull": True}) if "" in values else chosen)
    return facts


def _decided_within(months: list[date]) -> Q:
    """Of these months; the instants that they span, in whatever zone, are what the index finds few of many by."""
    if not months:
        return Q(pk__in=())
    start, end = (datetime.combine(month, time(), UTC) for month in (months[0], months[-1]))
    return Q(period__in=months, at__gte=start - timedelta(days=1), at__lt=end + timedelta(days=32))


def _records(actor: Actor, keys: set[UUID]) -> dict[UUID, Record]:
    return {record.pk: record for record in visible_to(actor, Record.objects.filter(pk__in=keys))}


def _contribution(fact: Fact, record: Record | None, names: dict[str, str]) -> Contribution:
    known = directory()
    group = known.groups.get(fact.support_group) if fact.support_group else None
    provider = known.providers.get(fact.provider_id) if fact.provider_id else None
    return Contribution(
        number=record.number if record else "",
        feed=kind_of(record.kind).feed if record else "",
        title=record.title if record else "",
        measure=fact.measure,
        at=fact.at,
        group=group.name if group else "",
        provider=provider.name if provider else "",
        target=names.get(str(fact.target), "") if fact.target else "",
        amount=fact.amount,
        ruled=fact.ruled,
    )
