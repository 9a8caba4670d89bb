"""Writing many rows of a table in one statement.

Django's `bulk_create` spends longer on putting its statement together than PostgreSQL on running it: importing 80,000
audit entries, that was most of the time. All rows as one JSON document take a small part of it.
"""

from collections.abc import Sequence

import orjson
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

BATCH = 2_000


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows, all of one model whose columns are text, numbers, truth values, keys, instants, arrays or JSON.

    Row level security, constraints, triggers and the database's defaults apply as ever; `save()` is not called and
    nothing is read back. Raises what the database raises, and for all rows of a batch at once.
    """
    if not rows:
        return
    options = rows[0]._meta
    fields = [field for field in options.concrete_fields if field.db_default is NOT_PROVIDED]
    quote = connection.ops.quote_name
    table, columns = quote(options.db_table), ", ".join(quote(str(field.column)) for field in fields)
    statement = (
        f"INSERT INTO {table} ({columns})"  # noqa: S608  names of a model, quoted
        f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"
    )
    names = [(str(field.column), field.attname) for field in fields]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            document = [
                {column: getattr(row, attribute) for column, attribute in names}
                for row in rows[start : start + BATCH]
            ]
            cursor.execute(statement, [orjson.dumps(document).decode()])
