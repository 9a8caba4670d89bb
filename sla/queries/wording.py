"""Definitions in words: what a target covers and promises, what a version changed, when a calendar is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from design.languages import once_per_language
from design.moments import duration_words
from people.public import active_groups, directory
from records.public import kinds
from sla.engine import EscalationTerms
from sla.engine.escalations import BREACH_PERCENT
from sla.models import TargetVersion
from sla.services.scopes import pause_codes, scope_names

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


def holder_words() -> dict[str, str]:
    """Who may hold a record while a clock pauses, as pause rules name them; groups and providers by code."""
    people = directory()
    return {
        "holder:requester": gettext("The requester"),
        "holder:approver": gettext("An approver"),
        "holder:wire": gettext("The wire: handed to a supplier's system that has not answered"),
        "holder:unassigned": gettext("Nobody yet"),
        **{
            f"group:{row.code}": gettext("The group %(name)s") % {"name": row.name}
            for row in people.groups.values()
        },
        **{
            f"provider:{row.code}": gettext("Any group of %(name)s") % {"name": row.name}
            for row in people.providers.values()
        },
    }


def pauses_in_words(rules: Iterable[str]) -> str:
    """What pauses a clock, states first, then who holds the record."""
    words, given = holder_words(), pause_codes(rules)
    held = [words[rule] for rule in words if rule in given]
    stages = tokens_in_words(rule for rule in given if rule not in words)
    if not held:
        return stages
    names = gettext("held by: %s") % ", ".join(held)
    return f"{stages}; {names}" if stages else f"{names[:1].upper()}{names[1:]}"


def escalation_choices() -> list[tuple[str, str]]:
    """What may happen by itself at a point of a clock, as people choose it: `notify_role:administrator`."""
    roles = directory().roles.values()
    return [
        ("raise_priority", gettext("Raise the priority by one")),
        *(
            (f"notify_role:{row.code}", gettext("Notify the role %(name)s") % {"name": row.name})
            for row in roles
        ),
        *(
            (f"reassign:{row.code}", gettext("Hand the record to %(name)s") % {"name": row.name})
            for row in active_groups()
        ),
    ]


def escalations_in_words(escalations: Iterable[EscalationTerms]) -> str:
    """At 90 %: notify the role Administrator; at the breach: raise the priority by one."""
    words = dict(escalation_choices())
    parts = []
    for each in sorted(escalations):
        named = each.role or each.support_group
        action = f"{each.action}:{named}" if named else each.action
        point = (
            gettext("at the breach")
            if each.percent == BREACH_PERCENT
            else gettext("at %(percent)s %%") % {"percent": each.percent}
        )
        said = words.get(action, action)
        parts.append(f"{point}: {said[:1].lower()}{said[1:]}")
    whole = "; ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}"


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


def terms_in_words(row: TargetVersion, escalations: Iterable[EscalationTerms]) -> list[Fact]:
    """A version's terms, one line each, and what happens by itself on the way to its breach."""
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
        Fact("pause_on", gettext("Pauses"), pauses_in_words(row.pause_on) or gettext("Never")),
        Fact("warn_at", gettext("Warns at"), percents(row.warn_at)),
    ]
    if row.kind != "sla":
        each = gettext("All holds together") if row.is_cumulative else gettext("Each hold alone")
        facts.append(Fact("is_cumulative", gettext("Counts"), each))
    if row.pause_until:
        facts.append(
            Fact("pause_until", gettext("A pause ends"), gettext("On the day promised, if there is one"))
        )
    if said := escalations_in_words(escalations):
        facts.append(Fact("escalations", gettext("By itself"), said))
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
