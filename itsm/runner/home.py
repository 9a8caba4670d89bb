"""The directory of one running instance: its lock, its secrets, its ports, and how to reach it."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from itsm.runner.errors import AlreadyRunningError, PortTakenError

_BACKLOG = 2048


@dataclass(frozen=True)
class Secrets:
    """What an instance keeps to itself between two runs."""

    postgres_password: str
    owner_password: str
    valkey_password: str
    secret_key: str


@dataclass(frozen=True)
class Home:
    """One instance's directory (ITSM_HOME)."""

    folder: Path

    @property
    def logs(self) -> Path:
        """Return the folder of the processes' logs."""
        return self.folder / "log"

    def create(self) -> None:
        """Make the directory, readable by its owner only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory for one runner.

        Raises AlreadyRunningError.
        """
        with (self.folder / "lock").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                message = (
                    f"Already running in {self.folder} (process {lock.read().strip()}). "
                    "For a second instance set ITSM_HOME and ITSM_PORT."
                )
                raise AlreadyRunningError(message) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def secrets(self) -> Secrets:
        """Return the instance's secrets, made up the first time they are asked for."""
        path = self.folder / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        names = Secrets.__dataclass_fields__
        complete = {name: known.get(name) or secrets.token_urlsafe(36) for name in names}
        if complete != known:
            write_private(path=path, text=json.dumps(complete, indent=2))
        return Secrets(**complete)

    def port_for(self, *, name: str) -> int:
        """Return a free loopback port, the same as last time when it is still free."""
        path = self.folder / "ports.json"
        known: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if name not in known or not port_is_free(port=known[name]):
            known[name] = free_port()
            write_private(path=path, text=json.dumps(known))
        return known[name]

    @contextmanager
    def announced(self, *, environment: dict[str, str]) -> Iterator[None]:
        """Say in instance.json how to reach the instance, for as long as it runs."""
        path = self.folder / "instance.json"
        write_private(path=path, text=json.dumps(environment, indent=2))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def write_private(*, path: Path, text: str) -> None:
    """Replace a file at once by one that only its owner can read."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def free_port() -> int:
    """Return a loopback TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(*, port: int) -> bool:
    """Return whether the loopback TCP port can be listened on."""
    with socket.socket() as probe:
        # As servers do: connections of an earlier run in TIME_WAIT do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def listening(*, host: str, port: int) -> Iterator[socket.socket]:
    """Listen on the site's port, for the web processes to share.

    Raises PortTakenError.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it. The servers take an inherited socket for one without Nagle's algorithm, and
        # would let every small answer wait 40 ms for the client to acknowledge its head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            message = (
                f"Cannot use port {port} ({error.strerror}). Choose another: make run ITSM_PORT={port + 1}"
            )
            raise PortTakenError(message) from error
        listener.listen(_BACKLOG)
        yield listener
