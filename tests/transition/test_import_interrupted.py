"""An import that is killed or stopped goes on where it ended."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from itsm.runner.provision import with_database
from records.models import AuditEntry, Record
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world
from transition.models import Import, ImportedRecord
from transition.services import import_history as service
from transition.services.import_history import WRITING, ImportOutcome, import_history

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "incident_event_log_sample.csv.gz"
SHIPPED = ROOT / "transition" / "mappings" / "incident_event_log.yaml"
RECORDS = 406
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MANY = 3_000
MAPPING = """
rows: {kind: cases, key: id}
times: {zone: UTC, format: iso, opened: opened, resolved: resolved, closed: closed}
fields: {title: title, priority: priority, support_group: team, requester: caller, assignee: owner}
calendars: {always: {always: true}}
targets: [{code: fix, duration: 8h, calendar: always, stop: resolved}]
"""


class _PulledPlugError(Exception):
    """Stands for whatever ends a run."""


def _run(folder: Path, stop_after: int | None = None) -> ImportOutcome:
    def watch(phase: str, done: int, _total: int) -> None:
        if phase == WRITING and stop_after is not None and done >= stop_after:
            raise _PulledPlugError

    return import_history(
        mapping_path=SHIPPED, file=SAMPLE, rejects=folder / "rejects.csv", at=NOW, name="x", on_progress=watch
    )


@pytest.mark.django_db
def test_a_stopped_run_goes_on_after_the_last_page_it_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 50)
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        with pytest.raises(_PulledPlugError):
            _run(tmp_path, stop_after=150)
        source = Import.objects.get()
        assert (source.state, source.records, source.last_ordinal) == ("stopped", 150, 150)
        assert Record.objects.count() == ImportedRecord.objects.count() == 150
        assert not (tmp_path / "rejects.csv").exists()
        outcome = _run(tmp_path)
        assert outcome.resumed_after == 150
        assert (outcome.records_written, outcome.records_unchanged) == (RECORDS - 150, 150)
        assert outcome.rows_read == outcome.rows_used
        numbers = list(Record.objects.order_by("number").values_list("number", flat=True))
        assert numbers == [f"INC{count:07d}" for count in range(1, RECORDS + 1)]
        assert sum(len(differences) for _, differences in replay()) == 0
        source.refresh_from_db()
        assert (source.state, source.records) == ("done", RECORDS)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A case table of 3,000 records and its mapping."""
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    file = tmp_path / "cases.csv"
    lines = ["id,title,priority,team,caller,owner,opened,resolved,closed"]
    lines += [
        f"C{count},Fault {count},{1 + count % 4},Team {count % 7},Ann,Bob,"
        f"2024-03-01T08:00Z,2024-03-01T{10 + count % 12}:00Z,2024-03-05T08:00Z"
        for count in range(MANY)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _command(world: World, history: Path) -> list[str]:
    mapping = history.with_name("map.yaml")
    rejects = history.with_name("rejects.csv")
    options = [
        "--tenant",
        world.tenant.code,
        "--mapping",
        str(mapping),
        "--name",
        "killed",
        "--rejects",
        str(rejects),
    ]
    return [sys.executable, "manage.py", "import_history", *options, str(history)]


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_goes_on_when_run_again(history: Path) -> None:
    world = build_world()
    database = str(connection.settings_dict["NAME"])
    url = with_database(dsn=os.environ["ITSM_APP_DATABASE_URL"], database=database)
    command, environment = _command(world, history), os.environ | {"ITSM_APP_DATABASE_URL": url}
    with tenant_scope(world.tenant.pk, actor="system:test"):
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while not (written := ImportedRecord.objects.count()):
            assert running.poll() is None, "the import ended before it wrote anything"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
        # What the killed process had sent may still be committed.
        time.sleep(0.5)
        written = ImportedRecord.objects.count()
        assert 0 < written < MANY
        assert Record.objects.count() == written
        assert Import.objects.get().state == "running"
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert f"records: {MANY - written} written, {written} unchanged, 0 refused" in done.stdout
        assert f"rows read {MANY} = used {MANY} + rejected 0" in done.stdout
        assert Record.objects.count() == MANY
        assert Record.objects.filter(number=f"INC{MANY:07d}").exists()
        assert AuditEntry.objects.filter(verb="incident:raise").count() == MANY
        assert sum(len(differences) for _, differences in replay()) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"tenant": "nobody"}, 1),
        ({"file": "missing.csv"}, 1),
        ({"name": "a\nb"}, 1),
        ({"mapping": "duration: 8h"}, 2),
        ({"terms": "duration: 9h"}, 3),
        ({"row": "2024-03-01T08:00Z"}, 4),
    ],
    ids=str,
)
def test_exit_codes_say_what_went_wrong(history: Path, spoil: dict[str, str], code: int) -> None:
    world = build_world()
    mapping = history.with_name("map.yaml")
    history.write_text("\n".join(history.read_text(encoding="utf-8").splitlines()[:6]), encoding="utf-8")
    options = {
        "tenant": world.tenant.code,
        "mapping": mapping,
        "name": "codes",
        "rejects": history.with_name("r.csv"),
    }
    call_command("import_history", history, **options)
    if "mapping" in spoil:
        mapping.write_text(MAPPING.replace("duration: 8h", "duration: soon"), encoding="utf-8")
    if "terms" in spoil:
        mapping.write_text(MAPPING.replace("duration: 8h", spoil["terms"]), encoding="utf-8")
    if "row" in spoil:
        history.write_text(history.read_text(encoding="utf-8").replace("08:00Z", "07:30Z"), encoding="utf-8")
    file = history.with_name(spoil.get("file", history.name))
    options |= {name: value for name, value in spoil.items() if name in ("tenant", "name")}
    with pytest.raises(CommandError) as refused:
        call_command("import_history", file, **options)
    assert refused.value.returncode == code
    with tenant_scope(world.tenant.pk, actor="system:test"):
        assert Record.objects.count() == 5
