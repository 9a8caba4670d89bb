"""How fast another system's history comes in: the shipped mapping on the sample of its file, many times over."""

import csv
import gzip
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.stack import PROJECT, WORK

SAMPLE = PROJECT / "tests" / "data" / "incident_event_log_sample.csv.gz"
MAPPING = PROJECT / "transition" / "mappings" / "incident_event_log.yaml"
COPIES = 10
_TENANT = """
import django; django.setup()
from people.public import create_tenant
create_tenant(code="import", name="Import", host="import.localhost")
"""
_WRITTEN = re.compile(r"records: (\d+) written")


class Imported(NamedTuple):
    """How much came in, in how many seconds."""

    events: int
    records: int
    seconds: float


def import_rate(*, environment: Mapping[str, str]) -> dict[str, Any]:
    """Events and records a second of `import_history`, start to end, in a new tenant of an empty database."""
    done = import_history(environment=environment, copies=COPIES)
    return {
        "events": done.events,
        "records": done.records,
        "seconds": round(done.seconds, 1),
        "events_per_second": round(done.events / done.seconds),
        "records_per_second": round(done.records / done.seconds),
    }


def import_history(*, environment: Mapping[str, str], copies: int) -> Imported:
    """Import the sample so many times over into a new tenant, `import`."""
    file = WORK / "import.csv"
    events = _write(file, copies)
    variables = dict(environment)
    subprocess.run([sys.executable, "-c", _TENANT], check=True, env=variables, cwd=PROJECT)  # noqa: S603  our own code
    command = [
        sys.executable,
        "manage.py",
        "import_history",
        str(file),
        "--tenant",
        "import",
        "--mapping",
        str(MAPPING),
    ]
    began = time.monotonic()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=variables, cwd=PROJECT)  # noqa: S603
    taken = time.monotonic() - began
    found = _WRITTEN.search(done.stdout)
    if found is None:
        raise RuntimeError(f"the import failed: {done.stdout} {done.stderr}")
    return Imported(events, int(found[1]), taken)


def _write(file: Path, copies: int) -> int:
    """The sample's rows, several times under new numbers; returns how many."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as packed:
        header, *rows = list(csv.reader(packed))
    with file.open("w", encoding="utf-8", newline="") as plain:
        writer = csv.writer(plain)
        writer.writerow(header)
        for copy in range(copies):
            writer.writerows([f"{int(row[0]) + copy * 1_000_000:07d}", *row[1:]] for row in rows)
    return len(rows) * copies
