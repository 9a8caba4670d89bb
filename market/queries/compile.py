"""A query of the market's as a queryset of ours. Names are looked up among fields; none reaches SQL as text."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, Count, F, OrderBy, OuterRef, Q, QuerySet, Subquery, Value, When

from market.engine.query import Condition, Group, Joined, Query, Related, Term
from market.queries.conditions import NOTHING, Reading, between_fields, condition_on
from market.queries.fields import Field, Table
from market.queries.tables import find_field, find_table
from records.models import Comment, WorkNote

_COUNTED = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "=": "exact", "!=": "exact"}
_DEEPEST = 3


def rows_of(table: Table, query: Query, reading: Reading, *, depth: int = 0) -> QuerySet[Any]:
    """The rows of a table that the caller may see and that the query asks for, unordered.

    A condition on a field that is not there is left out, as the market's product does it.
    """
    rows = table.visible(reading.actor)
    wanted = Q()
    for group in query.groups:
        found = _group(table, group, reading, depth)
        # One group of nothing known asks for everything, whatever the others ask for.
        if found is None:
            return rows
        wanted |= found
    return rows.filter(wanted) if query.groups else rows


def _group(table: Table, group: Group, reading: Reading, depth: int) -> Q | None:
    wanted: Q | None = None
    for alternatives in group:
        any_of: Q | None = None
        for term in alternatives:
            found = _term(table, term, reading, depth)
            if found is not None:
                any_of = found if any_of is None else any_of | found
        if any_of is not None:
            wanted = any_of if wanted is None else wanted & any_of
    return wanted


def _term(table: Table, term: Term, reading: Reading, depth: int) -> Q | None:
    if isinstance(term, Condition):
        return _condition(table, term, reading)
    if depth >= _DEEPEST:
        return None
    return (
        _related(term, reading, depth) if isinstance(term, Related) else _joined(table, term, reading, depth)
    )


def _condition(table: Table, condition: Condition, reading: Reading) -> Q | None:
    field = find_field(table, condition.field, reading.actor)
    if field is None:
        return None
    if field.kind == "journal":
        return _said_in(field, condition)
    if condition.operator in ("SAMEAS", "NSAMEAS") or condition.operator.endswith("_FIELD"):
        other = find_field(table, condition.value.strip(), reading.actor)
        found = between_fields(field, condition.operator, other) if other else None
        return None if found is None else _at_home(table, field, found)
    return _at_home(table, field, condition_on(field, condition, reading))


def _at_home(table: Table, field: Field, condition: Q) -> Q:
    """The condition as one on the table's own rows."""
    if not field.is_detail or table.detail is None or condition == NOTHING:
        return condition
    return Q(pk__in=table.detail.objects.filter(condition).values("pk"))


def _said_in(field: Field, condition: Condition) -> Q:
    """Records on which something was said, or something that holds these words."""
    rows = Q()
    for model, name in ((Comment, "comments"), (WorkNote, "work_notes")):
        if field.name not in (name, "comments_and_work_notes"):
            continue
        said = model.objects.all()
        if condition.operator in ("LIKE", "=", "STARTSWITH", "ENDSWITH", "NOT LIKE"):
            said = said.filter(body__icontains=condition.value)
        rows |= Q(pk__in=said.values("record_id"))
    return ~rows if condition.operator in ("ISEMPTY", "NOT LIKE") else rows


def _related(term: Related, reading: Reading, depth: int) -> Q | None:
    other = find_table(term.table, reading.actor)
    field = find_field(other, term.field, reading.actor) if other else None
    if other is None or field is None or field.kind not in ("reference", "id") or field.is_detail:
        return None
    if not reading.actor.may(other.permission):
        return None
    found = rows_of(other, term.where, reading, depth=depth + 1).filter(**{f"{field.path}__isnull": False})
    counted = found.order_by().values(field.path).annotate(rows_there=Count("pk"))
    with_some = counted.values(field.path)
    compare, count = term.compare, term.count
    if (compare, count) in ((">", 0), (">=", 1), ("!=", 0)):
        return Q(pk__in=with_some)
    if (compare, count) in (("=", 0), ("<", 1), ("<=", 0)):
        return ~Q(pk__in=with_some)
    fits = Q(pk__in=counted.filter(**{f"rows_there__{_COUNTED[compare]}": count}).values(field.path))
    fits = ~fits if compare == "!=" else fits
    # Rows that nothing refers to have none, which is fewer than any.
    return fits | ~Q(pk__in=with_some) if compare in ("<", "<=") else fits


def _joined(table: Table, term: Joined, reading: Reading, depth: int) -> Q | None:
    other = find_table(term.table, reading.actor)
    if other is None or not reading.actor.may(other.permission):
        return None
    own, theirs = find_field(table, term.field, reading.actor), find_field(other, term.other, reading.actor)
    if own is None or theirs is None or own.is_detail or theirs.is_detail or not own.is_like(theirs):
        return None
    found = rows_of(other, term.where, reading, depth=depth + 1)
    return Q(**{f"{own.path}__in": found.values(theirs.path)})


def ordered(
    rows: QuerySet[Any], table: Table, order: Sequence[tuple[str, bool]], reading: Reading
) -> QuerySet[Any]:
    """The rows in the order asked for, the key last, so that pages neither overlap nor miss any."""
    by: list[Any] = []
    for number, (name, is_descending) in enumerate(order):
        field = find_field(table, name, reading.actor)
        if field is None or field.kind in ("said", "journal", "link"):
            continue
        if field.kind == "id" and not field.is_detail:
            by.append(OrderBy(F(field.path), descending=is_descending))
            continue
        column: Any = F(field.display or field.path)
        if field.choices is not None:
            column = Case(
                *(
                    When(**{field.path: ours}, then=Value(theirs))
                    for ours, theirs in field.choices.theirs.items()
                    if ours != "None"
                ),
                default=Value(""),
                output_field=CharField(),
            )
        if field.is_detail and table.detail is not None:
            beside = table.detail.objects.filter(pk=OuterRef("pk")).annotate(by=column).values("by")[:1]
            rows = rows.alias(**{f"by_{number}": Subquery(beside)})
            column = F(f"by_{number}")
        by.append(OrderBy(column, descending=is_descending))
    if not by:
        return rows.order_by(*table.order)
    return rows.order_by(*by, "pk")
