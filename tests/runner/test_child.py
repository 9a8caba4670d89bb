"""Children end with their parent, however it ends, and a child that ends is noticed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from itsm.runner import child
from itsm.runner.child import Family
from itsm.runner.errors import ChildDiedError, NotReadyError, StopRequestedError

PROJECT = Path(__file__).resolve().parents[2]
PARENT = """
import os, sys, time
from pathlib import Path
from itsm.runner.child import Family
child = Family(log_folder=Path(sys.argv[1])).start(
    name="sleeper", command=["sleep", "60"], environment={"PATH": os.environ["PATH"]}, folder=Path("/"))
print(child.process.pid, flush=True)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    """Return whether the process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(family: Family, *command: str, grace_seconds: float = 5) -> int:
    """Start a command and return its process number."""
    child = family.start(
        name="child",
        command=command,
        environment={"PATH": os.environ["PATH"]},
        folder=Path("/"),
        grace_seconds=grace_seconds,
    )
    return child.process.pid


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def test_stopping_ends_grandchildren_that_do_not_listen(family: Family, tmp_path: Path) -> None:
    script = f"trap '' TERM; sleep 60 & echo $! > {tmp_path}/grandchild; wait; wait"
    child = start(family, "sh", "-c", script, grace_seconds=0.3)
    while not (tmp_path / "grandchild").exists() or not (tmp_path / "grandchild").read_text():
        time.sleep(0.02)
    grandchild = int((tmp_path / "grandchild").read_text())
    family.stop()
    time.sleep(0.1)
    assert not is_running(child)
    assert not is_running(grandchild)


def test_a_child_that_ends_is_reported_with_its_last_words(family: Family) -> None:
    start(family, "sh", "-c", "echo no more paper; exit 3")
    with pytest.raises(ChildDiedError, match=r"code 3[\s\S]*no more paper"):
        family.wait_until(ready=lambda: False, what="It", seconds=5)


def test_a_child_to_be_replaced_is_started_again_unless_it_ends_at_once(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = family.start(
        name="sweep",
        command=["sleep", "60"],
        environment={"PATH": os.environ["PATH"]},
        folder=Path("/"),
        is_replaced=True,
    )
    for may_be_replaced in (True, False):
        monkeypatch.setattr(child, "_PROBATION_SECONDS", 0.0 if may_be_replaced else 10.0)
        victim = family.children[0]
        victim.process.kill()
        victim.process.wait()
        if may_be_replaced:
            family.check()
        else:
            with pytest.raises(ChildDiedError, match="sweep ended with code -9"):
                family.check()
    (second,) = family.children
    assert second.process.pid != first.process.pid


def test_waiting_ends_in_a_bounded_time(family: Family) -> None:
    with pytest.raises(NotReadyError, match="The printer was not ready"):
        family.wait_until(ready=lambda: False, what="The printer", seconds=0.1)


def test_a_wish_to_stop_interrupts_waiting(family: Family) -> None:
    start(family, "sleep", "60")
    family.stop_requested = True
    with pytest.raises(StopRequestedError):
        family.wait_until(ready=lambda: False, what="It", seconds=5)


def test_a_command_that_fails_is_reported(family: Family) -> None:
    with pytest.raises(ChildDiedError, match=r"migrate failed with code 1[\s\S]*bad table"):
        family.run(
            name="migrate",
            command=["sh", "-c", "echo bad table; exit 1"],
            environment={"PATH": os.environ["PATH"]},
            folder=Path("/"),
        )


def test_a_command_answers_what_it_wrote(family: Family) -> None:
    environment = {"PATH": os.environ["PATH"]}
    for words in ("first", "second"):
        written = family.run(name="seed", command=["echo", words], environment=environment, folder=Path("/"))
        assert written == f"{words}\n"


def test_a_child_leads_a_session_of_its_own_so_that_ctrl_c_reaches_the_runner_only(family: Family) -> None:
    assert os.getsid(start(family, "sleep", "60")) != os.getsid(0)


@pytest.mark.parametrize(
    "handler", [signal.default_int_handler, signal.SIG_IGN], ids=["terminal", "background"]
)
def test_stop_sends_the_signal_asked_for(family: Family, tmp_path: Path, handler: Any) -> None:
    before = signal.signal(signal.SIGINT, handler)
    child = family.start(
        name="server",
        command=["sh", "-c", f"trap 'echo fast > {tmp_path}/how; exit 0' INT; while :; do sleep 0.05; done"],
        environment={"PATH": os.environ["PATH"]},
        folder=Path("/"),
        stop_signal=signal.SIGINT,
    )
    signal.signal(signal.SIGINT, before)
    time.sleep(0.3)
    family.stop()
    assert child.exit_code == 0
    assert (tmp_path / "how").read_text() == "fast\n"
