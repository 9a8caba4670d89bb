"""Writing rows on the hot path: the statement of a model is built once, not at each insert.

For rows whose every value is already in place: no defaults of the database are read back and nothing is returned,
so it works under roles that may insert but not read.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg2.extras import Json


@cache
def _plan(model: type[models.Model]) -> tuple[str, str, Callable[[Any], tuple[Any, ...]], tuple[int, ...]]:
    fields = [field for field in model._meta.local_concrete_fields if not field.has_db_default()]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(
        f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s" for field in fields
    )
    jsons = tuple(index for index, field in enumerate(fields) if isinstance(field, models.JSONField))
    read = attrgetter(*(field.attname for field in fields))
    head = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608  names of the model
    return head, f"({places})", read, jsons


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

    def insert(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model."""
        if not rows:
            return
        head, places, read, jsons = _plan(type(rows[0]))
        for row in rows:
            taken = list(read(row))
            for index in jsons:
                taken[index] = Json(taken[index])
            self._values += taken
            row._state.adding = False
        self._statements.append(head + ", ".join([places] * len(rows)))

    def write(self, model: type[models.Model], key: Any, columns: Mapping[str, Any]) -> None:
        """Set columns (by attribute name) of the row with this primary key."""
        self.add(*_update(model, columns, {model._meta.pk.attname: key}))

    def send(self) -> None:
        """Send what was gathered, if anything; the batch is empty again."""
        if self._statements:
            with connection.cursor() as cursor:
                cursor.execute(";".join(self._statements), self._values)
        self._statements, self._values = [], []


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model in one statement."""
    batch = Batch()
    batch.insert(rows)
    batch.send()


def write_if(model: type[models.Model], columns: Mapping[str, Any], *, still: Mapping[str, Any]) -> bool:
    """Set columns (by attribute name) of the row that still has these values, its key among them; False if none has."""
    with connection.cursor() as cursor:
        cursor.execute(*_update(model, columns, still))
        return bool(cursor.rowcount)


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
