"""Bringing the figures of some records up to what their audit says."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from people.public import directory, get_tenant
from reporting.engine.dimensions import DIMENSIONS, NO_VALUE, kept_shapes
from reporting.engine.facts import Fact, Story, facts_of
from reporting.models import Fact as StoredFact
from sla.public import Measured, measure_records
from tenancy.engine.bulk import insert_in_bulk
from tenancy.engine.scope import current_tenant_id

FACT_COLUMNS = (
    "measure",
    "period",
    "at",
    "service",
    "organisation",
    "support_group",
    "provider_id",
    "priority",
    "target",
    "amount",
    "ruled",
)
# A fact without what it amounts to: by this two facts of a record are the same one or not.
_Contribution = tuple[Any, ...]
_PROVIDER = DIMENSIONS.index("provider")

# In the order of their keys, as every transaction takes these rows: two that share some wait, and never for each other.
_ADD = """
INSERT INTO reporting_cell (id, tenant_id, measure, shape, period, first, second, provider_id, amount, ruled)
SELECT uuidv7(), %s, measure, shape, period, first, second, provider, amount, ruled
FROM unnest(%s::text[], %s::int[], %s::date[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[])
  AS d(measure, shape, period, first, second, provider, amount, ruled)
ON CONFLICT (tenant_id, measure, shape, period, first, second)
DO UPDATE SET amount = reporting_cell.amount + excluded.amount, ruled = reporting_cell.ruled + excluded.ruled
"""

# Totals that came down to nothing. What is open now bears days, and days go by.
_FORGET = """
DELETE FROM reporting_cell c
USING unnest(%s::text[], %s::int[], %s::date[], %s::text[], %s::text[]) AS d(measure, shape, period, first, second)
WHERE (c.measure, c.shape, c.period, c.first, c.second) = (d.measure, d.shape, d.period, d.first, d.second)
  AND c.amount = 0 AND c.ruled = 0
"""


def refresh_records(*, keys: Iterable[UUID], now: datetime) -> int:
    """Make the facts of these records, and the totals, those of their audit at `now` (UTC); returns facts changed.

    May run any number of times, and beside itself: it writes differences only, record by record under a lock.
    """
    wanted = sorted(set(keys))
    with transaction.atomic():
        # Held until the end: a second run for the same record computes its difference after this one.
        _lock(wanted)
        stored = stored_facts(wanted)
        fresh = compute_facts(keys=wanted, now=now)
        gone: list[UUID] = []
        new: list[StoredFact] = []
        change: Counter[_Contribution] = Counter()
        ruled: Counter[_Contribution] = Counter()
        for record in wanted:
            before, after = stored[record], Counter(fresh.get(record, ()))
            for key, values in before:
                if after[values] > 0:
                    after[values] -= 1
                    continue
                gone.append(key)
                _count(change, ruled, values, -1)
            for values in after.elements():
                new.append(_row(record, values))
                _count(change, ruled, values, 1)
        if gone:
            StoredFact.objects.filter(pk__in=gone).delete()
        insert_in_bulk(new)
        add_to_cells(change, ruled)
    return len(gone) + len(new)


def compute_facts(*, keys: Sequence[UUID], now: datetime) -> dict[UUID, list[_Contribution]]:
    """What these records contribute by their audit; nothing for restricted ones, which no figure may betray."""
    zone, groups = get_tenant(current_tenant_id()).time_zone, group_providers()
    return {
        each.record_id: contributions(each, zone=zone, groups=groups, now=now)
        for each in measure_records(keys=keys, now=now)
        if not each.is_restricted
    }


def group_providers() -> dict[str | int, str | int]:
    """Each support group's provider, by their keys as the engine spells them."""
    return {str(key): str(group.provider_id) for key, group in directory().groups.items()}


def contributions(
    measured: Measured, *, zone: str, groups: Mapping[str | int, str | int], now: datetime
) -> list[_Contribution]:
    """What a record contributes as it was measured at `now` (UTC): rows of FACT_COLUMNS, months those of the zone."""
    story = Story(
        line=measured.line,
        clocks=measured.clocks,
        holds=measured.holds,
        user_clock=measured.user_clock,
        analysis=measured.analysis,
        zone=zone,
        now=int(now.timestamp()),
        ruled_holds=measured.ruled_holds,
        ruled_met=measured.ruled_met,
        group_providers=groups,
    )
    return [_contribution(fact) for fact in facts_of(story)]


def _contribution(fact: Fact) -> _Contribution:
    """A fact as its row holds it, keys and instants as the database gives them back."""
    keys = [
        UUID(str(key)) if key else None
        for key in (fact.service, fact.organisation, fact.support_group, fact.provider)
    ]
    at = datetime.fromtimestamp(fact.at, UTC)
    target = UUID(str(fact.target)) if fact.target else None
    return (fact.measure, fact.period, at, *keys, fact.priority, target, fact.amount, fact.ruled)


def _row(record: UUID, values: _Contribution) -> StoredFact:
    return StoredFact(record_id=record, **dict(zip(FACT_COLUMNS, values, strict=True)))


def _lock(keys: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(hashtextextended('figures' || key, 0)))"
            " FROM (SELECT unnest(%s::text[]) AS key ORDER BY 1) AS keys",
            [[str(key) for key in keys]],
        )


