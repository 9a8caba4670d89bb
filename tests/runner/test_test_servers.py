"""Tests run as the application's role, on servers of their own, and leave nothing to each other."""

import os
import socket

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.support.database import empty_all_tables
from tests.support.network import OutsideConnectionError


def current(expression: str) -> object:
    """Return one value from the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        (value,) = cursor.fetchone() or (None,)
        return value


@pytest.mark.django_db
def test_queries_run_as_a_role_that_row_security_binds() -> None:
    assert current("current_user") == "itsm_app"
    assert current("rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_no_table_belongs_to_the_application() -> None:
    owners = "array_agg(DISTINCT tableowner::text) FROM pg_tables WHERE schemaname = 'public'"
    assert current(owners) == ["itsm_owner"]


@pytest.mark.django_db(transaction=True)
def test_emptying_keeps_the_schema_and_what_django_knows_of_it() -> None:
    before = MigrationRecorder.Migration.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
    empty_all_tables()
    assert current("count(*) FROM django_session") == 0
    assert before > 0
    assert MigrationRecorder.Migration.objects.count() == before


def test_the_settings_are_those_of_the_test_servers() -> None:
    assert str(connection.settings_dict["PORT"]) in os.environ["ITSM_TEST_ADMIN_URL"]
    assert str(connection.settings_dict["NAME"]).startswith("test_itsm") or connection.connection is None
    cache.set("probe", "1")
    assert cache.get("probe") == "1"


def test_the_cache_of_the_test_before_is_empty() -> None:
    assert cache.get("probe") is None


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(OutsideConnectionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
