"""Reads of dated definitions: targets and calendars with their versions, as the actor may see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from calendars.engine import (
    CalendarRangeError,
    CalendarSpec,
    NeverOpenError,
    OpenInterval,
    WorkingTime,
    parse_calendar,
    working_time,
)
from calendars.models import Calendar, CalendarVersion
from calendars.public import calendar_lines
from catalogue.public import catalogue
from lifecycle.public import NotFoundError
from people.public import Actor, directory
from records.public import require
from sla.engine import EscalationTerms
from sla.models import Escalation, Target, TargetVersion
from sla.services.define import escalation_terms_of
from sla.services.edit_calendar import next_intervals
from sla.services.history import seconds
from sla.services.versions import makers
from tenancy.public import kept

READ = "sla:read"
_LATE = 1800
V = TypeVar("V", CalendarVersion, TargetVersion)
SPARED = ("sla",)


@dataclass(frozen=True, slots=True)
class Line(Generic[V]):
    """A definition with its versions, the earliest first; at least one."""

    key: UUID
    code: str
    name: str
    versions: tuple[V, ...]

    @property
    def count(self) -> int:
        """How many versions there are: what somebody who edits has seen."""
        return len(self.versions)

    def at(self, instant: datetime) -> V:
        """The version in force at an instant (UTC); before the first, the first."""
        past = [row for row in self.versions if row.effective_from <= instant]
        return past[-1] if past else self.versions[0]

    def until(self, version: V) -> datetime | None:
        """When the next version takes over; None while none is to."""
        later = [row.effective_from for row in self.versions if row.effective_from > version.effective_from]
        return min(later, default=None)

    @property
    def latest(self) -> V:
        """The version that holds last: what a further one starts from."""
        return self.versions[-1]


TargetLine = Line[TargetVersion]
CalendarLine = Line[CalendarVersion]


@kept
def _all_targets() -> dict[UUID, TargetLine]:
    versions: dict[UUID, list[TargetVersion]] = defaultdict(list)
    said = Escalation.objects.select_related("role", "support_group")
    rows = TargetVersion.objects.select_related("calendar").prefetch_related(Prefetch("escalations", said))
    for row in rows.order_by("effective_from"):
        versions[row.target_id].append(row)
    return {
        row.pk: Line(row.pk, row.code, row.name, tuple(versions[row.pk]))
        for row in Target.objects.order_by("code", "id")
        if versions[row.pk]
    }


def target_lines(actor: Actor, *, is_fresh: bool = False) -> dict[UUID, TargetLine]:
    """The targets that the actor may see, with the versions it may see, in order of code.

    `is_fresh` reads anew, within the request that wrote one. SLAs are everybody's; of OLAs and contracts a supplier
    sees those that can concern it: of its own groups, its own, and those that name nobody.
    """
    require(actor, READ)
    lines = _all_targets.holding(lambda _: not is_fresh)
    if actor.reach in ("all", "system"):
        return lines
    groups = {str(key) for key, row in directory().groups.items() if row.provider_id == actor.provider_id}
    mine: Mapping[str, set[str]] = {"support_group": groups, "provider": {str(actor.provider_id)}}
    found = {}
    for key, line in lines.items():
        versions = tuple(row for row in line.versions if _concerns(row, mine))
        if versions:
            found[key] = Line(key, line.code, line.name, versions)
    return found


def _concerns(row: TargetVersion, mine: Mapping[str, set[str]]) -> bool:
    if row.kind in SPARED:
        return True
    return all(
        not row.scope.get(name) or not keys.isdisjoint(map(str, row.scope[name]))
        for name, keys in mine.items()
    )


def get_target(actor: Actor, code: str, *, is_fresh: bool = False) -> TargetLine:
    """A target by code. Raises NotFoundError, alike for one that there is not and one that is not to be seen."""
    lines = target_lines(actor, is_fresh=is_fresh)
    found = next((line for line in lines.values() if line.code == code), None)
    if found is None:
        raise NotFoundError(gettext("There is no such target."))
    return found


def targets_like(actor: Actor, *, kind: str, metric: str, at: datetime) -> QuerySet[Target]:
    """Targets that the actor may see whose version at an instant is of a kind and metric; "" for any."""
    keys = [
        line.key
        for line in target_lines(actor).values()
        for row in [line.at(at)]
        if kind in ("", row.kind) and metric in ("", row.metric)
    ]
    return Target.objects.filter(pk__in=keys)


def stored_target(line: TargetLine) -> Target:
    """The row that a service is given."""
    return Target(pk=line.key, code=line.code, name=line.name)


def all_calendars(actor: Actor, *, is_fresh: bool = False) -> dict[UUID, CalendarLine]:
    """Every calendar with its versions, in order of name. `is_fresh` reads anew, within the request that wrote one."""
    require(actor, READ)
    held = calendar_lines.holding(lambda _: not is_fresh)
    return {
        key: Line(key, each.calendar.code, each.calendar.name, each.versions)
        for key, each in held.items()
        if each.versions
    }


def get_calendar(actor: Actor, code: str, *, is_fresh: bool = False) -> CalendarLine:
    """A calendar by code. Raises NotFoundError."""
    lines = all_calendars(actor, is_fresh=is_fresh)
    found = next((line for line in lines.values() if line.code == code), None)
    if found is None:
        raise NotFoundError(gettext("There is no such calendar."))
    return found


def calendars_to_page(actor: Actor) -> QuerySet[Calendar]:
    """Every calendar, for a list in pages."""
    return Calendar.objects.filter(pk__in=list(all_calendars(actor)))


def stored_calendar(line: CalendarLine) -> Calendar:
    """The row that a service is given."""
    return Calendar(pk=line.key, code=line.code, name=line.name)


def spec_of(version: CalendarVersion) -> CalendarSpec:
    """What a version says."""
    return parse_calendar(version.definition)


def hours_of(version: CalendarVersion) -> WorkingTime:
    """A version's open time."""
    return working_time(spec_of(version))


