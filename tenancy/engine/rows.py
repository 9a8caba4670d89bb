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


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model in one statement."""
    if not rows:
        return
    head, places, read, jsons = _plan(type(rows[0]))
    values: list[Any] = []
    for row in rows:
        taken = list(read(row))
        for index in jsons:
            taken[index] = Json(taken[index])
        values += taken
        row._state.adding = False
    with connection.cursor() as cursor:
        cursor.execute(head + ", ".join([places] * len(rows)), values)


def write_columns(
    model: type[models.Model],
    key: Any,
    columns: Mapping[str, Any],
    *,
    only_if: Mapping[str, Any] | None = None,
) -> bool:
    """Set columns (by attribute name) of the row with this primary key; False when no row was changed.

    `only_if` are values that other columns must still have.
    """
    meta = model._meta
    sets, values = [], []
    for name, value in columns.items():
        field = meta.get_field(name)
        cast = f"::{field.db_type(connection)}" if isinstance(field, ArrayField) else ""
        sets.append(f'"{field.column}" = %s{cast}')  # type: ignore[union-attr]
        values.append(Json(value) if isinstance(field, models.JSONField) else value)
    conditions = {meta.pk.attname: key} | dict(only_if or {})
    where = " AND ".join(f'"{meta.get_field(name).column}" = %s' for name in conditions)  # type: ignore[union-attr]
    statement = f'UPDATE "{meta.db_table}" SET {", ".join(sets)} WHERE {where}'  # noqa: S608  names of the model
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *conditions.values()])
        return bool(cursor.rowcount)
