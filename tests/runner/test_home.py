"""An instance's directory keeps its secrets private, its ports stable, and out other runners."""

import json
import socket
import stat
from pathlib import Path

import pytest

from itsm.runner.errors import AlreadyRunningError, PortTakenError
from itsm.runner.home import Home, free_port, listening


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a new instance's directory."""
    made = Home(folder=tmp_path / "instance")
    made.create()
    return made


def mode_of(path: Path) -> int:
    """Return the permission bits of a path."""
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_stay_the_same_and_are_readable_by_their_owner_only(home: Home) -> None:
    first = home.secrets()
    assert home.secrets() == first
    assert len({first.postgres_password, first.owner_password, first.valkey_password, first.secret_key}) == 4
    assert mode_of(home.folder / "secrets.json") == 0o600
    assert mode_of(home.folder) == 0o700


def test_a_secret_added_by_a_later_version_is_made_up_without_changing_the_others(home: Home) -> None:
    first = home.secrets()
    path = home.folder / "secrets.json"
    known = json.loads(path.read_text())
    del known["secret_key"]
    path.write_text(json.dumps(known))
    second = home.secrets()
    assert second.owner_password == first.owner_password
    assert second.secret_key


def test_one_runner_at_a_time(home: Home) -> None:
    with home.locked(), pytest.raises(AlreadyRunningError, match="ITSM_HOME"), home.locked():
        pass
    with home.locked():
        pass


def test_a_port_is_remembered_until_someone_else_takes_it(home: Home) -> None:
    port = home.port_for(name="postgres")
    assert home.port_for(name="postgres") == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert home.port_for(name="postgres") != port


def test_the_instance_is_announced_only_while_it_runs(home: Home) -> None:
    path = home.folder / "instance.json"
    with home.announced(environment={"REDIS_URL": "redis://127.0.0.1:1"}):
        assert json.loads(path.read_text()) == {"REDIS_URL": "redis://127.0.0.1:1"}
        assert mode_of(path) == 0o600
    assert not path.exists()


def test_a_taken_port_is_refused_with_advice() -> None:
    port = free_port()
    with (
        listening(host="127.0.0.1", port=port),
        pytest.raises(PortTakenError, match=f"ITSM_PORT={port + 1}"),
        listening(host="127.0.0.1", port=port),
    ):
        pass
    with listening(host="127.0.0.1", port=port):
        pass
