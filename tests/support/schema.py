"""The migrated schema, remembered between runs for as long as no migration changed.

Migrating from nothing takes ten times as long as loading its result, and tests are run many times an hour.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from itsm.runner.binaries import postgres_folder
from itsm.runner.provision import with_database
from tests.support.stack import ADMIN_URL

PROJECT = Path(__file__).resolve().parents[2]
_CACHE = PROJECT / "build" / "test-schema"
# What the outcome of a migration depends on besides the migration itself.
_ALSO = ("requirements.lock", "itsm/settings.py", "itsm/runner/provision.py")


def build_schema(*, database: str) -> None:
    """Bring an empty database to the state all migrations lead to; ends the run when they fail."""
    remembered = _CACHE / f"{_fingerprint()}.sql"
    if remembered.exists():
        _run([*_program("psql", database), "-Xq", "-v", "ON_ERROR_STOP=1", "-f", str(remembered)])
        return
    url = with_database(dsn=os.environ["DATABASE_URL"], database=database)
    # In a process of its own: this one never holds the owner's password in its settings.
    _run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], DATABASE_URL=url, ITSM_DB_ROLE="owner")
    _CACHE.mkdir(parents=True, exist_ok=True)
    for stale in _CACHE.glob("*.sql"):
        stale.unlink(missing_ok=True)
    draft = remembered.with_suffix(f".{os.getpid()}")
    _run([*_program("pg_dump", database), "--file", str(draft)])
    draft.rename(remembered)


def _fingerprint() -> str:
    digest = sha256()
    paths = [PROJECT / name for name in _ALSO]
    paths += [*PROJECT.glob("*/migrations/**/*"), *PROJECT.glob("tenancy/**/*.py")]
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def _program(name: str, database: str) -> list[str]:
    url = with_database(dsn=os.environ[ADMIN_URL], database=database)
    return [str(postgres_folder() / name), f"--dbname={url}"]


def _run(command: list[str], **environment: str) -> None:
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.exit(f"The test database could not be made:\n{done.stdout}\n{done.stderr}", returncode=1)
