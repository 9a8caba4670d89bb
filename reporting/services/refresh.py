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
# Measure, shape, period, first value, second value.
_Cell = tuple[str, int, date, str, str]
_PROVIDER = DIMENSIONS.index("provider")

# In the order of their keys, as every transaction takes these rows: two that share some wait, and never for each other.
_ADD_CELLS = """
INSERT INTO reporting_cell (id, tenant_id, measure, shape, period, first, second, provider_id, amount, ruled)
SELECT uuidv7(), %s, measure, shape, period, first, second, provider, amount, ruled
FROM unnest(%s::text[], %s::int[], %s::date[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[])
  AS d(measure, shape, period, first, second, provider, amount, ruled)
ON CONFLICT (tenant_id, measure, shape, period, first, second)
DO UPDATE SET amount = reporting_cell.amount + excluded.amount, ruled = reporting_cell.ruled + excluded.ruled
"""
_ADD_GRAINS = """
INSERT INTO reporting_grain (id, tenant_id, measure, period, service, organisation, support_group, provider_id,
  priority, target, amount, ruled)
SELECT uuidv7(), %s, d.* FROM unnest(%s::text[], %s::date[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[],
  %s::uuid[], %s::bigint[], %s::bigint[]) AS d
ON CONFLICT (tenant_id, measure, period, service, organisation, support_group, provider_id, priority, target)
DO UPDATE SET amount = reporting_grain.amount + excluded.amount, ruled = reporting_grain.ruled + excluded.ruled
"""

# Totals that came down to nothing. What is open now bears days, and days go by.
_FORGET_CELLS = """
DELETE FROM reporting_cell c
USING unnest(%s::text[], %s::int[], %s::date[], %s::text[], %s::text[]) AS d(measure, shape, period, first, second)
WHERE (c.measure, c.shape, c.period, c.first, c.second) = (d.measure, d.shape, d.period, d.first, d.second)
  AND c.amount = 0 AND c.ruled = 0
"""
_FORGET_GRAINS = """
DELETE FROM reporting_grain g
USING unnest(%s::text[], %s::date[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::uuid[])
  AS d(measure, period, service, organisation, support_group, provider, priority, target)
WHERE (g.measure, g.period) = (d.measure, d.period) AND g.service IS NOT DISTINCT FROM d.service
  AND g.organisation IS NOT DISTINCT FROM d.organisation AND g.support_group IS NOT DISTINCT FROM d.support_group
  AND g.provider_id IS NOT DISTINCT FROM d.provider AND g.priority IS NOT DISTINCT FROM d.priority
  AND g.target IS NOT DISTINCT FROM d.target AND g.amount = 0 AND g.ruled = 0
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
        add_to_totals(change, ruled)
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
    """Wait for whoever refreshes one of these records, and for whoever makes the tenant's totals anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The totals first: who already holds a record must not wait behind one who waits for all others.
            "SELECT pg_advisory_xact_lock_shared(hashtextextended('totals', %s));"
            " SELECT count(pg_advisory_xact_lock(hashtextextended('figures' || key, 0)))"
            " FROM (SELECT unnest(%s::text[]) AS key ORDER BY 1) AS keys",
            [current_tenant_id(), [str(key) for key in keys]],
        )


def lock_totals() -> None:
    """Wait until nobody adds to the totals of the tenant in scope, and keep all from it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('totals', %s))", [current_tenant_id()])


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


def add_to_totals(change: Counter[_Contribution], ruled: Counter[_Contribution]) -> None:
    """Add differences of facts to every total that they are part of."""
    places = sorted((place for place in change if change[place] or ruled[place]), key=_spelled)
    if not places:
        return
    columns = [[_written(place[index]) for place in places] for index in range(len(places[0]))]
    _add(
        _ADD_GRAINS,
        _FORGET_GRAINS,
        columns=columns,
        more=[],
        amounts=[(change[place], ruled[place]) for place in places],
    )
    amounts: dict[_Cell, tuple[int, int]] = {}
    for place in places:
        for cell in _cells_of(place):
            before = amounts.get(cell, (0, 0))
            amounts[cell] = (before[0] + change[place], before[1] + ruled[place])
    cells = sorted(cell for cell, sums in amounts.items() if any(sums))
    _add(
        _ADD_CELLS,
        _FORGET_CELLS,
        columns=[[cell[index] for cell in cells] for index in range(5)],
        more=[[_provider_of(cell) for cell in cells]],
        amounts=[amounts[cell] for cell in cells],
    )


def _add(
    add: str,
    forget: str,
    *,
    columns: list[list[Any]],
    more: list[list[Any]],
    amounts: list[tuple[int, int]],
) -> None:
    """Add amounts, measured and ruled, to the totals that `columns` name; forget those that came to nothing."""
    with connection.cursor() as cursor:
        sums = [[each[side] for each in amounts] for side in (0, 1)]
        cursor.execute(add, [current_tenant_id(), *columns, *more, *sums])
        if any(min(each) < 0 for each in amounts):
            cursor.execute(forget, columns)


def _spelled(place: _Contribution) -> tuple[str, ...]:
    return tuple(str(value) for value in place)


def _written(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _cells_of(place: _Contribution) -> list[_Cell]:
    measure, period, *values = place
    texts = dict(
        zip(DIMENSIONS, (NO_VALUE if value is None else str(value) for value in values), strict=True)
    )
    found = []
    for shape, dimensions in kept_shapes():
        first, second = (*(texts[each] for each in dimensions), NO_VALUE, NO_VALUE)[:2]
        found.append((measure, shape, period, first, second))
    return found


def _provider_of(cell: _Cell) -> str | None:
    _, shape, _, first, second = cell
    if not shape >> _PROVIDER & 1:
        return None
    # The provider is the first of two dimensions unless one that stands before it is in the shape as well.
    return (second if shape & ((1 << _PROVIDER) - 1) else first) or None
