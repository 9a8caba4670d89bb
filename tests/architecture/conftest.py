"""A superuser's connection to the test database, for looking at the catalogue and mutilating it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connection

from itsm.runner.provision import with_database
from tests.support.stack import ADMIN_URL


@contextmanager
def superuser() -> Iterator[Any]:
    """Yield a superuser's cursor to the test database, in a transaction that is rolled back unless committed."""
    name = str(connection.settings_dict["NAME"])
    link = psycopg2.connect(
        with_database(dsn=os.environ[ADMIN_URL], database=name), options="-c lock_timeout=5s"
    )
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.rollback()
        link.close()


@pytest.fixture
def admin(django_db_setup: None) -> Iterator[Any]:
    """Yield a superuser's cursor; whatever the test does to the schema is rolled back."""
    with superuser() as cursor:
        yield cursor
