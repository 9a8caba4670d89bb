"""How long it takes to try other hours and another target on some fifteen thousand imported incidents."""

import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.import_rate import import_history
from bench.stack import PROJECT, WORK

COPIES = 37
_DONE = re.compile(r"(\d+) records, (\d+) changed; ([\d.]+) s")
# What the shipped mapping promises for priority 3, and its week; and what is tried in their place.
_CHANGES = (("163h32m24s", "80h"), ("mon: ['10:30-24:00']", "mon: ['09:00-24:00']"))


def what_if_time(*, environment: Mapping[str, str], is_loaded: bool) -> dict[str, Any]:
    """Seconds of `sla_replay --definitions` in a tenant that the sample was imported into many times over."""
    if not is_loaded:
        import_history(environment=environment, copies=COPIES)
    file = WORK / "what-if.yaml"
    text = _run("sla_definitions", "--tenant", "import", environment=environment)
    for before, after in _CHANGES:
        if before not in text:
            raise RuntimeError(f"the definitions do not say {before}")
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    said = _run("sla_replay", "--tenant", "import", "--definitions", str(file), environment=environment)
    found = _DONE.search(said)
    if found is None:
        raise RuntimeError(f"the what-if failed: {said}")
    records, changed, seconds = int(found[1]), int(found[2]), float(found[3])
    return {
        "records": records,
        "changed": changed,
        "seconds": seconds,
        "per_second": round(records / seconds),
    }


def _run(*command: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "manage.py", *command],
        check=True,
        capture_output=True,
        text=True,
        env=dict(environment),
        cwd=PROJECT,
    )
    return done.stdout
