"""Checkers of what PostgreSQL holds against what the models and `tables` say.

Each takes a cursor and answers with findings, one line each, beginning with the table or function: so they can be
run against the real schema, where they must find nothing, and against a mutilated one, where they must find it.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tenancy.models import TenantForeignKey
from tests.architecture.tables import (
    DEFINERS,
    PLATFORM,
    PREDICATES,
    TABLES,
    UNIQUE_ACROSS_TENANTS,
    Tenanted,
)

ROLES = ("itsm_app", "itsm_supplier", "itsm_worker", "itsm_report")
Policy = tuple[str, str, str, str]


def unlisted_tables(cursor: Any) -> Iterator[str]:
    """Tables that are neither tenant-owned nor platform tables by review, and lines of the lists that are stale."""
    cursor.execute(
        "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " AND a.attnotnull) FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v', 'f')"
    )
    found = dict(cursor.fetchall())
    for table, is_tenanted in sorted(found.items()):
        if is_tenanted != (table in TABLES) or is_tenanted == (table in PLATFORM):
            yield f"{table}: {'has' if is_tenanted else 'has no'} tenant, and is not listed so"
    for table in sorted((set(TABLES) | set(PLATFORM)) - set(found)):
        yield f"{table}: is listed and does not exist"


def open_tables(cursor: Any) -> Iterator[str]:
    """Tenant tables without row level security, or with FORCE, which lets foreign keys in unchecked."""
    cursor.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = ANY(%s)",
        [list(TABLES)],
    )
    for table, is_secured, is_forced in cursor.fetchall():
        if not is_secured:
            yield f"{table}: row level security is off"
        if is_forced:
            yield f"{table}: FORCE ROW LEVEL SECURITY is on"


def wrong_policies(cursor: Any) -> Iterator[str]:
    """Tables whose policies are not exactly the reviewed ones."""
    cursor.execute(
        "SELECT tablename, array_to_string(roles, ','), cmd, coalesce(qual, ''), coalesce(with_check, ''), permissive"
        " FROM pg_policies WHERE schemaname = 'public'"
    )
    held: dict[str, set[Policy]] = {}
    for table, roles, command, using, check, permissive in cursor.fetchall():
        if permissive != "PERMISSIVE":
            yield f"{table}: a restrictive policy"
        held.setdefault(table, set()).add((roles, command, _flat(using), _flat(check)))
    for table in sorted(set(TABLES) | set(held)):
        want = set(expected_policies(table)) if table in TABLES else set()
        for policy in sorted(want - held.get(table, set())):
            yield f"{table}: lacks policy {policy}"
        for policy in sorted(held.get(table, set()) - want):
            yield f"{table}: has policy {policy}"


def expected_policies(name: str) -> Iterator[Policy]:
    """The policies of a table, from its line in the review."""
    table, tenant = TABLES[name], PREDICATES["tenant"]
    yield "itsm_app", "ALL", tenant, ""
    yield "itsm_report", "SELECT", "true", ""
    if table.supplier:
        sees = PREDICATES[table.supplier].replace("{table}", name)
        yield "itsm_supplier", "SELECT", sees, ""
        if table.supplier_writes:
            yield "itsm_supplier", "INSERT", "", tenant
            yield "itsm_supplier", "UPDATE", sees, tenant
            yield "itsm_supplier", "DELETE", sees, ""
    if table.append_only and table.app == "r":
        yield "itsm_worker", "ALL", "true", ""
    elif table.worker:
        yield "itsm_worker", "SELECT" if table.worker == "r" else "ALL", "true", ""


def _flat(expression: str) -> str:
    return re.sub(r"\s+", " ", expression)


def wrong_rights(cursor: Any) -> Iterator[str]:
    """Tables on which a role may do more, or less, than reviewed."""
    for table, listed in TABLES.items():
        for role, want in zip(ROLES, _rights(listed), strict=True):
            cursor.execute(
                "SELECT coalesce(string_agg(r, ',' ORDER BY r), '') FROM unnest(ARRAY['DELETE', 'INSERT',"
                " 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE', 'MAINTAIN']) r"
                " WHERE has_table_privilege(%s, %s, r)",
                [role, table],
            )
            held = set(filter(None, cursor.fetchone()[0].split(",")))
            if held != want:
                yield f"{table}: {role} may {sorted(held)}, not {sorted(want)}"


def _rights(table: Tenanted) -> tuple[set[str], set[str], set[str], set[str]]:
    kinds = {
        "": set[str](),
        "r": {"SELECT"},
        "a": {"SELECT", "INSERT"},
        "rw": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    }
    supplier = "" if not table.supplier else "r"
    if table.supplier_writes:
        supplier = "a" if table.append_only else "rw"
    return kinds[table.app], kinds[supplier], kinds[table.worker], kinds["r" if table.is_reported else ""]


def missing_references(cursor: Any) -> Iterator[str]:
    """References between tenant tables whose constraint is missing, or would accept another tenant's row."""
    cursor.execute(
        "SELECT c.relname, t.relname, (SELECT array_agg(attname::text ORDER BY k.n) FROM unnest(f.conkey)"
        " WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num),"
        " (SELECT array_agg(attname::text ORDER BY k.n) FROM unnest(f.confkey)"
        " WITH ORDINALITY k(num, n) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.num)"
        " FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid"
        " WHERE f.contype = 'f' AND f.convalidated AND f.conenforced"
    )
    held = {
        (source, target, tuple(columns), tuple(keys)) for source, target, columns, keys in cursor.fetchall()
    }
    for table, column, target in references():
        key = ("tenant_id", "id")
        if (table, target, ("tenant_id", column), key) not in held:
            yield f"{table}: {column} has no composite foreign key to {target}"
    for table in TABLES:
        if (table, "tenancy_tenant", ("tenant_id",), ("id",)) not in held:
            yield f"{table}: tenant_id has no foreign key"
    for source, target, columns, _ in sorted(held):
        if source in TABLES and target in TABLES and columns[0] != "tenant_id":
            yield f"{source}: {columns} refers to {target} in any tenant"


