"""The servers of a bench run: one durable PostgreSQL and Valkey, and the product's own processes on a database."""

import http.client
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.meter import cpu_seconds
from itsm.runner.child import Child, Family
from itsm.runner.home import Home, Secrets, free_port, listening
from itsm.runner.postgres import Cluster
from itsm.runner.process_table import BACKGROUND, PREPARE, WEB
from itsm.runner.provision import provision, with_account, with_database
from itsm.runner.valkey import Valkey

PROJECT = Path(__file__).resolve().parents[1]
WORK = Path(os.environ.get("ITSM_BENCH_HOME") or PROJECT / "bench-work").resolve()
OWNER = "itsm_owner"
WEB_PROCESSES = int(os.environ.get("ITSM_WEB_PROCESSES") or 3)
HOST = "127.0.0.1"
_SETTLE_SECONDS = 60
# Durability stays as shipped (fsync and synchronous commit on); memory is what a small production server has.
_MEMORY = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
}


class BenchFamily(Family):
    """The runner's family of processes, with more memory for PostgreSQL."""

    def start(self, *, name: str, command: Sequence[str], **rest: Any) -> Child:
        """Start a process as the runner does."""
        if name == "postgres":
            extra = [argument for key, value in _MEMORY.items() for argument in ("-c", f"{key}={value}")]
            command = [*command, *extra]
        return super().start(name=name, command=command, **rest)


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey, running."""

    family: Family
    secrets: Secrets
    admin_dsn: str
    redis_url: str

    @property
    def postgres_pid(self) -> int:
        """The process id of PostgreSQL's postmaster."""
        return self._pid("postgres")

    @property
    def valkey_pid(self) -> int:
        """The process id of Valkey."""
        return self._pid("valkey")

    def admin(self, database: str) -> str:
        """The superuser's URL to a database."""
        return with_database(dsn=self.admin_dsn, database=database)

    def environment(self, database: str) -> dict[str, str]:
        """What a process of the product needs to work on a database, which is created and migrated if need be."""
        app_url = provision(
            admin_dsn=self.admin_dsn,
            owner=OWNER,
            owner_password=self.secrets.owner_password,
            database=database,
        )
        owner_url = with_account(
            dsn=self.admin_dsn, user=OWNER, password=self.secrets.owner_password, database=database
        )
        environment = os.environ | {
            "DATABASE_URL": owner_url,
            "ITSM_APP_DATABASE_URL": app_url,
            "ITSM_BENCH_ADMIN_URL": self.admin(database),
            "REDIS_URL": self.redis_url,
            "ITSM_SECRET_KEY": self.secrets.secret_key,
            "ITSM_BASE_URL": "http://localhost:8000",
            "ITSM_HOME": str(WORK),
            "ITSM_EMBEDDED": "1",
            "ITSM_DEBUG": "0",
            # The limit stays in force and is paid for; it only never refuses.
            "ITSM_API_RATE": "1000000/second",
            "DJANGO_SETTINGS_MODULE": "itsm.settings",
        }
        self.family.run(
            name="prepare", command=PREPARE.command(values={}), environment=environment, folder=PROJECT
        )
        return environment

    def _pid(self, name: str) -> int:
        return next(child.process.pid for child in self.family.children if child.name == name)


@dataclass(frozen=True)
class Site:
    """The product serving one database."""

    port: int
    web_pids: tuple[int, ...]
    background_pids: tuple[int, ...]


@contextmanager
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey for the block; the data stays for the next run."""
    home = Home(folder=WORK)
    home.create()
    family = BenchFamily(log_folder=home.logs)
    with ExitStack() as stack:
        stack.enter_context(home.locked())
        stack.callback(family.stop)
        secrets = home.secrets()
        cluster = Cluster(
            folder=home.folder / "postgres",
            port=home.port_for(name="postgres"),
            password=secrets.postgres_password,
        )
        cluster.start(family=family)
        valkey = Valkey(
            folder=home.folder / "valkey",
            port=home.port_for(name="valkey"),
            password=secrets.valkey_password,
            ephemeral=True,
        )
        valkey.start(family=family)
        yield Servers(family, secrets, cluster.admin_dsn, valkey.url)


@contextmanager
def site(
    *, servers: Servers, environment: Mapping[str, str], web: Sequence[str] = (), background: bool = True
) -> Iterator[Site]:
    """Web processes on one socket, and unless refused the background processes, for the block.

    `web` is another command line to serve with, {listener} standing for the socket.
    """
    port = free_port()
    family = Family(log_folder=servers.family.log_folder)
    with ExitStack() as stack:
        listener = stack.enter_context(listening(host=HOST, port=port))
        stack.callback(family.stop)
        values = {"home": str(WORK), "listener": str(listener.fileno())}
        command = [part.format_map(values) for part in web] or WEB.command(values=values)
        variables = {**os.environ, **environment, "ITSM_PORT": str(port)}
        webs = [
            family.start(
                name=f"web-{number}",
                command=command,
                environment=variables,
                folder=PROJECT,
                descriptors=(listener.fileno(),),
            )
            for number in range(WEB_PROCESSES)
        ]
        family.wait_until(ready=lambda: answers(port=port), what="The site", seconds=_SETTLE_SECONDS)
        others = [
            family.start(
                name=process.name,
                command=process.command(values=values),
                environment=variables,
                folder=PROJECT,
            )
            for process in (BACKGROUND if background else ())
        ]
        pids = tuple(child.process.pid for child in others)
        _wait_until_idle(pids)
        yield Site(port, tuple(child.process.pid for child in webs), pids)


def answers(*, port: int) -> bool:
    """Whether something serves HTTP there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_until_idle(pids: Sequence[int]) -> None:
    """Wait until the processes have finished starting, so that a run does not pay for it."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while pids and time.monotonic() < deadline:
        before = cpu_seconds(pids)
        time.sleep(1)
        if cpu_seconds(pids) - before < 0.2:
            return
