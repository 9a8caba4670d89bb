"""The sweep: tells of warnings and breaches on time."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from sla.services.sweep import sweep_once

IDLE_SECONDS = 0.25


class Command(BaseCommand):
    """A supervised loop; several may run at once and never tell anything twice."""

    # They load every page of the site, and `prepare` has run them: without, it starts sooner and takes less memory.
    requires_system_checks = ()
    help = "Tell of service-level warnings and breaches until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            try:
                told = sweep_once()
            except (DatabaseError, InterfaceError) as error:
                # Clocks keep their due instants while the database is away.
                self.stderr.write(f"database unavailable: {error}".strip())
                connection.close()
                told = 0
                stopping.wait(1)
            if not told:
                stopping.wait(IDLE_SECONDS)
