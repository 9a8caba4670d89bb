"""Writing rows on the hot path: the statement of a model is built once, not at each insert.

For rows whose every value is already in place: no defaults of the database are read back and nothing is returned,
so it works under roles that may insert but not read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg2.extras import Json

from tenancy.engine.definitions import STAND_STILL, VERSION_NOW
from tenancy.engine.prepared import sendable


@dataclass(frozen=True, slots=True)
class _Insert:
    """How a model's rows are written."""

    head: str
    places: tuple[str, ...]
    columns: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    jsons: tuple[int, ...]

    def values(self, row: models.Model) -> list[Any]:
        """The row's values in the order of the columns."""
        taken = list(self.read(row))
        for index in self.jsons:
            taken[index] = Json(taken[index])
        return taken


@cache
def _insert(model: type[models.Model]) -> _Insert:
    fields = [field for field in model._meta.local_concrete_fields if not field.has_db_default()]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return _Insert(
        head=f'INSERT INTO "{model._meta.db_table}" ({columns})',
        places=tuple(
            f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s" for field in fields
        ),
        columns=tuple(field.attname for field in fields),
        read=attrgetter(*(field.attname for field in fields)),
        jsons=tuple(index for index, field in enumerate(fields) if isinstance(field, models.JSONField)),
    )


class Batch:
    """Writes that go to PostgreSQL in one message, in the order given, when `send` is called.

    A message costs both sides more than most of the statements in it. The statements run one after the other in the
    transaction in force, each seeing what those before it wrote; the first that fails undoes the transaction.
    """

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []

    def add(self, statement: str, values: Sequence[Any]) -> None:
        """Any statement whose result nobody needs."""
        self._statements.append(statement)
        self._values += values

    def hold_definitions(self) -> None:
        """Hold the definitions of the tenant in scope from here until the transaction ends."""
        self.add(STAND_STILL, ())

    def ask_version(self) -> None:
        """As the last statement: `send` gives the version of the definitions of the tenant in scope."""
        self.add(f"SELECT {VERSION_NOW}", ())

    def insert(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model."""
        if not rows:
            return
        plan = _insert(type(rows[0]))
        for row in rows:
            self._values += plan.values(row)
            row._state.adding = False
        group = f"({', '.join(plan.places)})"
        self._statements.append(f"{plan.head} VALUES " + ", ".join([group] * len(rows)))

    def insert_with(
        self, row: models.Model, *, source: str, values: Sequence[Any], column: str, expression: str
    ) -> None:
        """Insert a row one of whose columns comes from another statement: `expression`, over `source`'s one row.

        If this is the last statement `send` gives the column's value, and the version of the definitions that held.
        """
        plan = _insert(type(row))
        row_values = plan.values(row)
        index = plan.columns.index(column)
        del row_values[index]
        places = [*plan.places[:index], expression, *plan.places[index + 1 :]]
        select = f"SELECT {', '.join(places)} FROM source"  # noqa: S608  names of the model
        self.add(
            f'WITH source AS ({source}) {plan.head} {select} RETURNING "{column}", {VERSION_NOW}',
            [*values, *row_values],
        )
        row._state.adding = False

    def write(self, model: type[models.Model], key: Any, columns: Mapping[str, Any]) -> None:
        """Set columns (by attribute name) of the row with this primary key."""
        self.add(*_update(model, columns, {model._meta.pk.attname: key}))

    def send(self) -> Any:
        """Send what was gathered, if anything; the batch is empty again.

        Gives the one row that the last statement gives, None when it gives none.
        """
        if not self._statements:
            return None
        with connection.cursor() as cursor:
            cursor.execute(sendable(*self._statements), self._values)
            row = cursor.fetchone() if cursor.description else None
        self._statements, self._values = [], []
        return row


def write_if(
    model: type[models.Model], columns: Mapping[str, Any], *, still: Mapping[str, Any]
) -> int | None:
    """Set columns (by attribute name) of the row that still has these values, its key among them; None if none has.

    Gives the version of the definitions of the tenant in scope, which are held until the transaction ends.
    """
    statement, values = _update(model, columns, still)
    with connection.cursor() as cursor:
        cursor.execute(sendable(STAND_STILL, f"{statement} RETURNING {VERSION_NOW}"), values)
        row = cursor.fetchone()
        return None if row is None else int(row[0])


def _update(
    model: type[models.Model], columns: Mapping[str, Any], conditions: Mapping[str, Any]
) -> tuple[str, list[Any]]:
    meta = model._meta
    sets, values = [], []
    for name, value in columns.items():
        field = meta.get_field(name)
        cast = f"::{field.db_type(connection)}" if isinstance(field, ArrayField) else ""
        sets.append(f'"{field.column}" = %s{cast}')  # type: ignore[union-attr]
        values.append(Json(value) if isinstance(field, models.JSONField) else value)
    where = " AND ".join(f'"{meta.get_field(name).column}" = %s' for name in conditions)  # type: ignore[union-attr]
    statement = f'UPDATE "{meta.db_table}" SET {", ".join(sets)} WHERE {where}'  # noqa: S608  names of the model
    return statement, [*values, *conditions.values()]
