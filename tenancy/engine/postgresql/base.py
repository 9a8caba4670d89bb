"""Connections that carry the scope and spend no message on what can go with another (ADR 0010).

psycopg 2 would begin each transaction with a message of its own, and Django would ask each request's connection whether
it still stands. A message costs both sides as much as a small statement, so BEGIN travels in front of the first one
(`carry_scope`), and a connection is asked only when there is reason to.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from tenancy.engine.prepared import KeptStatements
from tenancy.engine.wrapper import carry_scope


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of one thread. psycopg leaves transactions alone (autocommit); they are begun and ended here."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.execute_wrappers.append(carry_scope)
        self.kept = KeptStatements()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new connection of psycopg's."""
        connection = super().get_new_connection(conn_params)
        connection.autocommit = True
        self.kept = KeptStatements()
        return connection

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001  Django's signature
        """Nothing to send: a transaction begins with its first statement."""

    def _commit(self) -> None:
        self._end("COMMIT")

    def _rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if self.connection is None:
            return
        with debug_transaction(self, how), self.wrap_database_errors:
            if self.connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
                with self.connection.cursor() as cursor:
                    cursor.execute(how)

    def is_usable(self) -> bool:
        """Whether the connection still stands, asked by Django before the first statement of a request.

        An idle server says nothing. Words or an end of file waiting to be read mean that it may have gone.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return super().is_usable() if poll.poll(0) else True
