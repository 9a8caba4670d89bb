"""Clocks of open records, brought up to a version of a definition that holds from before now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from outbox.public import publish
from records.models import AuditEntry, Record
from sla.models import Clock
from sla.services.book import Definitions
from sla.services.history import seconds, steps_with, timeline_of
from sla.services.preview import LIVE, pages_since
from sla.services.project import CLOCK_COLUMNS, build_clocks
from sla.services.versions import DefinitionError
from tenancy.public import change_definitions

TOLD_AT_ONCE = 25
_TERMS = ("duration", "started_at", *CLOCK_COLUMNS)


def reproject_since(*, since: datetime, at: datetime, before: Definitions, after: Definitions) -> int:
    """Measure anew the open records that a version from `since` on touches; returns how many clocks changed.

    In the transaction that writes the version. A record that was finished by now must not be touched: raises
    DefinitionError. Each record is locked, so that a step on it comes before or after, never between.
    """
    if since > at:
        return 0
    # Who began a step by the definitions before has taken it, and who takes one from now on takes it by these.
    change_definitions()
    changed = 0
    for lines in pages_since(Record.objects.all(), since):
        live = [line.pk for line in lines if line.phase in LIVE]
        locked = {
            row.pk: row for row in Record.objects.filter(pk__in=live).order_by("id").select_for_update()
        }
        entries: dict[Any, list[AuditEntry]] = {key: [] for key in locked}
        for entry in steps_with(keys=list(locked)):
            entries[entry.record_id].append(entry)
        _tell(live, at)
        for key, record in locked.items():
            steps = entries[key]
            now = seconds(steps[-1].at)
            fresh = build_clocks(record, timeline_of(record, steps, after.parents), after, now)
            if record.phase in LIVE:
                changed += _sync(record, fresh)
                continue
            # Finished while the version was being written.
            old = build_clocks(record, timeline_of(record, steps, before.parents), before, now)
            if [_terms(row) for row in old] != [_terms(row) for row in fresh]:
                words = gettext("A record measured since then was finished just now. Choose a later time.")
                raise DefinitionError(words, fields={"effective_from": words})
    return changed


def _tell(keys: Sequence[UUID], at: datetime) -> None:
    """For those who count what clocks say: these are measured anew."""
    for start in range(0, len(keys), TOLD_AT_ONCE):
        records = [str(key) for key in keys[start : start + TOLD_AT_ONCE]]
        publish(kind="clocks.remeasured", record_id=None, at=at, payload={"records": records})


def _sync(record: Record, fresh: list[Clock]) -> int:
    stored = {_promise(row): row for row in Clock.objects.filter(record=record).select_for_update()}
    computed = {_promise(row): row for row in fresh}
    changed = 0
    for key, new in computed.items():
        old = stored.get(key)
        if old is None:
            new.save(force_insert=True)
            changed += 1
        elif _terms(new) != _terms(old):
            _keep_told(new, old)
            # The same promise under other terms keeps its row, and with it what refers to it.
            new.pk = old.pk
            new.save(force_update=True)
            changed += 1
    gone = [row.pk for key, row in stored.items() if key not in computed]
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
    return changed + len(gone)


def _promise(row: Clock) -> tuple[Any, ...]:
    """Which promise a clock is, whatever target makes it: at any time one of a kind and metric is matched."""
    return row.kind, row.metric, row.party, row.matched_at


def _terms(row: Clock) -> tuple[Any, ...]:
    """What a clock says, without what the sweep has told and noted of it."""
    told = {"next_fire_at", "fire_at", "fire_percent", "breached_at"}
    return (row.target_version_id, row.code, *(getattr(row, name) for name in _TERMS if name not in told))


def _keep_told(new: Clock, old: Clock) -> None:
    """Leave out of the plan what was told already; a breach that nobody told of is told, however long ago it was."""
    was_told = old.breached_at is not None and 100 not in old.fire_percent
    new.told_at = max(old.told_at, new.told_at)
    plan = [
        (at, percent)
        for at, percent in zip(new.fire_at, new.fire_percent, strict=True)
        if at > new.told_at or (percent == 100 and not was_told)
    ]
    new.fire_at, new.fire_percent = [at for at, _ in plan], [percent for _, percent in plan]
    new.next_fire_at = plan[0][0] if plan else None
