"""Libraries of the market, unmodified, against a running instance over TLS."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.live import PROJECT, LiveStack

pytestmark = pytest.mark.e2e
_WANTED = PROJECT / "tests" / "data" / "market-clients.txt"


@pytest.fixture(scope="session")
def their_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the libraries, which need older ones than ours."""
    folder = tmp_path_factory.mktemp("market-clients")
    uv = Path(sys.executable).with_name("uv")
    environment = os.environ | {"VIRTUAL_ENV": str(folder)}
    for command in (
        ["venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
        ["pip", "install", "--quiet", "--link-mode", "copy", "-r", str(_WANTED)],
    ):
        subprocess.run([uv, *command], check=True, env=environment)
    return folder / "bin" / "python"


def found_by(tool: str, python: Path, live: LiveStack, folder: Path) -> dict[str, Any]:
    """What a library found, as it says itself."""
    tenant = live.demo["tenants"]["rivers"]
    given = [tenant["market_logins"]["rivers-desk"][name] for name in ("user_name", "password")]
    keys = [tenant["api_clients"]["rivers-desk"][name] for name in ("client_id", "client_secret")]
    trusted = {"REQUESTS_CA_BUNDLE": str(live.home / "certificate.pem")}
    done = subprocess.run(
        [python, Path(__file__).with_name("their_tools.py"), tool, live.secure_url, *given, folder, *keys],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | trusted,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_libraries_of_the_market_work_unmodified(
    their_python: Path, live_stack: LiveStack, tmp_path: Path
) -> None:
    found = found_by("pysnc", their_python, live_stack, tmp_path)
    assert (found["state"], found["attached"], found["texts"]) == ("In Progress", "file", ["some text"])
    assert len(found["numbers"]) == 1
    assert found["pages"] == [str(index) for index in range(7)]
    assert (found["changed"], found["long"]) == (7, 1)
    assert (found["by_token"], found["deleted"], found["gone"]) == (True, True, True)

    found = found_by("pysnow", their_python, live_stack, tmp_path)
    assert found["found"] == found["made"]
    assert (found["priority"], found["files"], found["by_token"]) == ("1", ["from-pysnow.txt"], "3")
    assert (found["deleted"], found["removed"], found["left"]) == ("record deleted", "record deleted", 0)
