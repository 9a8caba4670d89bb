"""What a target's terms must hold against the tenant: its calendars, its parties, its kinds of record, its past."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from calendars.engine import CalendarRangeError, CalendarVersions, NeverOpenError
from calendars.public import calendars_in_force
from catalogue.public import catalogue
from lifecycle.public import PHASES
from people.models import Role, SupportGroup
from people.public import directory, find_group, get_tenant
from records.public import kinds
from sla.engine import MARKS, EscalationTerms, TargetDefinition
from sla.engine.escalations import faults_of
from sla.engine.rule_actions import rule_actions_of
from sla.models import Escalation
from sla.services.history import seconds
from tenancy.public import current_tenant_id

# A promise that takes longer than this to come due is none.
WITHIN_YEARS = 10
_YEAR_SECONDS = 31_557_600
_HOUR = 3600
# Terms are written while records are measured: they may begin when everybody has read them.
AHEAD = timedelta(minutes=1)

Wrong = dict[str, str]


def check_instant(*, effective_from: datetime, at: datetime | None, is_history: bool) -> Wrong:
    """What is wrong with the instant from which terms are to hold."""
    if is_history:
        return {}
    created_at = get_tenant(current_tenant_id()).created_at
    if effective_from < created_at:
        return {
            "effective_from": f"The tenant exists since {_day(created_at)}; no promise can have held before. Use that"
            " day or a later one, or import the history that it belongs to."
        }
    if at is not None and effective_from < at + AHEAD:
        return {
            "effective_from": "This lies in the past, and what was measured stays as it is. Use an instant at least a"
            " minute ahead."
        }
    return {}


def check_terms(
    *,
    definition: TargetDefinition,
    escalations: Iterable[EscalationTerms],
    effective_from: datetime,
    is_history: bool,
) -> Wrong:
    """What in a target's terms names something that is not there, or promises what cannot be kept, by field."""
    wrong = _check_scope(definition)
    wrong |= _check_words(definition, wrong)
    wrong |= _check_pauses(definition)
    wrong |= _check_calendar(definition, effective_from, is_history=is_history)
    return wrong | _check_escalations(definition, list(escalations))


def role_with(code: str) -> Role | None:
    """The role with this code."""
    return next((role for role in directory().roles.values() if code and role.code == code), None)


def group_with(code: str) -> SupportGroup | None:
    """The active support group with this code."""
    return find_group(code) if code else None


def _check_scope(definition: TargetDefinition) -> Wrong:
    people, offered = directory(), catalogue()
    known: Mapping[str, tuple[str, Callable[[], Collection[str]]]] = {
        "service": ("service", lambda: _keys(offered.services)),
        "category": ("category", lambda: _keys(offered.categories)),
        "organisation": ("organisation", lambda: _keys(people.organisations)),
        "support_group": ("support group", lambda: _keys(people.groups)),
        "provider": ("provider", lambda: _keys(people.providers)),
        "offering": ("offering", tuple),
        "ci_class": ("class of configuration item", tuple),
        "kind": ("kind of record", lambda: [kind.code for kind in kinds()]),
    }
    wrong: Wrong = {}
    for name, values in definition.scope.items():
        if name == "priority":
            strange = [value for value in values if value not in range(1, 6) or isinstance(value, bool)]
            if strange:
                wrong["scope.priority"] = f"{strange[0]!r} is no priority; use 1 (highest) to 5."
        elif name in known:
            noun, keys = known[name]
            missing = sorted(str(value) for value in values - frozenset(keys()))
            if missing:
                wrong[f"scope.{name}"] = f"No {noun} here has the key {missing[0]!r}."
        elif any(not isinstance(value, str) or not value for value in values):
            wrong[f"scope.{name}"] = "Name each import by its name."
    return wrong