def references() -> list[tuple[str, str, str]]:
    """Every reference between tenant tables that the models declare: table, column, table referred to."""
    return sorted(
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    )


def loose_uniques(cursor: Any) -> Iterator[str]:
    """Unique indexes of tenant tables that reach across tenants: they leak what others have, and cannot be sharded."""
    cursor.execute(
        "SELECT c.relname, i.relname, a.attname, x.indisprimary FROM pg_index x"
        " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
        " WHERE x.indisunique AND c.relname = ANY(%s)",
        [list(TABLES)],
    )
    for table, index, first, is_primary in cursor.fetchall():
        if first != "tenant_id" and not is_primary and index not in UNIQUE_ACROSS_TENANTS:
            yield f"{table}: {index} is unique across tenants"


def missing_triggers(cursor: Any) -> Iterator[str]:
    """Tables without the triggers that audit them, or that keep them append-only."""
    cursor.execute(
        "SELECT c.relname, p.proname, t.tgtype, encode(t.tgargs, 'escape') FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
    )
    held = {
        (table, function, kind, args.replace("\\000", ""))
        for table, function, kind, args in cursor.fetchall()
    }
    row, before, insert, delete, update, truncate = 1, 2, 4, 8, 16, 32
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models()}
    for table, listed in TABLES.items():
        audit = (table, "tenancy_write_machine_entry", row | insert | delete | update, keys[table])
        if (audit in held) == bool(listed.unaudited):
            yield f"{table}: {'has an' if audit in held else 'has no'} audit trigger"
        for kind, said in ((row | before | delete | update, "rewriting"), (before | truncate, "truncating")):
            if ((table, "tenancy_refuse_rewrite", kind, "") in held) != listed.append_only:
                yield f"{table}: nothing refuses {said}" if listed.append_only else f"{table}: refuses {said}"


def wrong_functions(cursor: Any) -> Iterator[str]:
    """Functions that lend their owner's rights without review, to everybody, or by whatever search path."""
    cursor.execute(
        "SELECT p.proname, p.prosecdef, p.proconfig, has_function_privilege('public', p.oid, 'EXECUTE')"
        " FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    found = cursor.fetchall()
    for name, is_definer, settings, is_public in found:
        if is_definer != (name in DEFINERS):
            yield f"{name}: {'is' if is_definer else 'is not'} SECURITY DEFINER, against the review"
        if is_definer and not any(setting.startswith("search_path=public") for setting in settings or ()):
            yield f"{name}: has no search_path of its own"
        if is_definer and is_public:
            yield f"{name}: anybody may run it"
    for name in sorted(set(DEFINERS) - {row[0] for row in found}):
        yield f"{name}: is listed and does not exist"


def wrong_roles(cursor: Any) -> Iterator[str]:
    """Database roles that can do more than their name says."""
    cursor.execute(
        "SELECT rolname, rolcanlogin, rolinherit, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
        " OR rolreplication FROM pg_roles WHERE rolname = ANY(%s)",
        [list(ROLES)],
    )
    rows = {name: rest for name, *rest in cursor.fetchall()}
    for role in ROLES:
        if role not in rows:
            yield f"{role}: does not exist"
            continue
        can_login, inherits, is_powerful = rows[role]
        if is_powerful:
            yield f"{role}: has powers of an administrator"
        if can_login != (role == "itsm_app"):
            yield f"{role}: {'may' if can_login else 'may not'} log in"
        if role == "itsm_app" and inherits:
            yield f"{role}: inherits"
    cursor.execute(
        "SELECT m.rolname, r.rolname, a.inherit_option, a.admin_option FROM pg_auth_members a"
        " JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.rolname = ANY(%s)",
        [list(ROLES)],
    )
    held = set(cursor.fetchall())
    want = {("itsm_app", role, False, False) for role in ROLES[1:]}
    for wrong in sorted(held ^ want):
        yield f"{wrong[0]}: membership {wrong}"
    cursor.execute(
        "SELECT c.relname, pg_get_userbyid(c.relowner) FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND pg_get_userbyid(c.relowner) = ANY(%s)",
        [list(ROLES)],
    )
    for table, owner in cursor.fetchall():
        yield f"{table}: is owned by {owner}"


CHECKERS = (
    unlisted_tables,
    open_tables,
    wrong_policies,
    wrong_rights,
    missing_references,
    loose_uniques,
    missing_triggers,
    wrong_functions,
    wrong_roles,
)
