"""Writing calendars: a first version, further ones, and what each would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from calendars.engine import (
    CalendarError,
    NeverOpenError,
    OpenInterval,
    WorkingTime,
    parse_calendar,
    working_time,
)
from calendars.models import Calendar, CalendarVersion
from calendars.public import define_calendar
from people.public import Actor
from sla.models import TargetVersion
from sla.services.history import seconds
from sla.services.preview import (
    NO_CHANGES,
    Preview,
    changes_of,
    free_from,
    fresh_definitions,
    with_calendar_version,
)
from sla.services.reproject import reproject_since
from sla.services.versions import (
    RESERVED,
    DefinitionError,
    check_seen,
    checked_start,
    instant_words,
    require_definer,
)

DAYS_SHOWN = 14
_INTERVALS_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDraft:
    """A version of a calendar to be: the notation of `calendars.engine.parse_calendar`, and from when it holds."""

    definition: Mapping[str, Any]
    effective_from: datetime


def create_calendar(*, code: str, name: str, draft: CalendarDraft, actor: Actor, at: datetime) -> Calendar:
    """A calendar with its first version. Raises DefinitionError, ForbiddenError."""
    require_definer(actor)
    _checked_hours(draft)
    start = checked_start(draft.effective_from, at=at, taken=(), is_used=False)
    _require_free(code)
    try:
        with transaction.atomic():
            return define_calendar(code=code, name=name, definition=draft.definition, effective_from=start)
    except IntegrityError as error:
        raise _taken(code) from error


def add_calendar_version(
    *, calendar: Calendar, draft: CalendarDraft, actor: Actor, at: datetime, seen_version: int | None = None
) -> Calendar:
    """A further version of a calendar; open records that it measures are measured anew.

    `seen_version` is how many versions the actor saw. Raises StaleVersionError, DefinitionError, ForbiddenError.
    """
    require_definer(actor)
    hours = _checked_hours(draft)
    with transaction.atomic():
        # One who defines at a time: the second waits here, and then finds what the first wrote.
        Calendar.objects.select_for_update().get(pk=calendar.pk)
        versions = list(CalendarVersion.objects.filter(calendar=calendar))
        check_seen(seen=seen_version, versions=versions)
        start = _start(calendar, draft, at)
        before = fresh_definitions()
        then = with_calendar_version(calendar, hours, at=start)
        _require_untouched(free_from(now=before, then=then, since=start, at=at))
        _require_promises_kept(calendar, hours, start)
        define_calendar(
            code=calendar.code, name=calendar.name, definition=draft.definition, effective_from=start
        )
        reproject_since(since=start, at=at, before=before, after=fresh_definitions())
    return calendar


def preview_calendar(
    *, calendar: Calendar | None, draft: CalendarDraft, actor: Actor, at: datetime, code: str = ""
) -> Preview:
    """What saving would do to `calendar`, or, when None, with a new one of the `code`. Writes nothing."""
    require_definer(actor)
    hours = _checked_hours(draft)
    if calendar is None:
        _require_free(code)
        start = checked_start(draft.effective_from, at=at, taken=(), is_used=False)
        return Preview(start, next_intervals(hours, max(start, at)), NO_CHANGES, None)
    start = _start(calendar, draft, at)
    _require_promises_kept(calendar, hours, start)
    now, then = fresh_definitions(), with_calendar_version(calendar, hours, at=start)
    return Preview(
        effective_from=start,
        intervals=next_intervals(hours, max(start, at)),
        changes=changes_of(now=now, then=then, since=start, actor=actor, at=at),
        free_from=free_from(now=now, then=then, since=start, at=at),
    )


def next_intervals(
    hours: WorkingTime, start: datetime, *, days: int = DAYS_SHOWN
) -> tuple[OpenInterval, ...]:
    """The open intervals from an instant (UTC) on for so many days, the first and last as long as they are."""
    first = seconds(start)
    last = first + days * 86_400
    found = hours.next_intervals(first, _INTERVALS_MOST)
    return tuple(each for each in found if each.start < last)


def _checked_hours(draft: CalendarDraft) -> WorkingTime:
    try:
        spec = parse_calendar(draft.definition)
    except CalendarError as error:
        words = gettext(error.reason)
        raise DefinitionError(f"{error.field}: {words}", fields={error.field: _sentence(words)}) from error
    if not spec.always and not any(spec.weekly):
        words = gettext(
            "This week has no open hours. Give hours for a day, or say that it is open around the clock."
        )
        raise DefinitionError(words, fields={"weekly": words})
    return working_time(spec)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _start(calendar: Calendar, draft: CalendarDraft, at: datetime) -> datetime:
    taken = list(CalendarVersion.objects.filter(calendar=calendar).values_list("effective_from", flat=True))
    start = checked_start(draft.effective_from, at=at, taken=taken, is_used=True)
    first = min(taken, default=start)
    if start < first:
        words = gettext(
            "The first version of this calendar already counts for the time before it. Choose a later time."
        )
        raise DefinitionError(words, fields={"effective_from": words})
    return start


def _require_free(code: str) -> None:
    if code in RESERVED or Calendar.objects.filter(code=code).exists():
        raise _taken(code)


def _taken(code: str) -> DefinitionError:
    words = gettext("There is a calendar with the code %(code)s already. Choose another code.") % {
        "code": code
    }
    return DefinitionError(words, fields={"code": words})


def _require_untouched(free: datetime | None) -> None:
    if free is not None:
        raise DefinitionError(untouched_words(free), fields={"effective_from": untouched_words(free)})


def untouched_words(free: datetime) -> str:
    """Why a version cannot hold from before an instant (UTC)."""
    words = gettext(
        "Finished records were measured by what held then, and that stays. Choose %(at)s or a later time."
    )
    return words % {"at": instant_words(free)}


def _require_promises_kept(calendar: Calendar, hours: WorkingTime, start: datetime) -> None:
    """Raises DefinitionError when a target of the calendar is longer than the hours can hold."""
    rows = TargetVersion.objects.filter(calendar=calendar, is_retired=False).select_related("target")
    for row in rows.order_by("-duration")[:1]:
        try:
            hours.due(seconds(start), row.duration)
        except NeverOpenError as error:
            words = gettext("The target %(target)s is longer than these hours hold.") % {
                "target": row.target.name
            }
            raise DefinitionError(words, fields={"weekly": words}) from error