def stored_facts(keys: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, _Contribution]]]:
    """The facts of these records as stored, each with its key."""
    found: dict[UUID, list[tuple[UUID, _Contribution]]] = defaultdict(list)
    rows = StoredFact.objects.filter(record_id__in=keys).values_list("record_id", "id", *FACT_COLUMNS)
    for record, key, *values in rows:
        found[record].append((key, tuple(values)))
    return found


def _count(
    change: Counter[_Contribution], ruled: Counter[_Contribution], values: _Contribution, sign: int
) -> None:
    measure, period, _, *dimensions, amount, ruled_amount = values
    place = (measure, period, *dimensions)
    change[place] += sign * amount
    ruled[place] += sign * ruled_amount


def add_to_cells(change: Counter[_Contribution], ruled: Counter[_Contribution]) -> None:
    """Add differences of facts to every total that they are part of."""
    amounts: Counter[tuple[Any, ...]] = Counter()
    ruled_amounts: Counter[tuple[Any, ...]] = Counter()
    for place in change.keys() | ruled.keys():
        if not change[place] and not ruled[place]:
            continue
        for cell in _cells_of(place):
            amounts[cell] += change[place]
            ruled_amounts[cell] += ruled[place]
    cells = sorted(cell for cell in amounts if amounts[cell] or ruled_amounts[cell])
    if not cells:
        return
    columns = [[cell[index] for cell in cells] for index in range(5)]
    providers = [_provider_of(cell) for cell in cells]
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            [
                current_tenant_id(),
                *columns,
                providers,
                [amounts[cell] for cell in cells],
                [ruled_amounts[cell] for cell in cells],
            ],
        )
        if any(amounts[cell] < 0 or ruled_amounts[cell] < 0 for cell in cells):
            cursor.execute(_FORGET, columns)


def _cells_of(place: _Contribution) -> list[tuple[str, int, date, str, str]]:
    measure, period, *values = place
    texts = dict(
        zip(DIMENSIONS, (NO_VALUE if value is None else str(value) for value in values), strict=True)
    )
    found = []
    for shape, dimensions in kept_shapes():
        first, second = (*(texts[each] for each in dimensions), NO_VALUE, NO_VALUE)[:2]
        found.append((measure, shape, period, first, second))
    return found


def _provider_of(cell: tuple[str, int, date, str, str]) -> str | None:
    _, shape, _, first, second = cell
    if not shape >> _PROVIDER & 1:
        return None
    # The provider is the first of two dimensions unless one that stands before it is in the shape as well.
    return (second if shape & ((1 << _PROVIDER) - 1) else first) or None
