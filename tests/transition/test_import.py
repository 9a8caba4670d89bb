"""The sample of the real log, imported into a real database through the kernel's own audit."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from incidents.models import Incident
from incidents.public import Report, raise_incident, visible_incidents
from outbox.models import Delivery, Message
from people.public import system_actor
from records.models import AuditEntry, Record, RecordParty
from records.public import search
from sla.models import Clock, Hold, TargetVersion
from sla.public import clocks_of
from sla.services.replay import replay
from sla.services.sweep import sweep_once
from tenancy.engine.scope import tenant_scope
from tenancy.models import MachineEntry
from tests.support.database import empty_all_tables
from tests.support.world import World, build_world
from transition.models import Import, ImportedRecord
from transition.queries import agreement_of, find_import
from transition.services.import_history import ImportConflictError, ImportOutcome, import_history

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "incident_event_log_sample.csv.gz"
SHIPPED = ROOT / "transition" / "mappings" / "incident_event_log.yaml"
ROWS, RECORDS = 2_388, 406
AGREEMENT = 0.997
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAME = "old-tool"


def take_in(
    folder: Path, *, file: Path = SAMPLE, mapping: Path = SHIPPED, dry_run: bool = False
) -> ImportOutcome:
    rejects = folder / "rejects.csv"
    return import_history(
        mapping_path=mapping, file=file, rejects=rejects, at=NOW, name=NAME, dry_run=dry_run
    )


def rejects_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def the_import() -> Import:
    source = find_import(NAME)
    assert source is not None
    return source


def sample_rows() -> list[list[str]]:
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_rows(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


@dataclass(frozen=True)
class Imported:
    """The sample in a tenant, committed once for all tests here; each test's own changes are rolled back."""

    world: World
    folder: Path
    outcome: ImportOutcome


