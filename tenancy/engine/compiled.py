"""Queries whose shape never changes: written with the ORM, turned into SQL once a process, then only bound and run.

Building the SQL of a query takes Django several times as long as PostgreSQL takes to answer it. On the hot path a
function decorated with `compiled` says once what to read; every later call sends the kept statement (ADR 0008).

    @compiled
    def _steps(*, record_id: UUID) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(record_id=record_id).order_by("version")

    entries = _steps(record_id=record.pk)

Keyword arguments are values, bound anew at each call: UUIDs, text, whole numbers, instants, or collections of them for
the `among` look-up. Positional arguments are part of the shape: each combination is compiled by itself. Whatever else
the function reads (the clock, a setting) would be kept for ever, so it must read nothing else.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesListIterable,
    get_related_populators,
)

from tenancy.engine.prepared import sendable

RowT = TypeVar("RowT")
_COLLECTIONS = (list, tuple, set, frozenset)


class ShapeError(TypeError):
    """A query that cannot be compiled: a value that does not reach the statement, or rows of an unknown kind."""

    code = "query_shape"


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`column = ANY(array)`: like `in`, but the statement is the same however many values there are, none included."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The comparison, and the array as its one parameter."""
        column, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        # A cast to varchar(n) would cut the values short.
        cast = "text" if kind.startswith("varchar") else kind
        return f"{column} = ANY(%s::{cast}[])", [*params, list(self.rhs)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement, where its values come from, and what its rows become."""

    sql: str
    binders: tuple[tuple[str | None, Any], ...]
    read: Callable[[Sequence[tuple[Any, ...]]], list[Any]]

    def run(self, values: dict[str, Any]) -> list[Any]:
        params = [fixed if name is None else values[name] for name, fixed in self.binders]
        with connection.cursor() as cursor:
            cursor.execute(
                sendable(self.sql), [list(p) if isinstance(p, (set, frozenset)) else p for p in params]
            )
            rows = cursor.fetchall()
        return self.read(rows) if rows else []


class Compiled(Generic[RowT]):
    """A query compiled at its first call; calling it gives its rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, RowT]]) -> None:
        update_wrapper(self, build)
        self._build = build
        self._plans: dict[tuple[Hashable, ...], _Plan] = {}

    def __call__(self, *shape: Hashable, **values: Any) -> list[RowT]:
        """The rows for these values, in the query's order."""
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = _plan(self._build, shape, values)
        return plan.run(values)

    def first(self, *shape: Hashable, **values: Any) -> RowT | None:
        """The first row; None when there is none. The query itself says how many it reads at most."""
        return next(iter(self(*shape, **values)), None)


def compiled(build: Callable[..., QuerySet[Any, RowT]]) -> Compiled[RowT]:
    """Compile a query at its first call. Raises ShapeError there when it has no fixed shape."""
    return Compiled(build)


class CompiledCounts:
    """How many rows several queries have, each counted up to a limit, in one statement."""

    def __init__(self, build: Callable[..., Mapping[str, QuerySet[Any]]], *, most: int) -> None:
        update_wrapper(self, build)
        self._build = build
        self._most = most
        self._plans: dict[tuple[Hashable, ...], _Plan] = {}

    def __call__(self, *shape: Hashable, **values: Any) -> dict[str, int]:
        """The counts by name."""
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = self._plan(shape, values)
        found: dict[str, int] = plan.run(values)[0]
        return found

    def _plan(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> _Plan:
        marks = _marks(values)
        queries = self._build(*shape, **marks)
        parts, params = [], []
        for rows in queries.values():
            compiler = rows.values("pk")[: self._most].query.get_compiler(connection=connection)
            sql, bound = compiler.as_sql()
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  made by the ORM
            params += bound
        binders = _binders(self._build, params, marks)
        return _Plan(
            f"SELECT {', '.join(parts)}",
            binders,
            lambda found: [dict(zip(queries, row, strict=True)) for row in found],
        )


def compiled_counts(*, most: int) -> Callable[[Callable[..., Mapping[str, QuerySet[Any]]]], CompiledCounts]:
    """Compile a function that gives queries by name, to be counted to `most` each; an order says which rows first."""
    return lambda build: CompiledCounts(build, most=most)


def _plan(
    build: Callable[..., QuerySet[Any, Any]], shape: tuple[Hashable, ...], values: dict[str, Any]
) -> _Plan:
    marks = _marks(values)
    rows = build(*shape, **marks)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    return _Plan(sql, _binders(build, params, marks), _reader(rows, compiler))


def _marks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _mark(value, index) for index, (name, value) in enumerate(values.items())}


def _binders(
    build: Callable[..., Any], params: Iterable[Any], marks: dict[str, Any]
) -> tuple[tuple[str | None, Any], ...]:
    """For each parameter of a statement the value that it takes by name, or what it is by itself."""
    binders = tuple(_binder(param, marks) for param in params)
    missing = marks.keys() - {name for name, _ in binders}
    if missing:
        raise ShapeError(f"{build.__qualname__}: {', '.join(sorted(missing))} does not reach the statement")
    return binders


def _mark(value: Any, index: int) -> Any:
    """A value of the same type that occurs nowhere else, to be found again among the statement's parameters."""
    if isinstance(value, _COLLECTIONS):
        return [_mark(next(iter(value), UUID(int=0)), index)]
    if isinstance(value, UUID):
        return UUID(int=0xC0FFEE << 96 | index)
    if isinstance(value, str):
        return f"\x02{index}\x03"
    if isinstance(value, int) and not isinstance(value, bool):
        return 1_987_654_000 + index
    if isinstance(value, datetime):
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(seconds=index)
    raise ShapeError(f"a value of type {type(value).__name__} is part of the shape: give it by position")


def _binder(param: Any, marks: dict[str, Any]) -> tuple[str | None, Any]:
    for name, mark in marks.items():
        if type(param) is type(mark) and param == mark:
            return name, None
    return None, param


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[tuple[Any, ...]]], list[Any]]:
    make = _maker(rows, compiler)
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    return (lambda found: make(compiler.apply_converters(found, converters))) if converters else make


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    kind = rows._iterable_class  # noqa: SLF001  how Django itself tells the kinds apart
    if kind is ModelIterable:
        return _instances(compiler)
    if kind is NamedValuesListIterable:
        make = namedtuple("Row", rows._fields)._make  # type: ignore[attr-defined]  # noqa: PYI024, SLF001  as Django does
    elif kind is FlatValuesListIterable:
        make = itemgetter(0)
    elif kind is ValuesListIterable:
        make = tuple
    else:
        raise ShapeError(f"rows of {kind.__name__} cannot be read from a compiled query")
    return lambda found: list(map(make, found))


def _instances(compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    info, select = compiler.klass_info, compiler.select
    model, places = info["model"], info["select_fields"]
    begin, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in select[begin:end]]
    # The stubs are of a later Django, which takes one argument more.
    related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
    extra = list((compiler.annotation_col_map or {}).items())

    def make(found: Iterable[Any]) -> list[Any]:
        instances = []
        for row in found:
            instance = model.from_db(connection.alias, names, row[begin:end])
            for populator in related:
                populator.populate(row, instance)
            for name, place in extra:
                setattr(instance, name, row[place])
            instances.append(instance)
        return instances

    return make
