"""Roles are created once, may do what they need and nothing that defeats row-level security."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from psycopg2 import errors, extensions

from itsm.runner.errors import ProvisionError
from itsm.runner.postgres import Cluster
from itsm.runner.provision import provision, role_password, with_account, with_database

OWNER_PASSWORD = "correct-horse"


@contextmanager
def session(dsn: str) -> Iterator[extensions.cursor]:
    """Open an autocommit cursor and close its connection afterwards."""
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def owner_url(cluster: Cluster, database: str = "itsm") -> str:
    """Return the owner's URL to a database of the cluster."""
    return with_account(dsn=cluster.admin_dsn, user="itsm_owner", password=OWNER_PASSWORD, database=database)


@pytest.fixture
def app_url(cluster: Cluster) -> str:
    """Provision as the superuser and return the application's URL."""
    return provision(
        admin_dsn=cluster.admin_dsn, owner="itsm_owner", owner_password=OWNER_PASSWORD, database="itsm"
    )


def test_provisioning_again_changes_nothing(cluster: Cluster, app_url: str) -> None:
    def state() -> list[tuple[str, ...]]:
        with session(with_database(dsn=cluster.admin_dsn, database="itsm")) as cursor:
            cursor.execute(
                "SELECT rolname, rolpassword, rolinherit::text FROM pg_authid WHERE rolname LIKE 'itsm%' "
                "UNION ALL SELECT rolname, rolconfig::text, '' FROM pg_roles WHERE rolname LIKE 'itsm%' "
                "UNION ALL SELECT defaclobjtype::text, defaclacl::text, '' FROM pg_default_acl "
                "UNION ALL SELECT nspname, nspacl::text, '' FROM pg_namespace "
                "UNION ALL SELECT roleid::regrole::text, member::regrole::text, inherit_option::text "
                "FROM pg_auth_members ORDER BY 1, 2, 3"
            )
            rows: list[tuple[str, ...]] = cursor.fetchall()
            return rows

    before = state()
    again = provision(
        admin_dsn=cluster.admin_dsn, owner="itsm_owner", owner_password=OWNER_PASSWORD, database="itsm"
    )
    assert again == app_url
    assert state() == before


def test_no_role_of_the_application_can_bypass_row_security(app_url: str) -> None:
    with session(app_url) as cursor:
        cursor.execute(
            "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'itsm%' "
            "AND rolname <> 'itsm_owner' "
            "AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole) ORDER BY 1"
        )
        assert cursor.fetchall() == [
            ("itsm_app", True),
            ("itsm_report", False),
            ("itsm_supplier", False),
            ("itsm_worker", False),
        ]


def test_the_application_uses_what_the_owner_makes_but_runs_none_of_its_functions(
    cluster: Cluster, app_url: str
) -> None:
    with session(owner_url(cluster)) as owner:
        owner.execute("CREATE TABLE thing (id serial PRIMARY KEY, name text)")
        owner.execute("CREATE FUNCTION secret() RETURNS int LANGUAGE sql RETURN 1")
        owner.execute("CREATE TABLE shown_to_suppliers (id int)")
        owner.execute("GRANT SELECT ON shown_to_suppliers TO itsm_supplier")
        owner.execute("REVOKE ALL ON shown_to_suppliers FROM itsm_app")
    with session(app_url) as app:
        app.execute("INSERT INTO thing (name) VALUES ('one')")
        app.execute("SELECT 'one' %> name FROM thing")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT secret()")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")
        # Rights of another role count only after taking it.
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT * FROM shown_to_suppliers")
        app.execute("SET ROLE itsm_supplier")
        app.execute("SELECT * FROM shown_to_suppliers")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT * FROM thing")


def test_statements_of_the_application_are_bounded(app_url: str) -> None:
    with session(app_url) as app:
        app.execute("SHOW statement_timeout")
        assert app.fetchone() == ("15s",)
        app.execute("SHOW idle_in_transaction_session_timeout")
        assert app.fetchone() == ("1min",)


def test_an_owner_without_superuser_provisions_a_second_database(cluster: Cluster, app_url: str) -> None:
    with session(cluster.admin_dsn) as admin:
        admin.execute("CREATE DATABASE second OWNER itsm_owner")
    second = provision(admin_dsn=owner_url(cluster, "second"))
    assert second == with_database(dsn=app_url, database="second")
    with session(second) as app:
        app.execute("SELECT current_user")
        assert app.fetchone() == ("itsm_app",)


@pytest.mark.usefixtures("app_url")
def test_a_role_that_could_bypass_row_security_is_refused(cluster: Cluster) -> None:
    with session(cluster.admin_dsn) as admin:
        admin.execute("ALTER ROLE itsm_report BYPASSRLS")
        try:
            with pytest.raises(ProvisionError, match="itsm_report"):
                provision(admin_dsn=owner_url(cluster))
        finally:
            admin.execute("ALTER ROLE itsm_report NOBYPASSRLS")


@pytest.mark.usefixtures("app_url")
def test_the_operator_may_choose_the_applications_password(cluster: Cluster) -> None:
    chosen = provision(
        admin_dsn=cluster.admin_dsn,
        owner="itsm_owner",
        owner_password=OWNER_PASSWORD,
        database="itsm",
        app_password="p@ss/word",
    )
    with session(chosen) as app:
        app.execute("SELECT 1")
        assert app.fetchone() == (1,)


def test_a_url_without_a_password_is_refused() -> None:
    with pytest.raises(ProvisionError, match="ITSM_APP_DATABASE_URL"):
        provision(admin_dsn="postgresql://itsm_owner@127.0.0.1:1/itsm")


def test_passwords_differ_per_role_and_agree_per_owner() -> None:
    assert role_password(owner_password="a", role="x") == role_password(owner_password="a", role="x")
    assert role_password(owner_password="a", role="x") != role_password(owner_password="a", role="y")
    assert role_password(owner_password="a", role="x") != role_password(owner_password="b", role="x")


def test_an_owner_that_may_create_roles_needs_no_superuser(bare_cluster: Cluster) -> None:
    with session(bare_cluster.admin_dsn) as admin:
        admin.execute("CREATE ROLE landlord LOGIN CREATEROLE PASSWORD 'rent'")
        admin.execute("CREATE DATABASE rented OWNER landlord")
    url = with_account(dsn=bare_cluster.admin_dsn, user="landlord", password="rent", database="rented")
    first = provision(admin_dsn=url)
    assert provision(admin_dsn=url) == first
    with session(first) as app:
        app.execute("SET ROLE itsm_worker")
        app.execute("SHOW statement_timeout")
        assert app.fetchone() == ("15s",)
