"""Proving the figures equal to the audit, and making them so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from reporting.engine.dimensions import COLUMNS, DIMENSIONS, kept_shapes, shape_of
from reporting.services.refresh import compute_facts, lock_totals, refresh_records, stored_facts
from sla.public import record_keys
from tenancy.engine.scope import current_tenant_id

PAGE = 250

_COLUMNS = tuple(COLUMNS.values())
_LISTED = ", ".join(_COLUMNS)
_GRAINS = f"""
SELECT measure, period, {_LISTED}, sum(amount)::bigint AS amount, sum(ruled)::bigint AS ruled
FROM reporting_fact GROUP BY measure, period, {_LISTED}
"""  # noqa: S608  names of ours
# Cells are summed from the grains, which are far fewer than facts: reading those for each shape took minutes for a
# tenant of a million records.
_TEXTS = ", ".join(f"coalesce({column}::text, '') AS {column}" for column in _COLUMNS)
_VALUES = ", ".join(f"CASE WHEN GROUPING({column}) = 0 THEN {column} END" for column in _COLUMNS)
# GROUPING sets a bit for each column that is summed over, the last named the lowest: what is left is the shape.
_SHAPE = f"{shape_of(set(DIMENSIONS))} - GROUPING({', '.join(reversed(_COLUMNS))})"
_SETS = ", ".join(f"({', '.join(COLUMNS[each] for each in dimensions)})" for _, dimensions in kept_shapes())
_CELLS = f"""
SELECT measure, shape, period, coalesce(held[1], '') AS first, coalesce(held[2], '') AS second, provider_id,
  amount, ruled
FROM (
  SELECT measure, {_SHAPE} AS shape, period, array_remove(ARRAY[{_VALUES}], NULL) AS held,
    CASE WHEN GROUPING(provider_id) = 0 THEN nullif(provider_id, '')::uuid END AS provider_id,
    sum(amount)::bigint AS amount, sum(ruled)::bigint AS ruled
  FROM (SELECT measure, period, {_TEXTS}, amount, ruled FROM reporting_grain) AS grains
  GROUP BY measure, period, GROUPING SETS ({_SETS})
) AS summed
"""  # noqa: S608  names of ours


@dataclass(frozen=True, slots=True)
class _Totals:
    """A table of totals: what it should hold, by which columns its rows are told apart, and which others it has."""

    table: str
    sums: str
    key: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def wrong(self) -> str:
        """A statement that counts the totals that are not what they should be."""
        return f"""
SELECT count(*) FROM ({self.sums}) AS f FULL JOIN {self.table} AS t ON {self._same}
WHERE coalesce(f.amount, 0) <> coalesce(t.amount, 0) OR coalesce(f.ruled, 0) <> coalesce(t.ruled, 0)
"""  # noqa: S608  names of ours

    @property
    def correct(self) -> str:
        """A statement that makes them so, writing only what differs. Takes the tenant twice."""
        columns = (*self.key, *self.others, "amount", "ruled")
        return f"""
MERGE INTO {self.table} AS t USING ({self.sums}) AS f ON t.tenant_id = %s AND {self._same}
WHEN MATCHED AND (t.amount, t.ruled) <> (f.amount, f.ruled) THEN UPDATE SET amount = f.amount, ruled = f.ruled
WHEN NOT MATCHED BY SOURCE THEN DELETE
WHEN NOT MATCHED BY TARGET THEN INSERT (id, tenant_id, {", ".join(columns)})
  VALUES (uuidv7(), %s, {", ".join(f"f.{each}" for each in columns)})
"""  # noqa: S608  names of ours

    @property
    def _same(self) -> str:
        # Told apart as text, in which no value is one too: joins on IS NOT DISTINCT FROM are not hashed.
        return " AND ".join(
            f"coalesce(t.{each}::text, '') = coalesce(f.{each}::text, '')" for each in self.key
        )


# In this order: cells are summed from grains.
_TOTALS = (
    _Totals("reporting_grain", _GRAINS, ("measure", "period", *_COLUMNS)),
    _Totals(
        "reporting_cell", _CELLS, ("measure", "shape", "period", "first", "second"), others=("provider_id",)
    ),
)
# Reading every fact of a great tenant outlasts what a page may take, and is done by whoever runs the command.
_WITHOUT_HASTE = "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'"


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
    """Make every total of the tenant in scope the sum of its facts; meanwhile its figures wait, no other tenant's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WITHOUT_HASTE)
        lock_totals()
        for totals in _TOTALS:
            cursor.execute(totals.correct, [current_tenant_id(), current_tenant_id()])


def check(*, now: datetime) -> Iterator[RebuildPage]:
    """As `rebuild`, but only count what is wrong; the last page, of no records, counts wrong totals."""
    for keys in record_keys(page=PAGE):
        yield RebuildPage(len(keys), _wrong_facts(keys, now))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WITHOUT_HASTE)
        wrong = 0
        for totals in _TOTALS:
            cursor.execute(totals.wrong)
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
