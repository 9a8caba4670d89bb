"""The database roles the system relies on, and what each may do before any migration has run.

Tenants are kept apart by row-level security, which a superuser, an owner or a role with BYPASSRLS silently
skips: the roles are therefore checked, not only created.
"""

import contextlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, extensions, sql

from itsm.runner.errors import ProvisionError

APP_ROLE = "itsm_app"
GROUP_ROLES = ("itsm_supplier", "itsm_worker", "itsm_report")
_EXTENSIONS = ("btree_gin", "btree_gist", "pg_trgm")
_APP_SETTINGS = {
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    # Lists start from the record and join reference tables to it, in that order. Trying every other order of eight
    # joins cost 20 ms of planning for 0.5 ms of work (ADR 0006).
    "join_collapse_limit": "2",
    "from_collapse_limit": "2",
    # Many small queries at once: forking workers for one of them only makes the others wait.
    "max_parallel_workers_per_gather": "0",
}


@dataclass(frozen=True)
class _Owner:
    name: str
    password: str


def provision(
    *,
    admin_dsn: str,
    owner: str | None = None,
    owner_password: str | None = None,
    database: str | None = None,
    app_password: str | None = None,
) -> str:
    """Create what is missing of the roles, the database and their rights; return the application's URL.

    With an owner, admin_dsn is a superuser's and the owner and the database are created too. Without,
    admin_dsn is the owner's own: it needs CREATEROLE the first time. May be run any number of times.

    Raises ProvisionError when a role has rights that would defeat row-level security.
    """
    parts = urlsplit(admin_dsn)
    database = database or parts.path.lstrip("/")
    account = _Owner(
        name=owner or unquote(parts.username or ""),
        password=(owner_password or "") if owner else unquote(parts.password or ""),
    )
    if not account.name:
        message = "DATABASE_URL must name the user who owns the database."
        raise ProvisionError(message)
    if not (app_password or account.password):
        message = "DATABASE_URL has no password to derive the application's from: set ITSM_APP_DATABASE_URL."
        raise ProvisionError(message)
    password = app_password or role_password(owner_password=account.password, role=APP_ROLE)
    app_url = with_account(dsn=admin_dsn, user=APP_ROLE, password=password, database=database)
    with _session(dsn=admin_dsn) as cursor:
        if owner:
            owner_url = with_account(
                dsn=admin_dsn, user=account.name, password=account.password, database=database
            )
            _create_owner(cursor=cursor, owner=account, owner_url=owner_url)
        _create_roles(cursor=cursor, password=password, app_url=app_url)
        _require_safe_roles(cursor=cursor)
    with _session(dsn=with_database(dsn=admin_dsn, database=database)) as cursor:
        prepare_database(cursor=cursor, owner=account.name)
    return app_url


def role_password(*, owner_password: str, role: str) -> str:
    """Return a role's password, the same for every database of a cluster that has this owner password."""
    return hmac.new(owner_password.encode(), role.encode(), sha256).hexdigest()


def with_database(*, dsn: str, database: str) -> str:
    """Return the URL for another database of the same cluster."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def with_account(*, dsn: str, user: str, password: str, database: str) -> str:
    """Return the URL for another role and database of the same cluster."""
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    account = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{account}@{address}", path=f"/{database}"))


def prepare_database(*, cursor: extensions.cursor, owner: str) -> None:
    """Give the roles their rights in the connected database, for tables that exist and tables to come."""
    roles = sql.SQL(", ").join(map(sql.Identifier, (APP_ROLE, *GROUP_ROLES)))
    for name in _EXTENSIONS:
        cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    names = {"owner": sql.Identifier(owner), "app": sql.Identifier(APP_ROLE), "roles": roles}
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} "
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {roles}",
        defaults + "IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        defaults + "IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}, itsm_worker",
        # Only a rule for every schema can take away what PUBLIC has by default.
        defaults + "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    ):
        cursor.execute(sql.SQL(statement).format(**names))


@contextlib.contextmanager
def _session(*, dsn: str) -> Iterator[extensions.cursor]:
    connection = psycopg2.connect(dsn, connect_timeout=10)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _create_owner(*, cursor: extensions.cursor, owner: _Owner, owner_url: str) -> None:
    name = sql.Identifier(owner.name)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner.name])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(name))
    if not _can_log_in(dsn=with_database(dsn=owner_url, database="postgres")):
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(name), [owner.password])
    database = urlsplit(owner_url).path.lstrip("/")
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), name))


def _create_roles(*, cursor: extensions.cursor, password: str, app_url: str) -> None:
    cursor.execute("SELECT rolname, rolconfig FROM pg_roles WHERE rolname LIKE %s", ["itsm\\_%"])
    existing: dict[str, list[str] | None] = dict(cursor.fetchall())
    app = sql.Identifier(APP_ROLE)
    if APP_ROLE not in existing:
        _create_role(cursor=cursor, role=APP_ROLE, options="LOGIN")
    for group in GROUP_ROLES:
        if group not in existing:
            _create_role(cursor=cursor, role=group, options="NOLOGIN")
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [APP_ROLE, group])
        if cursor.fetchone() == (False,):
            cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), app))
    # Asked before it is changed: an owner that did not create the role may not alter it.
    if not _can_log_in(dsn=with_database(dsn=app_url, database="postgres")):
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(app), [password])
    for name, value in _APP_SETTINGS.items():
        if f"{name}={value}" not in (existing.get(APP_ROLE) or []):
            statement = sql.SQL("ALTER ROLE {} SET {} = %s").format(app, sql.Identifier(name))
            cursor.execute(statement, [value])


def _create_role(*, cursor: extensions.cursor, role: str, options: str) -> None:
    statement = "CREATE ROLE {} " + options + " NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    # Another database of the cluster may be provisioned at this moment.
    with contextlib.suppress(errors.DuplicateObject, errors.UniqueViolation):
        cursor.execute(sql.SQL(statement).format(sql.Identifier(role)))


def _require_safe_roles(*, cursor: extensions.cursor) -> None:
    roles = (APP_ROLE, *GROUP_ROLES)
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname IN %s"
        " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
        [roles],
    )
    if unsafe := [name for (name,) in cursor.fetchall()]:
        message = f"These roles may bypass row-level security or create others: {', '.join(unsafe)}."
        raise ProvisionError(message)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolinherit", [APP_ROLE])
    if cursor.fetchone():
        message = f"{APP_ROLE} must not inherit: it would always have the rights of every role it can take."
        raise ProvisionError(message)


def _can_log_in(*, dsn: str) -> bool:
    try:
        psycopg2.connect(dsn, connect_timeout=10).close()
    except psycopg2.OperationalError:
        return False
    return True


def password_from_environment() -> str | None:
    """Return the application's password when the operator chose it in ITSM_APP_DATABASE_URL."""
    password = urlsplit(os.environ.get("ITSM_APP_DATABASE_URL", "")).password
    return unquote(password) if password else None
