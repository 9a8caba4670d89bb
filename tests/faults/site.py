"""The running system piece by piece, so that one piece can be killed while the others go on.

The runner ends everything when one process ends; here the same processes are started by hand, on a durable cluster,
a Valkey, a database and a port of their own.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import requests

from itsm.runner.child import Child, Family
from itsm.runner.home import free_port
from itsm.runner.postgres import Cluster
from itsm.runner.process_table import BACKGROUND, WEB
from itsm.runner.provision import provision, with_account, with_database
from itsm.runner.valkey import Valkey

PROJECT = Path(__file__).resolve().parents[2]
OWNER = "itsm_owner"
DATABASE = "itsm"
START_SECONDS = 120
HOST = {"Host": "localhost"}
_COMMANDS = {process.name: process for process in (WEB, *BACKGROUND)}


@dataclass
class Site:
    """One instance whose pieces start and die one at a time."""

    folder: Path
    cluster: Cluster = field(init=False)
    valkey: Valkey = field(init=False)
    family: Family = field(init=False)
    listener: socket.socket = field(init=False)
    environment: dict[str, str] = field(init=False)
    demo: dict[str, Any] = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)

    def build(self) -> None:
        """Make the servers, the database and the demonstration's people; start nothing else."""
        self.family = Family(log_folder=self.folder)
        password = secrets.token_hex(16)
        self.cluster = Cluster(folder=self.folder / "postgres", port=free_port(), password=password)
        self.valkey = Valkey(folder=self.folder / "valkey", port=free_port(), password=password)
        self.cluster.start(family=self.family)
        self.valkey.start(family=self.family)
        app_url = provision(
            admin_dsn=self.cluster.admin_dsn, owner=OWNER, owner_password=password, database=DATABASE
        )
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.environment = os.environ | {
            "DATABASE_URL": with_account(
                dsn=self.cluster.admin_dsn, user=OWNER, password=password, database=DATABASE
            ),
            "ITSM_APP_DATABASE_URL": app_url,
            "REDIS_URL": self.valkey.url,
            "ITSM_HOME": str(self.folder),
            "ITSM_BASE_URL": self.base_url,
            "PYTHONUNBUFFERED": "1",
        }
        self.manage("migrate", "--verbosity", "0", ITSM_DB_ROLE="owner")
        self.manage("seed_demo", "--no-records")
        self.demo = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))

    @property
    def base_url(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def manage(self, *arguments: str, **environment: str) -> str:
        """What a management command wrote. The test fails when the command does."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> Child:
        """Start a process of the runner's table by name; the web process is waited for."""
        process = _COMMANDS[name]
        values = {"home": str(self.folder), "listener": str(self.listener.fileno())}
        child = self.family.start(
            name=name,
            command=process.command(values=values),
            environment=self.environment,
            folder=PROJECT,
            descriptors=(self.listener.fileno(),) if process is WEB else (),
        )
        if process is WEB:
            wait_until(self._is_live, "the site", START_SECONDS)
        return child

    def start_server(self, name: str) -> None:
        """Start PostgreSQL or Valkey again on the data it had."""
        (self.cluster if name == "postgres" else self.valkey).start(family=self.family)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a running piece."""
        os.kill(self._child(name).process.pid, number)

    def kill(self, name: str) -> None:
        """End a piece and all its processes at once, without a chance to tidy up."""
        child = self._child(name)
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait(20)
        self.family.children.remove(child)

    def is_running(self, name: str) -> bool:
        """Whether a piece runs."""
        return any(child.name == name and child.exit_code is None for child in self.family.children)

    def stop(self) -> None:
        """End everything."""
        self.family.stop()
        self.listener.close()

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the superuser reads, across tenants."""
        admin = psycopg2.connect(with_database(dsn=self.cluster.admin_dsn, database=DATABASE))
        try:
            with admin.cursor() as cursor:
                cursor.execute(statement, parameters)
                return list(cursor.fetchall())
        finally:
            admin.close()

    def execute(self, statement: str) -> None:
        """Have the superuser change something, across tenants."""
        admin = psycopg2.connect(with_database(dsn=self.cluster.admin_dsn, database=DATABASE))
        try:
            with admin, admin.cursor() as cursor:
                cursor.execute(statement)
        finally:
            admin.close()

    def token(self, provider: str = "desk-partner") -> str:
        """An access token of a provider's system in the first demonstration tenant."""
        if provider not in self.tokens:
            client = self.demo["tenants"]["defra"]["api_clients"][provider]
            form = client | {"grant_type": "client_credentials"}
            answer = requests.post(f"{self.base_url}/identity/o/api/token", form, headers=HOST, timeout=30)
            self.tokens[provider] = answer.json()["access_token"]
        return self.tokens[provider]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """The API's answer to the service desk's system."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method,
            f"{self.base_url}/api/v1/{path}",
            json=body,
            headers=HOST | {"Authorization": f"Bearer {self.token()}"} | named,
            timeout=30,
        )

    def _is_live(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/livez", headers=HOST, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _child(self, name: str) -> Child:
        return next(child for child in self.family.children if child.name == name)


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until something is so; the test fails when it is not after that many seconds."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} seconds"
        time.sleep(0.1)
