"""Closing by itself what nobody reopened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calendars.engine import WorkingTime
from calendars.public import calendars_in_force
from lifecycle.public import DomainError
from people.public import get_tenant, system_actor
from records.models import Record
from records.queries.resolved import resolved_before, tenants_with_resolved
from tenancy.engine.words import word
from tenancy.public import tenant_scope

BATCH = 500


def close_all_resolved(*, kind: str, close: Callable[..., Any], at: datetime) -> int:
    """Close the records of a kind whose reopen window ended before `at` (UTC), in each tenant that has any.

    `close` is the process's own step. Returns how many were closed; harmless to run twice.
    """
    closed = 0
    for tenant_id in tenants_with_resolved(kind=kind, at=at):
        with tenant_scope(tenant_id, actor="system:closure"):
            closed += _close_resolved(tenant_id=tenant_id, kind=kind, close=close, at=at)
    return closed


def window_end(*, resolved_at: datetime, days: int, zone: ZoneInfo, calendar: WorkingTime | None) -> datetime:
    """When the reopen window of a record resolved at `resolved_at` (UTC) ends.

    It is the same wall time `days` working days on. A working day is one on which the calendar opens at all; without
    a calendar, Monday to Friday. `zone` is the tenant's.
    """
    moment = resolved_at.astimezone(zone)
    left = days
    while left:
        moment += timedelta(days=1)
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if calendar is None:
            is_working = moment.weekday() < 5
        else:
            end = start + timedelta(days=1)
            is_working = calendar.open_seconds(int(start.timestamp()), int(end.timestamp())) > 0
        left -= is_working
    return moment


def _close_resolved(*, tenant_id: int, kind: str, close: Callable[..., Any], at: datetime) -> int:
    tenant = get_tenant(tenant_id)
    actor = system_actor(tenant_id, name=word("Automatic closure"), door="rule")
    calendars = calendars_in_force()
    zone = ZoneInfo(tenant.time_zone)
    closed = 0
    for record in resolved_before(at - timedelta(days=tenant.reopen_working_days), kind=kind, limit=BATCH):
        hours = str(record.service.hours_id) if record.service else ""
        calendar = calendars[hours](int(at.timestamp())) if hours in calendars else None
        end = window_end(
            resolved_at=_resolved_at(record), days=tenant.reopen_working_days, zone=zone, calendar=calendar
        )
        if end > at:
            continue
        try:
            close(record=record, actor=actor, at=at)
        except DomainError:
            # Somebody reopened it this very moment: it is theirs.
            continue
        closed += 1
    return closed


def _resolved_at(record: Record) -> datetime:
    if record.resolved_at is None:
        raise ValueError(f"{record.number} is not resolved")
    return record.resolved_at
