"""Servers of their own for the tests that change what a whole cluster shares."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from itsm.runner.child import Family
from itsm.runner.home import free_port
from itsm.runner.postgres import Cluster


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    """Return a family whose children are stopped after the test."""
    made = Family(log_folder=tmp_path)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running cluster that the tests of one file share."""
    with running_cluster(folder=tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def bare_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a running cluster that has none of our roles."""
    with running_cluster(folder=tmp_path) as made:
        yield made


@contextmanager
def running_cluster(*, folder: Path) -> Iterator[Cluster]:
    """Run a throwaway cluster."""
    family = Family(log_folder=folder)
    made = Cluster(
        folder=folder / "postgres", port=free_port(), password=secrets.token_hex(16), ephemeral=True
    )
    try:
        made.start(family=family)
        yield made
    finally:
        family.stop()
