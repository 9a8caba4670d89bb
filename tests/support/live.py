"""The whole system as it really runs, beside the tests."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from itsm.runner.child import Family
from itsm.runner.home import free_port
from itsm.runner.provision import with_database
from tests.support.database import create_database

PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 180
_WORKER_SECONDS = 60


@dataclass(frozen=True)
class LiveStack:
    """A running system with demo data: where it answers, and what the demo data says of itself."""

    base_url: str
    secure_url: str
    home: Path
    environment: dict[str, str]
    demo: dict[str, Any]


@pytest.fixture(scope="session")
def live_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """Run the whole system under the real runner, with demo data, on a database of its own.

    It has its own Valkey too. What journeys write there stays until the end of the run.
    """
    name = f"live_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    create_database(name=name)
    home = tmp_path_factory.mktemp("live")
    port, secure_port = free_port(), free_port()
    environment = (
        os.environ
        | _urls(database=name)
        | {
            "ITSM_HOME": str(home),
            "ITSM_PORT": str(port),
            "ITSM_TLS_PORT": str(secure_port),
            "ITSM_BASE_URL": f"http://localhost:{port}",
            "ITSM_WEB_PROCESSES": "1",
            "ITSM_DEMO_HISTORY": "0",
        }
    )
    del environment["REDIS_URL"]
    family = Family(log_folder=home)
    try:
        runner = family.start(
            name="runner",
            command=[sys.executable, "-u", "-m", "itsm.runner"],
            environment=environment,
            folder=PROJECT,
            death_signal=signal.SIGTERM,
            grace_seconds=60,
        )
        family.wait_until(
            ready=lambda: "is running at" in runner.log.read_text(encoding="utf-8"),
            what="The whole system",
            seconds=_START_SECONDS,
        )
        instance = json.loads((home / "instance.json").read_text(encoding="utf-8"))
        demo = json.loads((home / "demo.json").read_text(encoding="utf-8"))
        yield LiveStack(
            base_url=environment["ITSM_BASE_URL"],
            secure_url=f"https://localhost:{secure_port}",
            home=home,
            environment=environment | instance,
            demo=demo,
        )
    finally:
        family.stop()


@pytest.fixture(scope="session")
def real_worker(
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """Run a real Celery worker on the test database, and return the path of its log.

    It sees committed rows only: the test needs `@pytest.mark.django_db(transaction=True)`.
    """
    folder = tmp_path_factory.mktemp("worker")
    environment = os.environ | _urls(database=str(connection.settings_dict["NAME"]))
    family = Family(log_folder=folder)
    try:
        worker = family.start(
            name="worker",
            command=[sys.executable, "-m", "celery", "-A", "itsm.celery", "worker", "-c", "2", "-l", "info"],
            environment=environment,
            folder=PROJECT,
        )
        family.wait_until(
            ready=lambda: " ready." in worker.log.read_text(encoding="utf-8"),
            what="The worker",
            seconds=_WORKER_SECONDS,
        )
        yield worker.log
    finally:
        family.stop()


def _urls(*, database: str) -> dict[str, str]:
    return {
        name: with_database(dsn=os.environ[name], database=database)
        for name in ("DATABASE_URL", "ITSM_APP_DATABASE_URL")
    }
