"""One site for all the tests of this folder, whole again before each."""

from collections.abc import Iterator

import pytest

from tests.faults.site import Site


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The servers, the database and the web process."""
    made = Site(folder=tmp_path_factory.mktemp("site"))
    try:
        made.build()
        made.start("web")
        made.token()
        yield made
    finally:
        made.stop()


@pytest.fixture
def site(built_site: Site) -> Iterator[Site]:
    """The same with every server running and no background process."""
    for name in ("postgres", "valkey"):
        if not built_site.is_running(name):
            built_site.start_server(name)
    if not built_site.is_running("web"):
        built_site.start("web")
    yield built_site
    for name in ("sweep-1", "dispatcher", "worker", "beat"):
        if built_site.is_running(name):
            built_site.kill(name)
