"""An embedded Valkey server: broker, cache and live topics of one instance."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from itsm.runner import binaries
from itsm.runner.child import Child, Family
from itsm.runner.home import write_private

_PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class Valkey:
    """One embedded server: where it keeps its data, its port and its password."""

    folder: Path
    port: int
    password: str
    ephemeral: bool = False

    @property
    def url(self) -> str:
        """Return the URL without a database number."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def start(self, *, family: Family) -> Child:
        """Start the server and wait until it answers its password.

        Raises BinaryMissingError, ChildDiedError, NotReadyError.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = self.folder / "valkey.conf"
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": f'"{self.folder}"',
            # In a file, never on a command line that every user of the machine can read.
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no" if self.ephemeral else "yes",
            # A broker that forgets messages under memory pressure is worse than one that refuses them.
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        write_private(path=configuration, text="".join(f"{key} {value}\n" for key, value in lines.items()))
        child = family.start(
            name="valkey",
            command=[str(binaries.valkey_server()), str(configuration)],
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            folder=self.folder,
            death_signal=signal.SIGTERM,
        )
        family.wait_until(ready=self._answers, what="Valkey", seconds=30)
        return child

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=_PROBE_SECONDS) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < len(("auth", "ping")):
                    received = connection.recv(256)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
