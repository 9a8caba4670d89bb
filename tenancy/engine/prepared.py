"""Statements that PostgreSQL keeps: parsed and planned once a connection, afterwards only executed.

Planning a look-up of one record takes PostgreSQL longer than doing it. A statement that a connection has sent a few
times is prepared there, and from then on sent as `EXECUTE name(values)`, which carries its scope in front like any
other (ADR 0010). PostgreSQL plans again by itself when a table, a policy or the role changes.
"""

import re
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from tenancy.engine.scope import current_scope

# What one connection keeps at most; the one not used for longest gives way.
MOST = 200
# Statements counted towards being prepared; forgotten together when there are more.
_MOST_COUNTED = 2_000
_PLACES = re.compile(r"%([s%])")
_PREPARABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class KeptStatements:
    """What one connection of the database has prepared, each under a name of its own for each database role."""

    def __init__(self) -> None:
        self._calls: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._seen: dict[tuple[str, str], int] = {}
        self._made = 0

    def call(self, sql: str, role: str) -> str:
        """How to send the statement now: by name if it is prepared or due to be, else as it is."""
        key = sql, role
        call = self._calls.get(key)
        if call is not None:
            self._calls.move_to_end(key)
            return call
        seen = self._seen.get(key, 0) + 1
        if seen < settings.PREPARE_AFTER or not sql.startswith(_PREPARABLE):
            if len(self._seen) >= _MOST_COUNTED:
                self._seen.clear()
            self._seen[key] = seen
            return sql
        self._seen.pop(key, None)
        self._made += 1
        name = f"kept_{self._made}"
        call = self._calls[key] = _prepare(name, sql)
        if len(self._calls) > MOST:
            _, oldest = self._calls.popitem(last=False)
            _send(f"DEALLOCATE {oldest.removeprefix('EXECUTE ').partition('(')[0]}")
        return call


def _prepare(name: str, sql: str) -> str:
    """Have the statement prepared; gives its call, which takes the same values."""
    places = 0

    def place(found: re.Match[str]) -> str:
        nonlocal places
        if found[1] == "%":
            return "%"
        places += 1
        return f"${places}"

    _send(f"PREPARE {name} AS {_PLACES.sub(place, sql)}")
    return f"EXECUTE {name}({', '.join(['%s'] * places)})" if places else f"EXECUTE {name}"


def _send(statement: str) -> None:
    # Not through Django's cursor: this is the connection's own housekeeping, not a statement of the work.
    scope = current_scope()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute((scope.prefix if scope else "") + statement)


def sendable(*statements: str) -> str:
    """`statements` as one message, each by the name under which this thread's connection has it prepared, or as it is.

    Each has `%s` for its values; the message takes all their values in order. Where `ITSM_PREPARE_AFTER` is 0 (behind a
    proxy that lends connections by the transaction) nothing is prepared.
    """
    if settings.PREPARE_AFTER:
        live: Any = connections[DEFAULT_DB_ALIAS]
        live.ensure_connection()
        scope = current_scope()
        role = scope.role if scope else ""
        statements = tuple(live.kept.call(statement, role) for statement in statements)
    return ";".join(statements)