@pytest.fixture(scope="module")
def imported(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("imported")
    with django_db_blocker.unblock():
        world = build_world()
        with tenant_scope(world.tenant.pk, actor="system:test"):
            outcome = take_in(folder)
    yield Imported(world, folder, outcome)
    with django_db_blocker.unblock():
        empty_all_tables()


@pytest.fixture
def world(imported: Imported) -> Iterator[World]:
    with tenant_scope(imported.world.tenant.pk, actor="system:test"):
        yield imported.world


@pytest.fixture
def outcome(imported: Imported, world: World) -> ImportOutcome:
    return imported.outcome


@pytest.fixture
def _other_tenant() -> Iterator[None]:
    with tenant_scope(build_world("other").tenant.pk, actor="system:test"):
        yield


def test_every_row_is_accounted_for(outcome: ImportOutcome, imported: Imported) -> None:
    assert (outcome.rows_read, outcome.rows_used, outcome.rows_rejected) == (ROWS, ROWS, 0)
    assert outcome.records_written == Record.objects.count() == ImportedRecord.objects.count() == RECORDS
    assert outcome.entries_written == AuditEntry.objects.count()
    assert rejects_of(imported.folder) == []
    source = the_import()
    assert (source.state, source.rows_read, source.rows_used, source.records) == ("done", ROWS, ROWS, RECORDS)
    assert source.last_ordinal == RECORDS


@pytest.mark.usefixtures("outcome")
def test_replay_finds_that_clocks_and_custody_are_what_the_audit_says() -> None:
    assert list(replay()) == [(RECORDS, [])]


@pytest.mark.usefixtures("outcome")
def test_custody_adds_up_to_the_wall_time_of_each_record() -> None:
    held: dict[UUID, timedelta] = defaultdict(timedelta)
    for hold in Hold.objects.all():
        assert hold.ended_at is not None
        held[hold.record_id] += hold.ended_at - hold.started_at
    for record in Record.objects.all():
        # Time between closing and a reopening belongs to nobody.
        alive, since = timedelta(), record.opened_at
        is_closed = False
        for entry in AuditEntry.objects.filter(record=record, facts__has_key="state").order_by("version"):
            closes = entry.facts["state"][1] in ("closed", "cancelled")
            if closes and not is_closed:
                alive += entry.at - since
            elif is_closed and not closes:
                since = entry.at
            is_closed = closes
        assert is_closed
        assert held[record.pk] == alive, record.external_reference


@pytest.mark.usefixtures("outcome")
def test_verdicts_and_counters_agree_with_the_other_system() -> None:
    agreement = agreement_of(the_import(), now=NOW)
    made, agreed = agreement.claims["verdicts"]
    assert made == RECORDS
    assert agreed / made >= AGREEMENT
    made, agreed = agreement.claims["reassignments"]
    # The log's own counter rises without a cause in 0.5 %.
    assert agreed / made >= 0.99
    assert agreement.claims["reopenings"] == (RECORDS, RECORDS)
    assert set(agreement.verdicts) == {"P1", "P2", "P3", "P4"}
    assert sum(sum(counts.values()) for counts in agreement.verdicts.values()) == RECORDS


@pytest.mark.usefixtures("outcome")
def test_verdict_table_agrees_with_made_sla(world: World, tmp_path: Path) -> None:
    table = tmp_path / "verdicts.csv"
    call_command("sla_verdicts", tenant=world.tenant.code, source=NAME, csv=table)
    rows = sample_rows()
    place = {name: index for index, name in enumerate(rows[0])}
    claimed = {row[place["number"]]: row[place["made_sla"]] for row in rows[1:]}
    with table.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        verdicts = list(reader)
        assert list(reader.fieldnames or ()) == [
            "external_reference",
            "target",
            "started_at",
            "stopped_at",
            "elapsed_seconds",
            "target_seconds",
            "met",
        ]
    assert len(verdicts) == RECORDS == len({row["external_reference"] for row in verdicts})
    agreed = sum(row["met"] == claimed[row["external_reference"]] for row in verdicts)
    assert agreed / RECORDS >= AGREEMENT
    for row in verdicts:
        assert datetime.fromisoformat(row["started_at"]).utcoffset() == timedelta()
        assert (row["met"] == "true") == (int(row["elapsed_seconds"]) <= int(row["target_seconds"]))


def test_a_second_run_changes_nothing(outcome: ImportOutcome, tmp_path: Path) -> None:
    before = (
        MachineEntry.objects.exclude(table_name="transition_import").count(),
        AuditEntry.objects.count(),
    )
    again = take_in(tmp_path)
    assert (again.records_written, again.records_unchanged, again.records_refused) == (0, RECORDS, 0)
    assert (again.rows_used, again.rows_rejected) == (outcome.rows_used, 0)
    after = (MachineEntry.objects.exclude(table_name="transition_import").count(), AuditEntry.objects.count())
    assert after == before


@pytest.mark.usefixtures("outcome")
def test_history_is_not_news() -> None:
    # Only who counts is told, by keys.
    assert set(Message.objects.values_list("kind", flat=True)) == {"history.imported"}
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == {"figures"}
    assert not Clock.objects.filter(next_fire_at__isnull=False).exists()
    assert sweep_once() == 0


@pytest.mark.usefixtures("outcome")
def test_the_contract_judges_the_import_and_nothing_else(world: World) -> None:
    brought = TargetVersion.objects.filter(scope__has_key="origin")
    assert [version.scope["origin"] for version in brought] == [[NAME]] * 4
    assert set(the_import().targets.values()) == {"P1", "P2", "P3", "P4"}
    assert {clock.metric for clock in Clock.objects.filter(target_version__in=brought)} == {"resolution"}
    # What the tenant promises itself for resolution, long in force and covering every incident, judged none of them.
    codes = set(Clock.objects.filter(metric="resolution").values_list("code", flat=True))
    assert codes == set(the_import().targets)
    live = raise_incident(report=Report(title="Mail is slow"), actor=world.actor(world.agent), at=NOW)
    assert {clock.code for clock in clocks_of(live, NOW)} == {"resolution-rest", "response"}


@pytest.mark.usefixtures("outcome")
def test_imported_records_are_records_like_any_other(world: World) -> None:
    record = Record.objects.get(external_reference=sample_rows()[1][0])
    assert record.number == "INC0000001"
    assert record.support_group is not None
    assert record.support_group.name.startswith("Group ")
    assert RecordParty.objects.filter(record=record, provider=record.provider_id).exists()
    assert Incident.objects.get(pk=record.pk).channel == "import"
    agent = world.actor(world.agent)
    assert visible_incidents(agent).count() == RECORDS
    assert search(agent, f'"{record.title}"').filter(pk=record.pk).exists()
    live = raise_incident(report=Report(title="The next one"), actor=agent, at=NOW)
    assert live.number == f"INC{RECORDS + 1:07d}"


@pytest.mark.usefixtures("outcome")
def test_another_tenant_sees_nothing_of_it() -> None:
    twin = build_world("twin")
    with tenant_scope(twin.tenant.pk, actor="system:test"):
        assert not Record.objects.exists()
        assert not ImportedRecord.objects.exists()
        assert find_import(NAME) is None
        assert visible_incidents(system_actor(twin.tenant.pk)).count() == 0


@pytest.mark.usefixtures("_other_tenant")
def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    before = MachineEntry.objects.count()
    dry = take_in(tmp_path, dry_run=True)
    assert MachineEntry.objects.count() == before
    assert not Import.objects.exists()
    assert not Record.objects.exists()
    assert not (tmp_path / "rejects.csv").exists()
    wet = take_in(tmp_path)
    assert (dry.rows_used, dry.rows_rejected, dry.records_written) == (wet.rows_used, 0, wet.records_written)
    assert dry.agreement == agreement_of(the_import(), now=NOW)


@pytest.mark.usefixtures("_other_tenant")
def test_malformed_rows_are_kept_aside_with_their_reason(tmp_path: Path) -> None:
    rows = sample_rows()
    place = {name: index for index, name in enumerate(rows[0])}
    rows[3][place["sys_updated_at"]] = "yesterday"
    rows[5] = rows[5][:7]
    rows[9][place["ident_state"]] = "Asleep"
    rows[12][place["number"]] = ""
    outcome = take_in(tmp_path, file=write_rows(tmp_path / "bad.csv", rows))
    assert (outcome.rows_read, outcome.rows_rejected) == (ROWS, 4)
    assert outcome.rows_used == ROWS - 4
    aside = {int(row["rejected_line"]): row for row in rejects_of(tmp_path)}
    assert sorted(aside) == [4, 6, 10, 13]
    assert (aside[4]["rejected_column"], aside[4]["rejected_value"]) == ("sys_updated_at", "yesterday")
    assert "Asleep" in aside[10]["rejected_reason"]
    assert all(row["rejected_code"] and row["rejected_reason"] for row in aside.values())
    assert next(iter(replay()))[1] == []


@pytest.mark.usefixtures("outcome")
def test_of_a_changed_file_new_records_come_in_and_changed_ones_are_refused(tmp_path: Path) -> None:
    rows = sample_rows()
    place = {name: index for index, name in enumerate(rows[0])}
    changed = rows[1][0]
    count = sum(row[0] == changed for row in rows)
    for row in rows:
        if row[0] == changed:
            row[place["closed_at"]] = "1/6/2016 10:00"
    extra = [["NEW-1", *row[1:]] for row in rows if row[0] == rows[-1][0]]
    entries = AuditEntry.objects.filter(record__external_reference=changed).count()
    outcome = take_in(tmp_path, file=write_rows(tmp_path / "changed.csv", [*rows, *extra]))
    assert (outcome.records_written, outcome.records_unchanged, outcome.records_refused) == (
        1,
        RECORDS - 1,
        1,
    )
    assert outcome.rows_rejected == count
    assert {row["rejected_code"] for row in rejects_of(tmp_path)} == {"record_changed"}
    assert AuditEntry.objects.filter(record__external_reference=changed).count() == entries
    assert Record.objects.filter(external_reference="NEW-1").count() == 1


@pytest.mark.usefixtures("outcome")
def test_other_terms_need_another_name(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SHIPPED.read_text(encoding="utf-8").replace("duration: 15h", "duration: 16h"))
    with pytest.raises(ImportConflictError):
        take_in(tmp_path, mapping=other)
    assert the_import().state == "done"
    assert TargetVersion.objects.filter(scope__has_key="origin").count() == 4
