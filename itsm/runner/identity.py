"""Under which user the servers run, and what ties their life to their parent's.

PostgreSQL refuses to run as root, and needs a user name to exist for the user it runs as. A user namespace of
its own answers both without creating users or opening directories; where the kernel refuses namespaces, root
drops to the unprivileged user instead.
"""

import ctypes
import enum
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

UNPRIVILEGED_ID = 65534
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
# Loaded once here: opening a library between fork and exec is not safe.
_libc = ctypes.CDLL(None, use_errno=True)


class Identity(enum.Enum):
    """How a server program gets a user that PostgreSQL accepts."""

    DIRECT = "direct"
    NAMESPACE = "namespace"
    SETUID = "setuid"


def database_identity() -> Identity:
    """Return how PostgreSQL has to be started by the present user on this machine.

    ITSM_PG_IDENTITY (direct, namespace, setuid) overrides the choice.
    """
    if wanted := os.environ.get("ITSM_PG_IDENTITY"):
        return Identity(wanted)
    if not sys.platform.startswith("linux"):
        return Identity.DIRECT
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return Identity.DIRECT
    if _namespaces_allowed():
        return Identity.NAMESPACE
    return Identity.SETUID if os.geteuid() == 0 else Identity.DIRECT


def before_exec(*, death_signal: int, identity: Identity = Identity.DIRECT) -> Callable[[], None]:
    """Return what a child does between fork and exec: take its identity, and die when its parent dies.

    Taking an identity resets the death signal, so that comes last.
    """
    parent = os.getpid()

    def prepare() -> None:
        # Started in the background by a shell, this process ignores the signal that stops PostgreSQL at once, and
        # what is ignored is inherited.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if identity is Identity.NAMESPACE:
            _enter_user_namespace()
        elif identity is Identity.SETUID:
            os.setgroups([])
            os.setgid(UNPRIVILEGED_ID)
            os.setuid(UNPRIVILEGED_ID)
        if sys.platform.startswith("linux"):
            _libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:
                # The parent died before the request was registered.
                os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def stop_with_parent() -> None:
    """Ask for a termination signal to this process when its parent dies."""
    if sys.platform.startswith("linux"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def give_to_unprivileged(*, path: Path) -> None:
    """Make the unprivileged user the owner of a path and of everything under it."""
    for folder, _, files in os.walk(path):
        os.chown(folder, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
        for name in files:
            os.chown(Path(folder) / name, UNPRIVILEGED_ID, UNPRIVILEGED_ID, follow_symlinks=False)
    if path.is_file():
        os.chown(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _enter_user_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{UNPRIVILEGED_ID} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{UNPRIVILEGED_ID} {gid} 1", encoding="ascii")


def _namespaces_allowed() -> bool:
    try:
        probe = subprocess.run(
            ["/bin/true"], preexec_fn=_enter_user_namespace, check=False, stderr=subprocess.DEVNULL
        )
    except (subprocess.SubprocessError, OSError):
        return False
    return probe.returncode == 0
