"""The dispatcher: delivers messages as they come."""

import select
import signal
import threading
from typing import Any

import psycopg2
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from outbox.services.dispatch import dispatch_batch, release_expired_leases

POLL_SECONDS = 1.0


class Command(BaseCommand):
    """Woken by the database when a message is written; looks every second in case a wake-up was missed."""

    help = "Deliver outbox messages until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        ear = None
        while not stopping.is_set():
            try:
                ear = ear or self._listen()
                release_expired_leases()
                while not stopping.is_set() and dispatch_batch():
                    pass
                if select.select([ear], [], [], POLL_SECONDS)[0]:
                    ear.poll()
                    ear.notifies.clear()
            except (DatabaseError, InterfaceError, psycopg2.Error) as error:
                # The database went away: messages wait in it, so wait for it too.
                self.stderr.write(f"database unavailable: {error}".strip())
                connection.close()
                ear = None
                stopping.wait(POLL_SECONDS)

    def _listen(self) -> Any:
        ear = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
        ear.autocommit = True
        with ear.cursor() as cursor:
            cursor.execute("LISTEN outbox")
        return ear
