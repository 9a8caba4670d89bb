"""Throwaway PostgreSQL and Valkey for one test run, up before Django reads its settings.

With pytest-xdist the controller starts PostgreSQL and every worker a Valkey of its own, so that caches and
queues of one worker are out of sight of the others.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import psycopg2
import pytest
from django.conf import settings

from itsm.runner.child import Family
from itsm.runner.home import free_port
from itsm.runner.postgres import Cluster
from itsm.runner.provision import (
    prepare_database,
    provision,
    with_account,
    with_database,
)
from itsm.runner.valkey import Valkey

OWNER = "itsm_owner"
ADMIN_URL = "ITSM_TEST_ADMIN_URL"
SETTINGS = "DJANGO_SETTINGS_MODULE"
_MEMORY = Path("/dev/shm")  # noqa: S108 - memory, and the folder made in it has a name nobody can guess
_ENOUGH_MEMORY_BYTES = 1 << 30
_PREFIX = "itsm-test-"
_running = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, tell Django where they are, and load it."""
    if config.getoption("version", 0) or config.getoption("help", default=False):
        return
    if settings.configured:
        message = f"Unset {SETTINGS}: Django must not read its settings before the test servers are up."
        raise pytest.UsageError(message)
    stack = ExitStack()
    config.stash[_running] = stack
    folder = _throwaway_folder(stack=stack)
    family = Family(log_folder=folder)
    stack.callback(family.stop)
    if ADMIN_URL not in os.environ:
        os.environ.update(_start_database(folder=folder, family=family))
    if _hands_out_to_workers(config):
        return
    valkey = Valkey(
        folder=folder / "valkey", port=free_port(), password=secrets.token_hex(16), ephemeral=True
    )
    valkey.start(family=family)
    os.environ.update({"ITSM_HOME": str(folder), "REDIS_URL": valkey.url, SETTINGS: "itsm.settings"})
    # Every statement of a fixed shape is prepared at once, so that one that cannot be fails the first test it meets.
    os.environ["ITSM_PREPARE_AFTER"] = "1"
    django.setup()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove what they wrote."""
    if stack := config.stash.get(_running, None):
        stack.close()


def _start_database(*, folder: Path, family: Family) -> dict[str, str]:
    cluster = Cluster(
        folder=folder / "postgres", port=free_port(), password=secrets.token_hex(16), ephemeral=True
    )
    cluster.start(family=family)
    owner_password = secrets.token_hex(16)
    app_url = provision(
        admin_dsn=cluster.admin_dsn, owner=OWNER, owner_password=owner_password, database="itsm"
    )
    # Databases made later in this cluster are copies of template1, rights and extensions included.
    connection = psycopg2.connect(with_database(dsn=cluster.admin_dsn, database="template1"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        prepare_database(cursor=cursor, owner=OWNER)
    connection.close()
    return {
        ADMIN_URL: cluster.admin_dsn,
        "DATABASE_URL": with_account(
            dsn=cluster.admin_dsn, user=OWNER, password=owner_password, database="itsm"
        ),
        "ITSM_APP_DATABASE_URL": app_url,
        "ITSM_SECRET_KEY": secrets.token_hex(32),
        "ITSM_BASE_URL": "http://localhost:8000",
        "ITSM_EMBEDDED": "0",
        "ITSM_DEBUG": "0",
    }


def _hands_out_to_workers(config: pytest.Config) -> bool:
    return "PYTEST_XDIST_WORKER" not in os.environ and bool(config.getoption("numprocesses", default=None))


def _throwaway_folder(*, stack: ExitStack) -> Path:
    """Return a new folder, in memory where there is room, removed at the end of the run."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH_MEMORY_BYTES
    parent = _MEMORY if roomy else Path(tempfile.gettempdir())
    _remove_leftovers(parent=parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    lock = stack.enter_context((folder / "lock").open("w", encoding="ascii"))
    fcntl.flock(lock, fcntl.LOCK_EX)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _remove_leftovers(*, parent: Path) -> None:
    """Remove the folders of runs that were killed: nobody holds their lock any more."""
    for lock_path in parent.glob(f"{_PREFIX}*/lock"):
        try:
            with lock_path.open("a", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_path.parent, ignore_errors=True)
        except OSError:
            continue
