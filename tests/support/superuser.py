"""What only a database superuser can do: rewrite history. For tests that must notice it."""

import os
from collections.abc import Sequence
from typing import Any

import psycopg2
from django.db import connection

from itsm.runner.provision import with_database
from tests.support.stack import ADMIN_URL


def as_superuser(statement: str, parameters: Sequence[Any] = ()) -> None:
    """Run one statement past triggers and row security, and commit it."""
    name = str(connection.settings_dict["NAME"])
    admin = psycopg2.connect(with_database(dsn=os.environ[ADMIN_URL], database=name))
    try:
        with admin, admin.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, parameters)
    finally:
        admin.close()
