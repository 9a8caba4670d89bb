"""The test database: migrated as its owner, used as the application's role, so row security is tested."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from psycopg2 import sql

from itsm.runner.provision import with_database
from tests.support.schema import build_schema
from tests.support.stack import ADMIN_URL, OWNER

TEMPLATE = "itsm_template"
_KEPT_TABLES = ["django_migrations", "django_content_type", "auth_permission"]
# Row by row into tables that have rows: truncating a hundred empty tables takes longer than most tests.
_EMPTY_ALL = """
DO $$
DECLARE name regclass; filled boolean;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR name IN
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> ALL (string_to_array(%s, ','))
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %%s', name); END IF;
  END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> None:
    """Give this process a database of its own, as the application's role.

    It is never dropped: the cluster goes as a whole at the end of the run.
    """
    name = f"test_itsm_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    create_database(name=name)
    assert connection.connection is None, "Something queried the database before a test asked for it."
    connection.settings_dict["NAME"] = name
    # Django would truncate as the application's role, which may not, in tables that refuse it.
    setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_all_tables())  # noqa: B010


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Let no test find what another one left in the cache, such as a spent rate limit."""
    yield
    cache.clear()


def create_database(*, name: str) -> None:
    """Make a migrated, empty database; the first one of a run pays for the migrations."""
    with _one_at_a_time():
        if not _exists(name=TEMPLATE):
            _administer("CREATE DATABASE {} OWNER {}", TEMPLATE, OWNER)
            build_schema(database=TEMPLATE)
        _administer("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, TEMPLATE)


def empty_all_tables() -> None:
    """Remove every row of every tenant, past triggers and row security, as only the superuser can."""
    name = str(connection.settings_dict["NAME"])
    admin = psycopg2.connect(with_database(dsn=os.environ[ADMIN_URL], database=name))
    try:
        with admin, admin.cursor() as cursor:
            cursor.execute(_EMPTY_ALL, [",".join(_KEPT_TABLES)])
    finally:
        admin.close()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    port = urlsplit(os.environ[ADMIN_URL]).port
    with Path(tempfile.gettempdir(), f"itsm-test-{port}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _exists(*, name: str) -> bool:
    admin = psycopg2.connect(os.environ[ADMIN_URL])
    try:
        with admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None
    finally:
        admin.close()


def _administer(statement: str, *names: str) -> None:
    admin = psycopg2.connect(os.environ[ADMIN_URL])
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        admin.close()
