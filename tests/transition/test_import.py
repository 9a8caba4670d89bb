"""The sample of the real log, imported into a real database."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.public import visible_incidents
from outbox.models import Message
from people.public import system_actor
from records.models import AuditEntry, Record
from sla.models import Clock, Hold, TargetVersion
from sla.services.replay import replay
from tenancy.engine.scope import tenant_scope
from tests.support.world import World, build_world
from transition.models import Import, ImportedRecord
from transition.queries import agreement_of, find_import, verdicts_of
from transition.services.import_history import ImportOutcome, import_history

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "incident_event_log_sample.csv.gz"
SHIPPED = ROOT / "transition" / "mappings" / "incident_event_log.yaml"
ROWS, RECORDS = 2_388, 406
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAME = "old-tool"


def take_in(
    folder: Path, *, file: Path = SAMPLE, mapping: Path = SHIPPED, dry_run: bool = False
) -> ImportOutcome:
    return import_history(
        mapping_path=mapping, file=file, rejects=folder / "rejects.csv", at=NOW, name=NAME, dry_run=dry_run
    )


def test_sample(tmp_path: Path) -> None:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        outcome = take_in(tmp_path)
        print(outcome)
        assert (outcome.rows_read, outcome.rows_used, outcome.rows_rejected) == (ROWS, ROWS, 0)
        assert [(n, d) for n, d in replay()] == [(RECORDS, [])]
        source = find_import(NAME)
        print(agreement_of(source, now=NOW))
        print(take_in(tmp_path))
        for v in list(verdicts_of(source, now=NOW))[:3]:
            print(v)
        for e in AuditEntry.objects.filter(record=Record.objects.first()).order_by("version"):
            print(e.at, e.verb, e.actor_name, e.facts)
