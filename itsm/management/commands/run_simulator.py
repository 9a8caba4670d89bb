"""The demonstration's simulator."""

import signal
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from itsm.services.simulate import Simulator, simulator_secret

_RETRY_SECONDS = 2.0


class Command(BaseCommand):
    """Serves until stopped, at ITSM_SIMULATOR."""

    requires_system_checks = ()
    help = "Play the systems that the demonstration's hooks call."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SIMULATOR:
            raise CommandError("Set ITSM_SIMULATOR to the host:port to listen at.")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        host, _, port = settings.SIMULATOR.rpartition(":")
        while True:
            try:
                server = Simulator((host, int(port)), secret=simulator_secret(), read_time=time.time)
            except OSError as error:
                # The rest of the instance does not need it.
                self.stderr.write(f"cannot listen at {settings.SIMULATOR}: {error}")
                time.sleep(_RETRY_SECONDS)
                continue
            server.serve_forever()
