"""The user's clocks of a list, read for all its lines at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalogue.public import catalogue
from sla.engine import UserClock
from sla.models import Hold
from sla.queries.custody import clock_off_ledger
from sla.services.book import definitions_with
from sla.services.history import seconds
from tenancy.public import compiled

_DONE = ("resolved", "closed")


class _Hold(NamedTuple):
    """What is read of a stretch of custody of a record that was reopened."""

    record_id: UUID
    state: str
    started_at: datetime
    ended_at: datetime | None


@compiled
def _reopened(*, record_ids: Collection[UUID]) -> QuerySet[Hold, Any]:
    """The ledgers of those records that were resolved and went on: reopened, or closed. On a live list they are few."""
    went_on = Hold.objects.filter(record_id__among=record_ids, state="resolved", ended_at__isnull=False)
    return (
        Hold.objects.filter(record_id__in=went_on.values("record_id"))
        .order_by("record_id", "position")
        .values_list(*_Hold._fields, named=True)
    )


def user_clocks_of_many(lines: Sequence[Any], now: datetime) -> dict[UUID, UserClock]:
    """The user's clock at `now` (UTC) of each line that `lines_with` read, by record, in one statement at most.

    None of a record whose service has no hours.
    """
    hours = _hours_of(lines)
    if not hours:
        return {}
    ledgers: dict[UUID, list[_Hold]] = defaultdict(list)
    for hold in _reopened(record_ids=list(hours)):
        ledgers[hold.record_id].append(hold)
    calendars = definitions_with(calendars=set(hours.values())).calendars
    found: dict[UUID, UserClock] = {}
    at = seconds(now)
    for line in lines:
        key = hours.get(line.id)
        if key is None:
            continue
        if line.id in ledgers:
            clock = clock_off_ledger(line, key, ledgers[line.id], now)
            if clock is not None:
                found[line.id] = clock
            continue
        # One stretch from opening to the end: most records by far.
        opened = seconds(line.opened_at)
        ended = (line.resolved_at or line.closed_at) if line.phase in _DONE else None
        stopped = None if ended is None else seconds(ended)
        until = max(at if stopped is None else min(stopped, at), opened)
        elapsed = calendars[str(key)](opened).open_seconds(opened, until)
        found[line.id] = UserClock(
            state="running" if stopped is None else "stopped",
            started_at=opened,
            stopped_at=stopped,
            elapsed=elapsed,
            consumed=0 if stopped is None else elapsed,
            running_since=opened if stopped is None else None,
        )
    return found


def _hours_of(lines: Sequence[Any]) -> dict[UUID, UUID]:
    """The calendar of service hours of each line's service, for those that have any."""
    wanted = {line.service_id for line in lines if line.service_id}
    if not wanted:
        return {}
    services = catalogue.holding(lambda held: wanted <= held.services.keys()).services
    hours = {key: services[key].hours_id for key in wanted if key in services}
    return {line.id: found for line in lines if (found := hours.get(line.service_id)) is not None}
