"""Proof that the catalogue's checkers look: each loss, on each table, is reported for that table and no other."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from psycopg2.errors import InsufficientPrivilege

from tests.architecture import catalogue
from tests.architecture.rows import add_row, chosen
from tests.architecture.tables import DEFINERS, TABLES
from tests.architecture.test_catalogue import Checker

TENANT_TABLES = sorted(TABLES)
REFERENCES = catalogue.references()


def findings(cursor: Any, checker: Checker, *statements: str) -> set[str]:
    """What the checker finds after the statements and did not find before, by table; then all is as it was."""
    before = set(checker(cursor))
    cursor.execute("SAVEPOINT whole")
    for statement in statements:
        cursor.execute(statement)
    after = set(checker(cursor))
    cursor.execute("ROLLBACK TO SAVEPOINT whole")
    return {finding.partition(":")[0] for finding in after - before}


@pytest.mark.parametrize("table", TENANT_TABLES)
@pytest.mark.parametrize(
    ("checker", "mutilation"),
    [
        (catalogue.open_tables, "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
        (catalogue.open_tables, "ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        (catalogue.wrong_policies, "DROP POLICY {table}_app ON {table}"),
        (catalogue.wrong_policies, "ALTER POLICY {table}_app ON {table} USING (true)"),
        (catalogue.wrong_policies, "ALTER POLICY {table}_app ON {table} TO PUBLIC"),
        (catalogue.wrong_policies, "CREATE POLICY more ON {table} TO itsm_app USING (true)"),
        (catalogue.wrong_rights, "GRANT TRUNCATE ON {table} TO itsm_app"),
        (catalogue.wrong_rights, "GRANT DELETE ON {table} TO itsm_report"),
        (catalogue.missing_references, "ALTER TABLE {table} DROP CONSTRAINT {tenant_key}"),
        (catalogue.loose_uniques, "CREATE UNIQUE INDEX loose ON {table} ({key}, tenant_id)"),
        (catalogue.wrong_roles, "ALTER TABLE {table} OWNER TO itsm_app"),
        (catalogue.unlisted_tables, "ALTER TABLE {table} ALTER COLUMN tenant_id DROP NOT NULL"),
    ],
)
def test_a_loss_on_a_table_is_reported_for_it(
    admin: Any, checker: Checker, mutilation: str, table: str
) -> None:
    statement = mutilation.format(table=table, tenant_key=tenant_key(admin, table), key=key_of(admin, table))
    assert findings(admin, checker, statement) == {table}


@pytest.mark.parametrize(("table", "column", "target"), REFERENCES)
def test_a_lost_or_widened_reference_is_reported(admin: Any, table: str, column: str, target: str) -> None:
    name = constraint(admin, table, ["tenant_id", column])
    dropped = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    assert findings(admin, catalogue.missing_references, dropped) == {table}
    single = f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {target}"
    assert findings(admin, catalogue.missing_references, single) == {table}


@pytest.mark.parametrize("table", [name for name in TENANT_TABLES if not TABLES[name].unaudited])
@pytest.mark.parametrize(
    "loss", ["DROP TRIGGER {0}_audit ON {0}", "ALTER TABLE {0} DISABLE TRIGGER {0}_audit"]
)
def test_a_lost_audit_is_reported(admin: Any, table: str, loss: str) -> None:
    assert findings(admin, catalogue.missing_triggers, loss.format(table)) == {table}


@pytest.mark.parametrize("table", [name for name in TENANT_TABLES if TABLES[name].append_only])
@pytest.mark.parametrize("trigger", ["append_only", "no_truncate"])
def test_a_rewritable_log_is_reported(admin: Any, table: str, trigger: str) -> None:
    loss = f"ALTER TABLE {table} DISABLE TRIGGER {table}_{trigger}"
    assert findings(admin, catalogue.missing_triggers, loss) == {table}


@pytest.mark.parametrize("table", [name for name in TENANT_TABLES if TABLES[name].append_only])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET tenant_id = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_no_role_rewrites_a_log(admin: Any, table: str, statement: str) -> None:
    if not statement.startswith("TRUNCATE"):
        # A trigger on rows fires only where there is one.
        add_row(admin, table, chosen(table))
    admin.execute(f"SET LOCAL app.tenant_id = '1'; SET LOCAL app.provider_id = '{UUID(int=1)}'")
    for role in ("postgres", "itsm_owner", *catalogue.ROLES):
        admin.execute("SAVEPOINT whole")
        try:
            admin.execute(f"SET LOCAL ROLE {role}")
            with pytest.raises(InsufficientPrivilege):
                admin.execute(statement.format(table))
        finally:
            admin.execute("ROLLBACK TO SAVEPOINT whole")


@pytest.mark.parametrize("function", sorted(DEFINERS))
@pytest.mark.parametrize(
    "loss",
    [
        "GRANT EXECUTE ON FUNCTION {} TO PUBLIC",
        "ALTER FUNCTION {} RESET search_path",
        "ALTER FUNCTION {} SECURITY INVOKER",
    ],
)
def test_a_loose_function_is_reported(admin: Any, function: str, loss: str) -> None:
    admin.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname = %s", [function])
    (signature,) = admin.fetchone()
    assert findings(admin, catalogue.wrong_functions, loss.format(signature)) == {function}


@pytest.mark.parametrize("power", ["BYPASSRLS", "SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION"])
@pytest.mark.parametrize("role", catalogue.ROLES)
def test_a_powerful_role_is_reported(admin: Any, role: str, power: str) -> None:
    assert findings(admin, catalogue.wrong_roles, f"ALTER ROLE {role} {power}") == {role}


@pytest.mark.parametrize("columns", ["id int", "id int, tenant_id int NOT NULL"])
def test_a_new_table_is_reported_until_it_is_reviewed(admin: Any, columns: str) -> None:
    created = f"CREATE TABLE stray ({columns})"
    assert findings(admin, catalogue.unlisted_tables, created) == {"stray"}


def constraint(cursor: Any, table: str, columns: Iterable[str]) -> str:
    """The name of the foreign key over these columns."""
    cursor.execute(
        "SELECT f.conname FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = %s::regclass"
        " AND (SELECT array_agg(attname::text ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY k(num, n)"
        " JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num) = %s",
        [table, list(columns)],
    )
    return str(cursor.fetchone()[0])


def tenant_key(cursor: Any, table: str) -> str:
    """The name of the foreign key from the table to the tenants."""
    return constraint(cursor, table, ["tenant_id"])


def key_of(cursor: Any, table: str) -> str:
    """The primary key's column."""
    cursor.execute(
        "SELECT a.attname FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]"
        " WHERE x.indisprimary AND x.indrelid = %s::regclass",
        [table],
    )
    return str(cursor.fetchone()[0])
