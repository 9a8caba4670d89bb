"""The tenant's dated definitions, ready for the engine."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from calendars.engine import CalendarVersions
from calendars.public import calendars_in_force
from people.public import organisation_parents
from sla.engine import TargetBook, TargetDefinition
from sla.models import TargetVersion
from sla.services.history import seconds
from tenancy.engine.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Definitions:
    """Targets, calendars and the organisation tree of one tenant, as of a stamp."""

    stamp: tuple[int, ...]
    book: TargetBook
    calendars: Mapping[str, CalendarVersions]
    parents: Mapping[str, Any]
    calendar_of: Mapping[Any, str]


_STAMP = (
    "SELECT (SELECT count(*) FROM sla_targetversion), (SELECT count(*) FROM calendars_calendarversion),"
    " (SELECT count(*) FROM people_organisation)"
)
_books: dict[int, Definitions] = {}
_lock = threading.Lock()


def definitions() -> Definitions:
    """The definitions of the tenant in scope, read anew when one was added: versions are never edited or removed."""
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp = tuple(cursor.fetchone())
    held = _books.get(tenant_id)
    if held is not None and held.stamp == stamp:
        return held
    targets = target_definitions()
    fresh = Definitions(
        stamp=stamp,
        book=TargetBook(targets),
        calendars=calendars_in_force(),
        parents=_parents(),
        calendar_of={target.id: target.calendar for target in targets},
    )
    with _lock:
        _books[tenant_id] = fresh
    return fresh


def definitions_at_hand(*, targets: Iterable[UUID] = (), calendars: Iterable[UUID] = ()) -> Definitions:
    """Definitions that hold these target versions and calendars, without asking whether newer ones came.

    For showing what was computed before: a version is never edited, so the held one is right.
    """
    held = _books.get(current_tenant_id())
    if (
        held is not None
        and all(str(key) in held.calendar_of for key in targets)
        and all(str(key) in held.calendars for key in calendars)
    ):
        return held
    return definitions()


def target_definitions() -> list[TargetDefinition]:
    """Every version of every target, each in force until the next."""
    rows = list(TargetVersion.objects.select_related("target").order_by("target_id", "effective_from"))
    found = []
    for row, following in pairwise([*rows, None]):
        if row is None or row.is_retired:
            continue
        is_last = following is None or following.target_id != row.target_id
        found.append(
            TargetDefinition(
                id=str(row.pk),
                code=row.target.code,
                kind=row.kind,  # type: ignore[arg-type]
                metric=row.metric,
                duration=row.duration,
                calendar=str(row.calendar_id),
                scope={name: frozenset(values) for name, values in row.scope.items()},
                start_on=row.start_on,
                stop_on=frozenset(row.stop_on),
                pause_on=frozenset(row.pause_on),
                warn_at=tuple(row.warn_at),
                cumulative=row.is_cumulative,
                effective_from=seconds(row.effective_from),
                effective_to=None if is_last or following is None else seconds(following.effective_from),
                created_order=row.pk.int >> 64,
            )
        )
    return found


def _parents() -> dict[str, str | None]:
    return {str(key): str(parent) if parent else None for key, parent in organisation_parents().items()}
