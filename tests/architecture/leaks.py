"""A walk over every tenant table that tries to reach another tenant's rows as the application's role."""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg2
from psycopg2.errors import InsufficientPrivilege, IntegrityError
from psycopg2.extras import Json

from tenancy.models import TenantForeignKey
from tests.architecture.rows import MODELS, Twins, row_of
from tests.architecture.tables import TABLES


def leaks(cursor: Any, twins: Twins, tables: Iterable[str] = TABLES) -> Iterator[str]:
    """Every way found from one tenant's rows to the other's, one line each, beginning with the table.

    `cursor` is a superuser's, in a transaction; each attempt is made as itsm_app, and undone.
    """
    own, other = twins.own.tenant.pk, twins.other.tenant.pk
    for table in tables:
        yield from _Attempts(cursor, table, own, other).all()


class _Attempts:
    def __init__(self, cursor: Any, table: str, own: int, other: int) -> None:
        self.cursor, self.table, self.own, self.other = cursor, table, own, other
        self.key = str(MODELS[table]._meta.pk.column)
        mine, theirs = row_of(cursor, table, own), row_of(cursor, table, other)
        assert mine is not None, f"{table} has no row to try with"
        assert theirs is not None, f"{table} has no row to try for"
        self.mine, self.theirs = mine, theirs

    def all(self) -> Iterator[str]:
        theirs = [self.theirs[self.key]]
        yield from self._reading(theirs)
        for verb, statement in (
            ("changed", f"UPDATE {self.table} SET {self.key} = {self.key} WHERE {self.key} = %s"),
            ("deleted", f"DELETE FROM {self.table} WHERE {self.key} = %s"),
        ):
            if self._count(statement, theirs) > 0:
                yield f"{self.table}: another tenant's row was {verb}"
        if self._count(*self._copy(self.theirs, {})) >= 0:
            yield f"{self.table}: a row was put into another tenant"
        moved = f"UPDATE {self.table} SET tenant_id = %s WHERE {self.key} = %s"
        if self._count(moved, [self.other, self.mine[self.key]]) >= 0:
            yield f"{self.table}: a row was moved into another tenant"
        for field in MODELS[self.table]._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                yield from self._referring(field.column, field.related_model._meta.db_table)

    def _reading(self, theirs: list[Any]) -> Iterator[str]:
        if self._count(f"SELECT FROM {self.table} WHERE {self.key} = %s", theirs) > 0:
            yield f"{self.table}: another tenant's row was read"
        if self._count(f"SELECT FROM {self.table}", []) == 0:
            yield f"{self.table}: the tenant does not see its own rows, so nothing is proved"
        if self._count(f"SELECT FROM {self.table}", [], tenant="") >= 0:
            yield f"{self.table}: can be read without a tenant"

    def _referring(self, column: str, target: str) -> Iterator[str]:
        found = row_of(self.cursor, target, self.other)
        assert found is not None
        theirs = found["id"]
        # Make room, so that the reference is what is tried: not a rule about the column, nor the copy's being one.
        before = self._without_rules(column)
        if column == self.key:
            # Their row of this table holds the key already.
            before += self.cursor.mogrify(f"DELETE FROM {self.table} WHERE {column} = %s;", [theirs]).decode()
        if TABLES[self.table].app == "a":
            statement, values = self._copy(self.mine, {column: theirs})
        else:
            statement = f"UPDATE {self.table} SET {column} = %s WHERE {self.key} = %s"
            values = [theirs, self.mine[self.key]]
        if self._count(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE", values, before=before) != -1:
            yield f"{self.table}: {column} was made to refer to another tenant's row"

    def _without_rules(self, column: str) -> str:
        """Statements that drop the checks of a column, and, where rows are only added, what makes them unique."""
        self.cursor.execute(
            "SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I;', %(table)s, conname) FROM pg_constraint"
            " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ANY (conkey) AND a.attname = %(column)s"
            " WHERE conrelid = %(table)s::regclass AND contype = 'c'"
            " UNION SELECT format('DROP INDEX %%s;', indexrelid::regclass) FROM pg_index"
            " WHERE indrelid = %(table)s::regclass AND indisunique AND %(added)s"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            {"table": self.table, "column": column, "added": TABLES[self.table].app == "a"},
        )
        return "".join(statement for (statement,) in self.cursor.fetchall())

    def _copy(self, row: dict[str, Any], changes: dict[str, Any]) -> tuple[str, list[Any]]:
        fresh = 1_000_000_007 if isinstance(row[self.key], int) else "00000000-0000-7000-8000-000000000000"
        copied = Json({**row, self.key: fresh, **changes})
        statement = f"INSERT INTO {self.table} SELECT * FROM jsonb_populate_record(NULL::{self.table}, %s)"
        return statement, [copied]

    def _count(
        self, statement: str, values: list[Any], *, tenant: str | None = None, before: str = ""
    ) -> int:
        """Rows that the statement reached; -1 when the database refused it."""
        scope = str(self.own) if tenant is None else tenant
        self.cursor.execute(
            f"SAVEPOINT attempt; {before} SET LOCAL ROLE itsm_app; SET LOCAL app.tenant_id = '{scope}'"
        )
        try:
            self.cursor.execute(statement, values)
        except (InsufficientPrivilege, IntegrityError, psycopg2.DataError):
            return -1
        else:
            return max(0, int(self.cursor.rowcount))
        finally:
            self.cursor.execute("ROLLBACK TO SAVEPOINT attempt")
