"""The system starts with one command, stops as a whole, and leaves no process behind however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from itsm.runner.home import free_port, listening

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
GONE_SECONDS = 5
SERVERS = ("DATABASE_URL", "ITSM_APP_DATABASE_URL", "REDIS_URL", "ITSM_SECRET_KEY", "ITSM_BASE_URL")


def environment_of(home: Path, port: int) -> dict[str, str]:
    """Return the environment of somebody who runs an instance, without the tests' servers."""
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    return own | {"ITSM_HOME": str(home), "ITSM_PORT": str(port)}


def descendants(pid: int) -> set[int]:
    """Return the numbers of all processes that stem from a process."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, fresh = set(), {pid}
    while fresh:
        found |= fresh
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    """Return those of the processes that have not ended."""
    left = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            left.add(pid)
    return left


def assert_all_gone(pids: set[int]) -> None:
    """Fail when one of the processes is still there after five seconds."""
    deadline = time.monotonic() + GONE_SECONDS
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(pids)


@contextmanager
def started(command: list[str], home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start a runner and wait until it says that it runs."""
    log = home.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment_of(home, port), stdout=output, stderr=output
        )
    deadline = time.monotonic() + START_SECONDS
    try:
        while "is running at" not in log.read_text(encoding="utf-8"):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


@pytest.mark.slow
def test_killed_stopped_and_started_again(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    command = [sys.executable, "-u", "-m", "itsm.runner"]
    with started(command, home, port) as runner:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez") as answer:
            assert answer.status == 200
        assert (home / "instance.json").stat().st_mode & 0o777 == 0o600
        secrets = json.loads((home / "secrets.json").read_text())
        second = subprocess.run(
            command, cwd=PROJECT, env=environment_of(home, free_port()), capture_output=True, check=False
        )
        assert second.returncode == 1
        assert b"Already running" in second.stderr
        # Nothing exported: the command finds the running instance by its directory.
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], cwd=PROJECT, env=environment_of(home, port), check=True
        )
        family = descendants(runner.pid)
        assert len(family) > 10
        runner.kill()
        assert_all_gone(family)
    with started(command, home, port) as runner:
        family = descendants(runner.pid)
        assert json.loads((home / "secrets.json").read_text()) == secrets
        runner.send_signal(signal.SIGINT)
        assert runner.wait(timeout=30) == 0
        assert not alive(family)
    assert not (home / "instance.json").exists()


@pytest.mark.slow
def test_killing_make_stops_what_it_started(tmp_path: Path) -> None:
    with started(["make", "--no-print-directory", "run"], tmp_path / "home", free_port()) as make:
        family = descendants(make.pid)
        assert len(family) > 10
        make.kill()
        assert_all_gone(family)


@pytest.mark.slow
def test_the_death_of_one_process_stops_all(tmp_path: Path) -> None:
    with started([sys.executable, "-u", "-m", "itsm.runner"], tmp_path / "home", free_port()) as runner:
        family = descendants(runner.pid)
        dispatcher = next(
            pid for pid in family if b"dispatch_outbox" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )
        os.kill(dispatcher, signal.SIGKILL)
        assert runner.wait(timeout=30) == 1
        assert not alive(family)
    assert "dispatcher ended with code -9" in (tmp_path / "home.log").read_text()


def test_a_port_in_use_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    port = free_port()
    with listening(host="127.0.0.1", port=port):
        done = subprocess.run(
            [sys.executable, "-m", "itsm.runner"],
            cwd=PROJECT,
            env=environment_of(tmp_path / "home", port),
            capture_output=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"ITSM_PORT={port + 1}".encode() in done.stderr
    assert not (tmp_path / "home" / "postgres").exists()
