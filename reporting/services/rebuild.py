"""Proving the figures equal to the audit, and making them so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from reporting.engine.dimensions import DIMENSIONS, kept_shapes
from reporting.services.refresh import compute_facts, refresh_records, stored_facts
from sla.public import record_keys
from tenancy.engine.scope import current_tenant_id

PAGE = 250
_COLUMN = {"provider": "provider_id"}

_TOTALS = """
SELECT measure, period, {first} AS first, {second} AS second, {provider} AS provider,
  sum(amount) AS amount, sum(ruled) AS ruled
FROM reporting_fact GROUP BY 1, 2, 3, 4, 5
"""
_WRONG = """
SELECT count(*) FROM ({totals}) f FULL JOIN (SELECT * FROM reporting_cell WHERE shape = %s) c
  ON (c.measure, c.period, c.first, c.second) = (f.measure, f.period, f.first, f.second)
WHERE coalesce(f.amount, 0) <> coalesce(c.amount, 0) OR coalesce(f.ruled, 0) <> coalesce(c.ruled, 0)
"""
_REPLACE = """
INSERT INTO reporting_cell (id, tenant_id, measure, shape, period, first, second, provider_id, amount, ruled)
SELECT uuidv7(), %s, measure, %s, period, first, second, provider, amount, ruled
FROM ({totals}) f
"""


@dataclass(frozen=True, slots=True)
class RebuildPage:
    """What came of some records: how many there were, and how many of their facts were wrong."""

    records: int
    wrong: int


def rebuild(*, now: datetime) -> Iterator[RebuildPage]:
    """Make every figure of the tenant in scope what its audit says at `now` (UTC), page by page, then every total.

    May be stopped and run again; figures are right record by record, and totals as ever the sum of facts.
    """
    for keys in record_keys(page=PAGE):
        yield RebuildPage(len(keys), refresh_records(keys=keys, now=now))
    rebuild_totals()


def rebuild_totals() -> None:
    """Make every total of the tenant in scope the sum of its facts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reporting_cell IN SHARE ROW EXCLUSIVE MODE")
        for shape, statement in _by_shape():
            cursor.execute(_WRONG.format(totals=statement), [shape])
            if cursor.fetchone()[0]:
                cursor.execute("DELETE FROM reporting_cell WHERE shape = %s", [shape])
                cursor.execute(_REPLACE.format(totals=statement), [current_tenant_id(), shape])


def check(*, now: datetime) -> Iterator[RebuildPage]:
    """As `rebuild`, but only count what is wrong; the last page, of no records, counts wrong totals."""
    for keys in record_keys(page=PAGE):
        yield RebuildPage(len(keys), _wrong_facts(keys, now))
    wrong = 0
    with connection.cursor() as cursor:
        for shape, statement in _by_shape():
            cursor.execute(_WRONG.format(totals=statement), [shape])
            wrong += int(cursor.fetchone()[0])
    yield RebuildPage(0, wrong)


def _wrong_facts(keys: list[UUID], now: datetime) -> int:
    stored, computed = stored_facts(keys), compute_facts(keys=keys, now=now)
    wrong = 0
    for key in keys:
        before = Counter(values for _, values in stored.get(key, ()))
        after = Counter(computed.get(key, ()))
        wrong += sum((before - after).values()) + sum((after - before).values())
    return wrong


def _by_shape() -> Iterator[tuple[int, str]]:
    for shape, dimensions in kept_shapes():
        columns = [f"coalesce({_COLUMN.get(each, each)}::text, '')" for each in dimensions]
        first, second = (*columns, "''", "''")[:2]
        provider = "provider_id" if DIMENSIONS[3] in dimensions else "NULL::uuid"
        yield shape, _TOTALS.format(first=first, second=second, provider=provider)
