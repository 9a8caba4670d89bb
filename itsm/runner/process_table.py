"""Every process of a running instance besides the two servers, in the order they are started."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One process: its name, its command, and how long it may take to stop."""

    name: str
    arguments: tuple[str, ...]
    grace_seconds: float = 10.0

    def command(self, *, values: Mapping[str, str]) -> list[str]:
        """Return the command line with {home}, {listener} and what else it names filled in."""
        return [sys.executable, *(argument.format_map(values) for argument in self.arguments)]


# fmt: off
PREPARE = Process("prepare", ("manage.py", "prepare"))
# Several of these share one listening socket. Uvicorn's own --workers would leave its children alive when it
# is killed, and kills those that are too busy to answer it in five seconds.
WEB = Process("web", (
    "-m", "uvicorn", "itsm.asgi:application", "--fd", "{listener}", "--loop", "uvloop", "--http", "httptools",
    "--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning",
))
# The same over TLS, on a port of its own.
WEB_TLS = Process("web-tls", (*WEB.arguments, "--ssl-certfile", "{certificate}", "--ssl-keyfile", "{key}"))
BACKGROUND = (
    Process("worker", ("-m", "celery", "-A", "itsm.celery", "worker", "-c", "2", "--loglevel", "warning")),
    Process("beat", ("-m", "celery", "-A", "itsm.celery", "beat", "-s", "{home}/beat-schedule",
                     "--loglevel", "warning")),
    # Two, which never tell the same thing: a new process takes seconds to start, and breaches are told within two.
    Process("sweep-1", ("manage.py", "sla_sweep")),
    Process("sweep-2", ("manage.py", "sla_sweep")),
    Process("dispatcher", ("manage.py", "dispatch_outbox")),
    Process("exchange", ("manage.py", "send_exchange")),
)
# What the hooks of the demonstration call; of a demonstration only.
SIMULATOR = Process("simulator", ("manage.py", "run_simulator"))
SEED = Process("seed", ("manage.py", "seed_demo"))
# fmt: on
