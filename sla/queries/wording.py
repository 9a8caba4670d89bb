"""Definitions in words: what a target covers and promises, what a version changed, when a calendar is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from calendars.engine import WEEKDAYS, CalendarSpec, hours_text
from design.languages import once_per_language
from design.moments import duration_words, long_date
from records.public import kinds
from sla.models import TargetVersion
from sla.services.scopes import scope_names

ANYTHING: Mapping[str, Iterable[Any]] = {}


@once_per_language
def kind_words() -> dict[str, str]:
    """The kinds of target."""
    return {
        "sla": gettext("SLA, a promise to the user"),
        "ola": gettext("OLA, between groups"),
        "uc": gettext("Contract with a supplier"),
    }


@once_per_language
def short_kind_words() -> dict[str, str]:
    """The kinds of target in fewer words, for lists."""
    return {"sla": gettext("SLA"), "ola": gettext("OLA"), "uc": gettext("Contract")}


@once_per_language
def metric_words() -> dict[str, str]:
    """What a target measures; a line for each metric that the engine knows."""
    return {
        "response": gettext("Response"),
        "update": gettext("Updates to the requester"),
        "resolution": gettext("Resolution"),
        "fulfilment": gettext("Fulfilment"),
        "approval": gettext("Approval"),
    }


@once_per_language
def scope_words() -> dict[str, str]:
    """The attributes that a target may ask for."""
    return {
        "kind": gettext("Kind of record"),
        "service": gettext("Service"),
        "priority": gettext("Priority"),
        "organisation": gettext("Organisation"),
        "support_group": gettext("Support group"),
        "provider": gettext("Provider"),
        "category": gettext("Category"),
        "origin": gettext("Imported with"),
        "offering": gettext("Offering"),
        "ci_class": gettext("Class of device"),
    }


@once_per_language
def phase_words() -> dict[str, str]:
    """The phases of records."""
    return {
        "open": gettext("Any open state"),
        "pending": gettext("Any waiting state"),
        "resolved": gettext("Resolved, of any kind of record"),
        "closed": gettext("Closed or cancelled"),
    }


@once_per_language
def mark_words() -> dict[str, str]:
    """What stops or starts a clock besides states."""
    return {
        "opened": gettext("When the record is opened"),
        "responded:comment": gettext("First reply to the requester"),
        "responded:assigned": gettext("First assignment to a person"),
    }


@once_per_language
def token_words() -> dict[str, str]:
    """Everything that starts, stops or pauses clocks: states, phases and marks."""
    states = {name: gettext(state.label) for each in kinds() for name, state in each.lifecycle.states.items()}
    return mark_words() | phase_words() | states


def tokens_in_words(tokens: Iterable[str]) -> str:
    """States, phases and marks in words, in the order in which people know them."""
    words, given = token_words(), set(tokens)
    known = [words[token] for token in words if token in given]
    return ", ".join([*known, *sorted(given - words.keys())])


def scope_in_words(scope: Mapping[str, Iterable[Any]]) -> str:
    """What a target covers: "Service: E-mail; Priority: 1, 2"."""
    names, labels = scope_names(scope), scope_words()
    parts = [
        f"{labels.get(name, name)}: {', '.join(map(str, names[name]))}" for name in labels if name in names
    ]
    return "; ".join(parts) or gettext("Every record")


@dataclass(frozen=True, slots=True)
class Fact:
    """One term in words; `field` names it as the API does."""

    field: str
    label: str
    value: str


def terms_in_words(row: TargetVersion) -> list[Fact]:
    """A version's terms, one line each."""
    if row.is_retired:
        return [Fact("is_retired", gettext("Retired"), gettext("It applies to nothing from then on"))]
    facts = [
        Fact("kind", gettext("Kind"), kind_words().get(row.kind, row.kind)),
        Fact("metric", gettext("Measures"), metric_words().get(row.metric, row.metric)),
        Fact("duration", gettext("Time"), gettext("%s of open time") % duration_words(row.duration)),
        Fact("calendar", gettext("Calendar"), row.calendar.name),
        Fact("scope", gettext("Covers"), scope_in_words(row.scope)),
        Fact("start_on", gettext("Starts"), tokens_in_words([row.start_on])),
        Fact("stop_on", gettext("Stops"), tokens_in_words(row.stop_on)),
        Fact("pause_on", gettext("Pauses"), tokens_in_words(row.pause_on) or gettext("Never")),
        Fact("warn_at", gettext("Warns at"), percents(row.warn_at)),
    ]
    if row.kind != "sla":
        each = gettext("All holds together") if row.is_cumulative else gettext("Each hold alone")
        facts.append(Fact("is_cumulative", gettext("Counts"), each))
    return facts


def percents(points: Iterable[int]) -> str:
    """50 %, 75 %."""
    return ", ".join(f"{point} %" for point in points) or gettext("Never")