def _check_words(definition: TargetDefinition, wrong: Wrong) -> Wrong:
    """States and phases that no record in scope ever has."""
    if "scope.kind" in wrong:
        return {}
    covered = [kind for kind in kinds() if kind.code in definition.scope.get("kind", {kind.code})]
    states = {state.name: state.phase for kind in covered for state in kind.lifecycle.states.values()}
    words = {*states, *PHASES}
    found: Wrong = {}
    for field, used in (
        ("start_on", {definition.start_on} - MARKS - {"opened"}),
        ("stop_on", definition.stop_on - MARKS),
        ("pause_on", definition.pause_states),
    ):
        strange = sorted(used - words)
        if strange:
            found[field] = f"{strange[0]!r} is no state or phase; use one of {', '.join(sorted(words))}."
    for state in sorted(definition.pause_states & states.keys()):
        if states[state] in definition.stops_in:
            found.setdefault(
                "pause_on",
                f"{state!r} lies in the phase {states[state]}, in which the clock is stopped already.",
            )
    return found


def _check_pauses(definition: TargetDefinition) -> Wrong:
    people = directory()
    known = {"group": _keys(people.groups), "provider": _keys(people.providers)}
    nouns = {"group": "support group", "provider": "provider"}
    for kind, key in sorted(definition.pause_holders, key=str):
        if kind in known and key not in known[kind]:
            return {"pause_on": f"No {nouns[kind]} here has the key {key!r}."}
    return {}


def _check_calendar(definition: TargetDefinition, effective_from: datetime, *, is_history: bool) -> Wrong:
    versions = calendars_in_force().get(definition.calendar)
    if versions is None:
        return {"calendar": "There is no such calendar, or it says nothing yet."}
    for begin in versions.beginnings(seconds(effective_from)):
        wrong = _check_hours(definition.duration, versions, begin, is_history=is_history)
        if wrong:
            return wrong
    return {}


def _check_hours(duration: int, versions: CalendarVersions, begin: int, *, is_history: bool) -> Wrong:
    hours = versions(begin)
    try:
        if is_history:
            # It may begin long before the days that the calendar knows of.
            hours.due(begin, duration)
            return {}
        held = hours.open_seconds(begin, begin + WITHIN_YEARS * _YEAR_SECONDS)
    except NeverOpenError:
        return {
            "duration": "The calendar never holds so much time. Use a shorter duration or another calendar."
        }
    except CalendarRangeError:
        return {"effective_from": "Calendars are reckoned for the years 1900 to 2399."}
    since = _day(datetime.fromtimestamp(begin, UTC))
    if held == 0:
        return {"calendar": f"The calendar as it is from {since} is not open once in {WITHIN_YEARS} years."}
    if held < duration:
        return {
            "duration": f"The calendar as it is from {since} holds {held / _HOUR:.1f} hours in {WITHIN_YEARS} years,"
            f" the target {duration / _HOUR:.1f}. Use a shorter duration or another calendar."
        }
    return {}


def _check_escalations(definition: TargetDefinition, escalations: list[EscalationTerms]) -> Wrong:
    """Every wrong field of every escalation, as `escalations.0.role`; "escalations.0" for all of one."""
    acting = [kind.code for kind in kinds() if rule_actions_of(kind.code)]
    deaf = sorted(definition.scope.get("kind", frozenset()) - frozenset(acting))
    wrong: Wrong = {}
    for number, field, reason in faults_of(escalations, warn_at=definition.warn_at):
        wrong.setdefault(f"escalations.{number}.{field}".rstrip("."), reason)
    for number, each in enumerate(escalations):
        place = f"escalations.{number}"
        if each.role and role_with(each.role) is None:
            wrong.setdefault(f"{place}.role", f"No active role has the code {each.role!r}.")
        if each.support_group and group_with(each.support_group) is None:
            wrong.setdefault(
                f"{place}.support_group", f"No active support group has the code {each.support_group!r}."
            )
        if deaf and each.action != Escalation.Action.NOTIFY_ROLE:
            wrong.setdefault(f"{place}.action", f"No rule acts on a record of the kind {deaf[0]}.")
    return wrong


def _keys(rows: Mapping[Any, Any]) -> frozenset[str]:
    return frozenset(str(key) for key in rows)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
