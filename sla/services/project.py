"""Clocks and custody, rebuilt in the transaction of the step that changed them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from records.models import AuditEntry, Record
from sla import engine
from sla.engine import Timeline
from sla.models import Clock, Hold
from sla.services.book import Definitions, definitions
from sla.services.history import key_of, seconds, steps_with, timeline_of
from tenancy.public import Batch, compiled

# What the projection of a clock holds beside its identity; compared and written as one.
CLOCK_COLUMNS = (
    "state",
    "stopped_at",
    "consumed",
    "running_since",
    "due_at",
    "breached_at",
    "met",
    "next_fire_at",
    "fire_at",
    "fire_percent",
)


# What a hold says, without its identity.
HOLD_COLUMNS = ("party_kind", "party", "provider_id", "state", "started_at", "ended_at")


class Projection(NamedTuple):
    """Clocks, and the values of HOLD_COLUMNS of each stretch of custody, as of a record's last step."""

    clocks: Sequence[Clock]
    ledger: Sequence[tuple[Any, ...]]


def project_steps(*, record: Record, entries: Sequence[AuditEntry], is_new: bool, batch: Batch) -> None:
    """Follower of every step: bring the record's clocks and custody up to the step."""
    held = definitions()
    steps = entries if is_new else [*steps_with(keys=[record.pk]), *entries]
    line = timeline_of(record, steps, held.parents)
    now = seconds(steps[-1].at)
    clocks = build_clocks(record, line, held, now)
    ledger = ledger_of(line)
    record.projection = Projection(clocks, ledger)
    if is_new:
        batch.insert(clocks)
        batch.insert([_hold(record, position, values) for position, values in enumerate(ledger)])
        return
    _sync_clocks(record, clocks, batch)
    _sync_holds(record, ledger, batch)


def build_clocks(record: Record, line: Timeline, held: Definitions, now: int) -> list[Clock]:
    """A record's clocks as of `now` (epoch seconds), as unsaved rows that have told nothing yet."""
    computed = engine.compute_clocks(timeline=line, definitions=held.book, calendars=held.calendars, now=now)
    return [_row(record, clock, told=clock.matched_at - 1) for clock in computed]


def _row(record: Record, clock: engine.Clock, *, told: int) -> Clock:
    row = Clock(
        record_id=record.pk,
        target_version_id=key_of(str(clock.target_id)),
        code=clock.code,
        kind=clock.kind,
        metric=clock.metric,
        party=key_of(str(clock.party)) if clock.party else None,
        state=clock.state,
        started_at=_instant(clock.started_at),
        matched_at=_instant(clock.matched_at),
        stopped_at=_instant(clock.stopped_at),
        duration=clock.duration,
        consumed=clock.consumed,
        running_since=_instant(clock.running_since),
        due_at=_instant(clock.due_at),
        breached_at=_instant(clock.breached_at),
        met=clock.met,
        told_at=_instant(told),
    )
    _plan_fires(row, clock, told)
    return row


def _plan_fires(row: Clock, clock: engine.Clock, told: int) -> None:
    """What the sweep has yet to tell of a clock.

    A target that came to apply late does not repeat warnings that lie before it; a breach that does is told at once.
    """
    points: list[tuple[int, int]] = []
    if clock.state not in ("superseded", "cancelled"):
        moved = (
            (max(at, clock.matched_at) if percent == 100 else at, percent) for percent, at in clock.schedule
        )
        points = sorted((at, percent) for at, percent in moved if at > told)
    row.fire_at = [_instant(at) for at, _ in points]
    row.fire_percent = [percent for _, percent in points]
    row.next_fire_at = row.fire_at[0] if points else None


@compiled
def _clocks(*, record_id: UUID) -> QuerySet[Clock]:
    # Locked, or a sweep could tell of a warning between this read and the write, and the write would plan it again.
    return Clock.objects.filter(record_id=record_id).select_for_update()


@compiled
def _holds(*, record_id: UUID) -> QuerySet[Hold, Any]:
    return Hold.objects.filter(record_id=record_id).values_list("position", "id", *HOLD_COLUMNS)


def _sync_clocks(record: Record, fresh: list[Clock], batch: Batch) -> None:
    stored = {_identity(row): row for row in _clocks(record_id=record.pk)}
    computed = {_identity(row): row for row in fresh}
    batch.insert([row for key, row in computed.items() if key not in stored])
    for key, old in stored.items():
        new = computed.get(key)
        if new is None:
            # The history that made this clock was corrected; it never was.
            Clock.objects.filter(pk=old.pk).delete()
            continue
        _forget_told(new, old)
        change = {
            name: getattr(new, name) for name in CLOCK_COLUMNS if getattr(new, name) != getattr(old, name)
        }
        if change:
            batch.write(Clock, old.pk, change)


def _forget_told(new: Clock, old: Clock) -> None:
    """Leave out of a recomputed plan what the sweep has told already: of one instant perhaps some points only."""
    told = (old.told_at, old.told_percent)
    left = [point for point in zip(new.fire_at, new.fire_percent, strict=True) if point > told]
    new.fire_at, new.fire_percent = [at for at, _ in left], [percent for _, percent in left]
    new.next_fire_at = left[0][0] if left else None


def _identity(row: Clock) -> tuple[Any, ...]:
    return row.target_version_id, row.party, row.matched_at


def ledger_of(line: Timeline) -> list[tuple[Any, ...]]:
    """A record's custody ledger from its history: the values of HOLD_COLUMNS of each stretch, in order."""
    return [
        (
            hold.party_kind,
            key_of(str(hold.party)) if hold.party else None,
            key_of(str(hold.provider)) if hold.provider else None,
            hold.state,
            _instant(hold.start),
            _instant(hold.end),
        )
        for hold in engine.custody(timeline=line)
    ]


def build_holds(record: Record, line: Timeline) -> list[Hold]:
    """A record's custody ledger as unsaved rows."""
    return [_hold(record, position, values) for position, values in enumerate(ledger_of(line))]


def _hold(record: Record, position: int, values: tuple[Any, ...]) -> Hold:
    return Hold(record_id=record.pk, position=position, **dict(zip(HOLD_COLUMNS, values, strict=True)))


def _sync_holds(record: Record, ledger: Sequence[tuple[Any, ...]], batch: Batch) -> None:
    stored = {position: (key, tuple(values)) for position, key, *values in _holds(record_id=record.pk)}
    new = []
    for position, values in enumerate(ledger):
        key, before = stored.pop(position, (None, ()))
        if key is None:
            new.append(_hold(record, position, values))
        elif before != values:
            batch.write(Hold, key, dict(zip(HOLD_COLUMNS, values, strict=True)))
    batch.insert(new)
    if stored:
        Hold.objects.filter(pk__in=[key for key, _ in stored.values()]).delete()


def _instant(at: int | None) -> Any:
    return None if at is None else datetime.fromtimestamp(at, UTC)
