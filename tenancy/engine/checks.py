"""Refusals at start-up: the platform does not run where the database would not isolate its tenants."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections


def driver_is_psycopg2(**_: Any) -> list[CheckMessage]:
    """Django silently prefers psycopg 3, whose protocol would drop the scope prefix."""
    name = connections["default"].Database.__name__  # type: ignore[attr-defined]  # each backend sets its own
    if name == "psycopg2":
        return []
    return [
        Error(f"the database driver is {name}, not psycopg2", hint="uninstall psycopg", id="tenancy.E001")
    ]


def database_isolates(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The application's role must be subject to row level security on every tenant table."""
    if not databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        user, superuser, bypass = cursor.fetchone()
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND a.attname = 'tenant_id' AND NOT a.attisdropped AND NOT row_security_active(c.oid)"
        )
        open_tables = [row[0] for row in cursor.fetchall()]
    problems: list[CheckMessage] = []
    if superuser or bypass:
        problems.append(Error(f"{user} is not subject to row level security", id="tenancy.E002"))
    if open_tables:
        problems.append(
            Error(
                f"row level security is not active for {user} on {', '.join(sorted(open_tables))}",
                id="tenancy.E003",
            )
        )
    return problems
