"""The tenant's dated definitions, ready for the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from calendars.engine import CalendarVersions
from calendars.public import calendars_in_force
from people.public import organisation_parents
from sla.engine import TargetBook, TargetDefinition
from sla.models import TargetVersion
from sla.services.history import seconds
from tenancy.public import kept


@dataclass(frozen=True, slots=True)
class Definitions:
    """Targets, calendars and the organisation tree of one tenant."""

    book: TargetBook
    calendars: Mapping[str, CalendarVersions]
    parents: Mapping[str, Any]
    calendar_of: Mapping[Any, str]


@kept
def definitions() -> Definitions:
    """The definitions of the tenant in scope."""
    targets = target_definitions()
    return Definitions(
        book=TargetBook(targets),
        calendars=calendars_in_force(),
        parents=_parents(),
        calendar_of={target.id: target.calendar for target in targets},
    )


def definitions_with(*, targets: Iterable[UUID] = (), calendars: Iterable[UUID] = ()) -> Definitions:
    """The definitions, with these target versions and calendars."""
    wanted, hours = {str(key) for key in targets}, {str(key) for key in calendars}
    return definitions.holding(
        lambda held: wanted <= held.calendar_of.keys() and hours <= held.calendars.keys()
    )


def target_definitions() -> list[TargetDefinition]:
    """Every version of every target, each in force until the next."""
    rows = list(TargetVersion.objects.select_related("target").order_by("target_id", "effective_from"))
    found = []
    for row, following in pairwise([*rows, None]):
        if row is None or row.is_retired:
            continue
        is_last = following is None or following.target_id != row.target_id
        until = None if is_last or following is None else seconds(following.effective_from)
        found.append(as_definition(row, code=row.target.code, until=until))
    return found


def as_definition(row: TargetVersion, *, code: str, until: int | None = None) -> TargetDefinition:
    """A version of a target, stored or not yet, as the engine has it. Raises TargetDefinitionError."""
    return TargetDefinition(
        id=str(row.pk),
        code=code,
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
        effective_to=until,
        created_order=row.pk.int >> 64,
        pause_until=row.pause_until,
    )


def _parents() -> dict[str, str | None]:
    return {str(key): str(parent) if parent else None for key, parent in organisation_parents().items()}
