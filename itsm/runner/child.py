"""Child processes that cannot outlive the runner, and the waiting that notices when one of them ends."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from itsm.runner.errors import ChildDiedError, NotReadyError, StopRequestedError
from itsm.runner.identity import Identity, before_exec

_POLL_SECONDS = 0.05
_LOG_TAIL_LINES = 25
# What ends sooner after its start would end again and again.
_PROBATION_SECONDS = 10.0


@dataclass
class Child:
    """One running process, leader of its own session and process group.

    `start_again` is there when it is replaced should it end by itself.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    grace_seconds: float
    start_again: "Callable[[], Child] | None" = None
    started_at: float = field(default_factory=time.monotonic)

    @property
    def exit_code(self) -> int | None:
        """Return how the process ended, or None while it runs."""
        return self.process.poll()

    def log_tail(self) -> str:
        """Return the last lines the process wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {self.name} | {line}" for line in lines[-_LOG_TAIL_LINES:])


@dataclass
class Family:
    """The children of one runner, in the order they were started."""

    log_folder: Path
    children: list[Child] = field(default_factory=list)
    stop_requested: bool = False

    def start(
        self,
        *,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGKILL,
        grace_seconds: float = 20.0,
        identity: Identity = Identity.DIRECT,
        descriptors: Sequence[int] = (),
        is_replaced: bool = False,
    ) -> Child:
        """Start a process that gets death_signal when this process dies, however it dies.

        The child inherits the open file descriptors named; `is_replaced` has it started again should it end by
        itself later. Must be called from the main thread: the kernel ties the child to the thread that started it.
        """
        log = self.log_folder / f"{name}.log"
        with _open_log(log) as output:
            process = subprocess.Popen(  # noqa: S603 - a row of the process table
                list(command),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=descriptors,
                # Safe here: the runner has one thread.
                preexec_fn=before_exec(death_signal=death_signal, identity=identity),  # noqa: PLW1509
            )
        child = Child(
            name=name, process=process, log=log, stop_signal=stop_signal, grace_seconds=grace_seconds
        )
        if is_replaced:
            child.start_again = partial(
                self.start,
                name=name,
                command=command,
                environment=environment,
                folder=folder,
                stop_signal=stop_signal,
                death_signal=death_signal,
                grace_seconds=grace_seconds,
                identity=identity,
                descriptors=descriptors,
                is_replaced=True,
            )
        self.children.append(child)
        return child

    def check(self) -> None:
        """Replace what ended and is to be replaced; raise when someone asked to stop or another child ended.

        Raises StopRequestedError, ChildDiedError. What ends within ten seconds of its start is not replaced.
        """
        if self.stop_requested:
            message = "Asked to stop."
            raise StopRequestedError(message)
        for child in [child for child in self.children if child.exit_code is not None]:
            message = f"{child.name} ended with code {child.exit_code}."
            if child.start_again is None or time.monotonic() - child.started_at < _PROBATION_SECONDS:
                raise ChildDiedError(f"{message}\n{child.log_tail()}")
            sys.stderr.write(f"{message} It is started again.\n")
            self.children.remove(child)
            _stop_all([child])
            child.start_again()

    def wait_until(self, *, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait until something is ready, watching the children meanwhile.

        Raises NotReadyError after that many seconds, StopRequestedError, ChildDiedError.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                message = f"{what} was not ready after {seconds:.0f} seconds. Logs: {self.log_folder}"
                raise NotReadyError(message)
            time.sleep(_POLL_SECONDS)

    def run(self, *, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> str:
        """Run a command to its end and return what it wrote.

        Raises ChildDiedError when it fails.
        """
        child = self.start(name=name, command=command, environment=environment, folder=folder)
        self.children.remove(child)
        try:
            while child.exit_code is None:
                self.check()
                time.sleep(_POLL_SECONDS)
        finally:
            _stop_all([child])
        if child.exit_code != 0:
            message = f"{name} failed with code {child.exit_code}.\n{child.log_tail()}"
            raise ChildDiedError(message)
        return child.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Stop every child: first the ones that use the servers, all at once, then the servers in reverse."""
        servers = [child for child in self.children if child.name in {"postgres", "valkey"}]
        _stop_all([child for child in self.children if child not in servers])
        for server in reversed(servers):
            _stop_all([server])
        self.children.clear()


@contextlib.contextmanager
def _open_log(path: Path) -> Iterator[int]:
    """Open a new log, and keep the one of the run before beside it."""
    if path.exists():
        path.replace(path.with_suffix(".previous.log"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _stop_all(children: Sequence[Child]) -> None:
    for child in children:
        if child.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(child.stop_signal)
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=child.grace_seconds)
        # What is left of the group did not stop when its leader did.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
