"""The dispatcher: delivers messages as they come."""

import math
import select
import signal
import threading
import time
from typing import Any

import psycopg2
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from outbox.services.dispatch import BATCH, dispatch_batch, release_expired_leases

POLL_SECONDS = 1.0
# What comes within this time of a delivery is delivered together, at a third of the cost. A first message never waits.
GATHER_SECONDS = 0.2
# A lease lasts half a minute: that it is given back some seconds later makes no difference.
RELEASE_SECONDS = 5.0


class Command(BaseCommand):
    """Woken by the database when a message is written; looks every second in case a wake-up was missed."""

    # They load every page of the site, and `prepare` has run them: without, it starts sooner and takes less memory.
    requires_system_checks = ()
    help = "Deliver outbox messages until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        ear, released_at = None, -math.inf
        while not stopping.is_set():
            try:
                ear = ear or self._listen()
                if time.monotonic() - released_at >= RELEASE_SECONDS:
                    release_expired_leases()
                    released_at = time.monotonic()
                ear.poll()
                ear.notifies.clear()
                claimed = dispatch_batch()
                if 0 < claimed < BATCH:
                    # Gone round once more, it finds what followed in the lanes just freed, of which nobody tells.
                    stopping.wait(GATHER_SECONDS)
                elif not claimed:
                    select.select([ear], [], [], POLL_SECONDS)
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
