"""No tenant reaches another's rows, in any table, by any statement; and the walk that says so does look."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.architecture.catalogue import references
from tests.architecture.conftest import superuser
from tests.architecture.leaks import leaks
from tests.architecture.rows import MODELS, Twins, build_twins
from tests.architecture.tables import TABLES
from tests.support.database import empty_all_tables

REACHABLE = sorted(table for table, listed in TABLES.items() if listed.app)
CHANGEABLE = sorted(table for table, listed in TABLES.items() if listed.app in ("rw", "a"))


@pytest.fixture(scope="module")
def twins(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Twins]:
    """Two tenants, committed, so that a connection of another role sees them."""
    with django_db_blocker.unblock():
        try:
            with superuser() as cursor:
                yield build_twins(cursor)
        finally:
            empty_all_tables()


def test_every_table_is_walked() -> None:
    assert set(MODELS) == set(TABLES)


def test_nothing_leaks(admin: Any, twins: Twins) -> None:
    assert list(leaks(admin, twins)) == []


def tables_of(findings: Iterator[str]) -> set[str]:
    """Which tables the findings are about."""
    return {finding.partition(":")[0] for finding in findings}


@pytest.mark.parametrize("table", REACHABLE)
def test_a_table_without_row_security_leaks_and_no_other(admin: Any, twins: Twins, table: str) -> None:
    admin.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    assert tables_of(leaks(admin, twins)) == {table}


@pytest.mark.parametrize("table", REACHABLE)
@pytest.mark.parametrize(
    "loss",
    ["ALTER POLICY {0}_app ON {0} USING (true)", "CREATE POLICY more ON {0} USING (tenant_id IS NOT NULL)"],
)
def test_a_wide_policy_leaks(admin: Any, twins: Twins, table: str, loss: str) -> None:
    admin.execute(loss.format(table))
    assert tables_of(leaks(admin, twins, [table])) == {table}


@pytest.mark.parametrize("table", REACHABLE)
def test_a_table_that_shows_nothing_proves_nothing(admin: Any, twins: Twins, table: str) -> None:
    admin.execute(f"DROP POLICY {table}_app ON {table}")
    assert table in tables_of(leaks(admin, twins, [table]))


@pytest.mark.parametrize(("table", "column", "target"), [row for row in references() if row[0] in CHANGEABLE])
def test_a_lost_reference_leaks_and_is_found(
    admin: Any, twins: Twins, table: str, column: str, target: str
) -> None:
    admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_tenant_fk")
    found = list(leaks(admin, twins, {table, target}))
    assert found == [f"{table}: {column} was made to refer to another tenant's row"]
