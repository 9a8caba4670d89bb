"""What a tenant's people define (services, groups, roles, targets, calendars), read once and kept until it changes.

Definitions are read by almost every request and change a few times a day. Each change of a definition gives its tenant
a new `definitions_version` by trigger (`version_definitions`), which requests learn with who is acting, at no cost.
What was read under a version is kept under it: a process can lag behind by a request that has begun, never longer.
Versions come from a sequence, so that one that was rolled back never comes again (ADR 0009).

What is written by definitions, and measured anew when one changes with effect from earlier, must not slip between the
two: who writes holds the definitions (STAND_STILL, in front of the first lock that it takes on a row), and finds out by
which version (VERSION_NOW); who measures anew waits for all of them, and lets none in before it is committed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.migrations import RunSQL

from tenancy.engine.scope import Scope, current_scope, current_tenant_id, enter_scope

T = TypeVar("T")
_MOST_KEPT = 512
# Of the two numbers of the lock the second is the tenant, the first any that no other lock has.
_LOCK = "1684104550, current_setting('app.tenant_id')::int"
# Costs no trip of its own: both go with other statements.
STAND_STILL = f"SELECT pg_advisory_xact_lock_shared({_LOCK})"
VERSION_NOW = (
    "(SELECT definitions_version FROM tenancy_tenant WHERE id = current_setting('app.tenant_id')::int)"
)


def definitions_version() -> int:
    """The version of the definitions of the tenant in scope. Raises NoTenantError outside one."""
    tenant_id, scope = current_tenant_id(), current_scope()
    if scope is not None and scope.definitions_version is not None:
        return scope.definitions_version
    with connection.cursor() as cursor:
        cursor.execute("SELECT definitions_version FROM tenancy_tenant WHERE id = %s", [tenant_id])
        return int(cursor.fetchone()[0])


@contextmanager
def definitions_of(version: int) -> Iterator[None]:
    """Run the block by this version of the definitions of the tenant in scope, the present one or that of its scope."""
    scope = current_scope() or Scope(current_tenant_id())
    if scope.definitions_version == version:
        yield
        return
    with enter_scope(replace(scope, definitions_version=version)):
        yield


def hold_definitions() -> None:
    """Keep the definitions of the tenant in scope from changing with effect from earlier until the transaction ends.

    For who locks a record before a step on it; steps do so themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAND_STILL)


def change_definitions() -> None:
    """Wait for all who write by the definitions of the tenant in scope, and let none in until the transaction ends.

    Before any record is locked, or two would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


class Kept(Generic[T]):
    """A read of definitions; calling it gives what was read for this tenant, role and version."""

    def __init__(self, read: Callable[[], T]) -> None:
        update_wrapper(self, read)
        self._read = read
        self._held: dict[tuple[Any, ...], tuple[int, T]] = {}
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """The definitions; shared between requests, so callers must not change them."""
        tenant_id, scope = current_tenant_id(), current_scope()
        # A role may be shown less than another, so nothing is shared between roles.
        key = (tenant_id, scope.role, scope.provider_id) if scope else (tenant_id,)
        version = definitions_version()
        held = self._held.get(key)
        if held is not None and held[0] == version:
            return held[1]
        fresh = self._read()
        with self._lock:
            self._held.pop(key, None)
            while len(self._held) >= _MOST_KEPT:
                del self._held[next(iter(self._held))]
            self._held[key] = (version, fresh)
        return fresh

    def holding(self, is_enough: Callable[[T], bool]) -> T:
        """The definitions, read anew when the kept ones lack something that came after the request had begun."""
        held = self()
        return held if is_enough(held) else self._read()


def kept(read: Callable[[], T]) -> Kept[T]:
    """Keep what a read of versioned tables gives. It may read nothing else."""
    return Kept(read)


def version_definitions(*tables: str) -> RunSQL:
    """Migration operation: each change of a row of these tables gives its tenant a new version."""
    return RunSQL(
        "".join(
            f"CREATE TRIGGER {table}_definitions AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION tenancy_definitions_changed();\n"
            for table in tables
        ),
        "".join(f"DROP TRIGGER {table}_definitions ON {table};\n" for table in tables),
    )