def open_intervals(
    line: CalendarLine, *, start: datetime, days: int
) -> Sequence[tuple[datetime, datetime | None]]:
    """The next open intervals (UTC) of the version in force at an instant; an end of None never comes."""
    found: Sequence[OpenInterval] = next_intervals(hours_of(line.at(start)), start, days=days)
    return [
        (
            datetime.fromtimestamp(each.start, UTC),
            None if each.end is None else datetime.fromtimestamp(each.end, UTC),
        )
        for each in found
    ]


def users_of(line: CalendarLine, actor: Actor, at: datetime) -> tuple[list[TargetLine], list[Any]]:
    """The targets that count by a calendar, now or from later on, and the services whose hours it is."""
    targets = [
        each
        for each in target_lines(actor).values()
        if any(
            row.calendar_id == line.key and not row.is_retired
            for row in each.versions
            if (each.until(row) or datetime.max.replace(tzinfo=UTC)) > at
        )
    ]
    return targets, [row for row in catalogue().services.values() if row.hours_id == line.key]


@dataclass(frozen=True, slots=True)
class Example:
    """What a promise means: a clock that starts then comes due then (UTC); None when it never does."""

    starts_at: datetime
    due_at: datetime | None


def examples_of(
    version: TargetVersion, *, start: datetime, calendars: Mapping[UUID, CalendarLine]
) -> list[Example]:
    """What a target's time means: for a clock started as its calendar next opens, and half an hour before it closes."""
    line = calendars.get(version.calendar_id)
    if line is None or version.is_retired:
        return []
    hours = hours_of(line.at(start))
    found = []
    for interval in hours.next_intervals(seconds(start), 2)[-1:]:
        moments = [interval.start]
        if interval.end is not None and interval.end - interval.start > _LATE:
            moments.append(interval.end - _LATE)
        for moment in moments:
            try:
                due = datetime.fromtimestamp(hours.due(moment, version.duration), UTC)
            except (NeverOpenError, CalendarRangeError):
                due = None
            found.append(Example(datetime.fromtimestamp(moment, UTC), due))
    return found


def escalations_of(actor: Actor, version: TargetVersion) -> tuple[EscalationTerms, ...]:
    """What happens by itself at the points of a version's clocks; nothing for a supplier."""
    return escalation_terms_of(version) if actor.reach in ("all", "system") else ()


def makers_of(actor: Actor, line: Line[Any]) -> dict[Any, tuple[str, datetime]]:
    """Who made each version and when, by its key; nothing for a supplier, who does not read the machine audit."""
    return makers([row.pk for row in line.versions]) if actor.reach in ("all", "system") else {}
