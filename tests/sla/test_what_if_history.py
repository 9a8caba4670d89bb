"""Real history under a second calendar and other targets, record by record against the log itself.

The oracle reads the log, not the database: it knows nothing of audit, timelines, or calendars compiled.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sla.services.notation import read_document
from sla.services.replay import replay
from sla.services.what_if import WhatIf, what_if
from tenancy.engine.scope import tenant_scope
from tests.support.world import build_world
from transition.models import ImportedRecord
from transition.services.import_history import import_history

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "incident_event_log_sample.csv.gz"
SHIPPED = ROOT / "transition" / "mappings" / "incident_event_log.yaml"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RECORDS = 406
HOLIDAY = date(2016, 3, 25)
HOURS = {"1": 15.0, "2": 20.0, "3": 163.54, "4": 356.0}
OTHER_HOURS = {"1": 9.0, "2": 12.5, "3": 55.0, "4": 110.25}
OTHERS = """
calendars:
  days: {{zone: UTC, weekly: {{mon-thu: [08:00-12:00, 13:00-18:30], fri: 08:00-13:00}}, holidays: [2016-03-25]}}
targets:
{targets}
"""
TARGET = (
    "- {{code: old-p{0}, duration: {1}h, calendar: days, stop: closed,"
    " applies_to: {{origin: old, priority: {0}}}}}"
)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[WhatIf]:
    world = build_world()
    with tenant_scope(world.tenant.pk, actor="system:test"):
        import_history(
            mapping_path=SHIPPED, file=SAMPLE, rejects=tmp_path / "rejects.csv", at=NOW, name="old"
        )
        lines = "\n".join(TARGET.format(priority, hours) for priority, hours in OTHER_HOURS.items())
        yield what_if(read_document(OTHERS.format(targets=lines)), at=NOW)


def _parts(day: date) -> list[tuple[float, float]]:
    """The second calendar: open hours of one day."""
    if day == HOLIDAY or day.weekday() > 4:
        return []
    return [(8, 13)] if day.weekday() == 4 else [(8, 12), (13, 18.5)]


def _working_week(day: date) -> list[tuple[float, float]]:
    """The log's own: Monday 10:30 to Saturday 10:30."""
    return {0: [(10.5, 24)], 5: [(0, 10.5)], 6: []}.get(day.weekday(), [(0, 24)])  # type: ignore[return-value]


def _always(_: date) -> list[tuple[float, float]]:
    return [(0, 24)]


def _open_seconds(start: datetime, end: datetime, parts: object) -> float:
    total = 0.0
    midnight = start.replace(hour=0, minute=0)
    while midnight < end:
        for opens, closes in parts(midnight.date()):  # type: ignore[operator]
            begin = max(start, midnight + timedelta(hours=opens))
            until = min(end, midnight + timedelta(hours=closes))
            total += max((until - begin).total_seconds(), 0)
        midnight += timedelta(days=1)
    return total


def _expected() -> dict[str, tuple[str, str]]:
    """What each incident's promise comes to, under the log's contract and under the other one."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    last: dict[str, dict[str, str]] = {row["number"]: row for row in rows}
    found = {}
    for number, row in last.items():
        opened, closed = (
            datetime.strptime(row[name], "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
            for name in ("opened_at", "closed_at")
        )
        priority = row["priority"][0]
        week = _always if priority in "12" else _working_week
        before = _open_seconds(opened, closed, week) <= round(HOURS[priority] * 3600)
        after = _open_seconds(opened, closed, _parts) <= round(OTHER_HOURS[priority] * 3600)
        found[number] = ("met" if before else "breached", "met" if after else "breached")
    return found


def test_each_record_comes_to_what_the_log_says(whole: WhatIf) -> None:
    changed = [row for _, page in whole.pages() for row in page]
    names = dict(ImportedRecord.objects.values_list("record_id", "external_reference"))
    told = {names[row.record_id]: (row.before.word, row.after.word) for row in changed}
    expected = _expected()
    assert len(expected) == RECORDS
    assert told == {number: pair for number, pair in expected.items() if pair[0] != pair[1]}
    # The tenant promises a response as well.
    steps = whole.tallies.by["measure"]["sla:resolution"].steps
    assert Counter(expected.values()) == Counter({pair: count for pair, count in steps.items() if count})
    # All kinds of change are there, or the comparison says little.
    assert min(steps[old, new] for old in ("met", "breached") for new in ("met", "breached")) > 5


def test_the_import_replays_as_it_is_stored(whole: WhatIf) -> None:
    assert [found for _, found in replay() if found] == []