@dataclass(frozen=True, slots=True)
class Difference:
    """One term that a version changed."""

    label: str
    old: str
    new: str


def differences(old: Iterable[Fact], new: Iterable[Fact]) -> list[Difference]:
    """What changed between two versions in words."""
    before, after = {fact.label: fact.value for fact in old}, {fact.label: fact.value for fact in new}
    labels = list(dict.fromkeys([*before, *after]))
    return [
        Difference(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label) != after.get(label)
    ]


@once_per_language
def weekday_words() -> dict[str, str]:
    """The days of the week by the notation's names."""
    words = (
        gettext("Monday"),
        gettext("Tuesday"),
        gettext("Wednesday"),
        gettext("Thursday"),
        gettext("Friday"),
        gettext("Saturday"),
        gettext("Sunday"),
    )
    return dict(zip(WEEKDAYS, words, strict=True))


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day and its hours in words, and why they are not the week's."""

    day: date
    weekday: str
    label: str
    hours: str
    note: str


def day_hours(spec: CalendarSpec, day: date) -> DayHours:
    """One day of a calendar."""
    note = ""
    if not spec.always and day in spec.exceptions:
        note = gettext("exception")
    elif not spec.always and day in spec.holidays:
        note = gettext("holiday")
    hours = gettext("around the clock") if spec.always else in_words(hours_text(spec.open_on(day)))
    return DayHours(day, weekday_words()[WEEKDAYS[day.weekday()]], long_date(day), hours, note)


def next_days(version_at: Any, *, start: datetime, count: int) -> list[DayHours]:
    """So many days from an instant on, each by the version (a CalendarSpec of an instant) in force as it begins."""
    zone = ZoneInfo(version_at(start).zone)
    first = start.astimezone(zone).date()
    found = []
    for offset in range(count):
        day = first + timedelta(days=offset)
        begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        found.append(day_hours(version_at(max(begins, start)), day))
    return found


def in_words(hours: str) -> str:
    """09:00 to 12:30 and 13:30 to 17:00; closed for nothing."""
    if not hours:
        return gettext("closed")
    parts = [gettext("%(start)s to %(end)s") % _ends(part) for part in hours.split(", ")]
    return gettext(" and ").join(parts)


def _ends(part: str) -> dict[str, str]:
    start, _, end = part.partition("-")
    return {"start": start, "end": end}


def week_in_words(spec: CalendarSpec) -> list[Fact]:
    """A calendar's week, a line for each day, days that follow each other with the same hours together."""
    if spec.always:
        return [Fact("always", gettext("Every day"), gettext("around the clock"))]
    words = list(weekday_words().values())
    runs: list[list[int]] = []
    for index, day in enumerate(spec.weekly):
        if runs and spec.weekly[runs[-1][0]] == day:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [
        Fact(
            WEEKDAYS[run[0]],
            words[run[0]]
            if len(run) == 1
            else gettext("%(first)s to %(last)s") % {"first": words[run[0]], "last": words[run[-1]]},
            in_words(hours_text(spec.weekly[run[0]])),
        )
        for run in runs
    ]


def calendar_in_words(spec: CalendarSpec) -> list[Fact]:
    """All that a version of a calendar says, a line each."""
    facts = [Fact("zone", gettext("Time zone"), spec.zone), *week_in_words(spec)]
    if spec.always:
        return facts
    holidays = ", ".join(long_date(day) for day in sorted(spec.holidays))
    days = [day_hours(spec, day) for day in sorted(spec.exceptions)]
    return [
        *facts,
        Fact("holidays", gettext("Holidays"), holidays or gettext("None")),
        Fact(
            "exceptions",
            gettext("Exceptions"),
            "; ".join(f"{each.label}: {each.hours}" for each in days) or gettext("None"),
        ),
    ]


def calendar_differences(old: CalendarSpec, new: CalendarSpec) -> list[Difference]:
    """What changed between two versions of a calendar: day by day, and of the holidays those that came and went."""
    days = weekday_words()
    found = differences(_day_by_day(old, days), _day_by_day(new, days))
    gone, come = sorted(old.holidays - new.holidays), sorted(new.holidays - old.holidays)
    if gone or come:
        found.append(
            Difference(
                gettext("Holidays"),
                gettext("no more: %s") % ", ".join(map(long_date, gone)) if gone else "",
                gettext("added: %s") % ", ".join(map(long_date, come)) if come else "",
            )
        )
    return found


def _day_by_day(spec: CalendarSpec, words: Mapping[str, str]) -> list[Fact]:
    hours = [gettext("around the clock") if spec.always else in_words(hours_text(day)) for day in spec.weekly]
    return [
        Fact("zone", gettext("Time zone"), spec.zone),
        *(Fact(day, words[day], text) for day, text in zip(WEEKDAYS, hours, strict=True)),
        *(fact for fact in calendar_in_words(spec) if fact.field == "exceptions"),
    ]
