"""The sender: hands suppliers' systems what is in line for them."""

import math
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from exchange.services.send import release_expired, send_due

IDLE_SECONDS = 0.2
RELEASE_SECONDS = 5.0
SIDE_BY_SIDE = 32


class Command(BaseCommand):
    """A supervised loop; several may run at once and never send out of order."""

    requires_system_checks = ()
    help = "Send what is in line for suppliers' systems until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        released_at = -math.inf
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            while not stopping.is_set():
                try:
                    if time.monotonic() - released_at >= RELEASE_SECONDS:
                        release_expired(at=timezone.now())
                        released_at = time.monotonic()
                    sent = send_due(read_time=timezone.now, pool=pool)
                except (DatabaseError, InterfaceError) as error:
                    # Messages wait in the database, so wait for it too.
                    self.stderr.write(f"database unavailable: {error}".strip())
                    connection.close()
                    sent = 0
                    stopping.wait(1)
                if not sent:
                    stopping.wait(IDLE_SECONDS)
