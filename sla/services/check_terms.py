"""What a target's terms must hold against the tenant: its calendars, its parties, its kinds of record, its past."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

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
            "effective_from": gettext(
                "The tenant exists since %(created_at)s; no promise can have held before. Use "
                "that day or a later one, or import the history that it belongs to."
            )
            % {"created_at": _day(created_at)}
        }
    if at is not None and effective_from < at + AHEAD:
        return {
            "effective_from": gettext(
                "This lies in the past, and what was measured stays as it is. Use an instant at least a"
                " minute ahead."
            )
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
        "service": (gettext("service"), lambda: _keys(offered.services)),
        "category": (gettext("category"), lambda: _keys(offered.categories)),
        "organisation": (gettext("organisation"), lambda: _keys(people.organisations)),
        "support_group": (gettext("support group"), lambda: _keys(people.groups)),
        "provider": (gettext("provider"), lambda: _keys(people.providers)),
        "offering": (gettext("offering"), tuple),
        "ci_class": (gettext("class of configuration item"), tuple),
        "kind": (gettext("kind of record"), lambda: [kind.code for kind in kinds()]),
    }
    wrong: Wrong = {}
    for name, values in definition.scope.items():
        if name == "priority":
            strange = [value for value in values if value not in range(1, 6) or isinstance(value, bool)]
            if strange:
                wrong["scope.priority"] = gettext("%(strange)s is no priority; use 1 (highest) to 5.") % {
                    "strange": repr(strange[0])
                }
        elif name in known:
            noun, keys = known[name]
            missing = sorted(str(value) for value in values - frozenset(keys()))
            if missing:
                wrong[f"scope.{name}"] = gettext("No %(noun)s here has the key %(missing)s.") % {
                    "noun": noun,
                    "missing": repr(missing[0]),
                }
        elif any(not isinstance(value, str) or not value for value in values):
            wrong[f"scope.{name}"] = gettext("Name each import by its name.")
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
            found[field] = gettext("%(strange)s is no state or phase; use one of %(words)s.") % {
                "strange": repr(strange[0]),
                "words": ", ".join(sorted(words)),
            }
    for state in sorted(definition.pause_states & states.keys()):
        if states[state] in definition.stops_in:
            found.setdefault(
                "pause_on",
                gettext("%(state)s lies in the phase %(states)s, in which the clock is stopped already.")
                % {"state": repr(state), "states": states[state]},
            )
    return found


def _check_pauses(definition: TargetDefinition) -> Wrong:
    people = directory()
    known = {"group": _keys(people.groups), "provider": _keys(people.providers)}
    nouns = {"group": gettext("support group"), "provider": gettext("provider")}
    for kind, key in sorted(definition.pause_holders, key=str):
        if kind in known and key not in known[kind]:
            return {
                "pause_on": gettext("No %(nouns)s here has the key %(key)s.")
                % {"nouns": nouns[kind], "key": repr(key)}
            }
    return {}


def _check_calendar(definition: TargetDefinition, effective_from: datetime, *, is_history: bool) -> Wrong:
    versions = calendars_in_force().get(definition.calendar)
    if versions is None:
        return {"calendar": gettext("There is no such calendar, or it says nothing yet.")}
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
            "duration": gettext(
                "The calendar never holds so much time. Use a shorter duration or another calendar."
            )
        }
    except CalendarRangeError:
        return {"effective_from": gettext("Calendars are reckoned for the years 1900 to 2399.")}
    since = _day(datetime.fromtimestamp(begin, UTC))
    if held == 0:
        return {
            "calendar": gettext(
                "The calendar as it is from %(since)s is not open once in %(within_years)s years."
            )
            % {"since": since, "within_years": WITHIN_YEARS}
        }
    if held < duration:
        return {
            "duration": gettext(
                "The calendar as it is from %(since)s holds %(held)s hours in %(within_years)s "
                "years, the target %(duration)s. Use a shorter duration or another calendar."
            )
            % {
                "since": since,
                "held": f"{held / _HOUR:.1f}",
                "within_years": WITHIN_YEARS,
                "duration": f"{duration / _HOUR:.1f}",
            }
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
            wrong.setdefault(
                f"{place}.role", gettext("No active role has the code %(role)s.") % {"role": repr(each.role)}
            )
        if each.support_group and group_with(each.support_group) is None:
            wrong.setdefault(
                f"{place}.support_group",
                gettext("No active support group has the code %(code)s.")
                % {"code": repr(each.support_group)},
            )
        if deaf and each.action != Escalation.Action.NOTIFY_ROLE:
            wrong.setdefault(
                f"{place}.action",
                gettext("No rule acts on a record of the kind %(deaf)s.") % {"deaf": deaf[0]},
            )
    return wrong


def _keys(rows: Mapping[Any, Any]) -> frozenset[str]:
    return frozenset(str(key) for key in rows)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
