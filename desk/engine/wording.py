"""The audit in words: each step as a sentence, each fact as old and new value that people know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from design.languages import once_per_language
from design.moments import short_moment
from incidents.public import RESOLUTION_CODES
from records.public import kinds

PEOPLE_FACTS = (
    "support_group",
    "assignee",
    "requester",
    "affected_user",
    "organisation",
    "watcher",
    "approver",
    "approval_handed_to",
)
CATALOGUE_FACTS = ("service", "category")
# Said by the comment or work note itself; a provider always changes with its group, which names it. Keys tell nobody
# anything.
SILENT_FACTS = ("comment", "work_note", "provider", "order", "line", "task")


@dataclass(frozen=True, slots=True)
class FactInWords:
    """One changed attribute. Empty `old` means there was none before."""

    label: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """Priority: 3 → 2."""
        if self.old and self.new:
            return f"{self.label}: {self.old} → {self.new}"
        if self.old:
            return gettext("%(label)s: %(old)s removed") % {"label": self.label, "old": self.old}
        return f"{self.label}: {self.new}" if self.new else self.label


def state_labels(kind: str) -> dict[str, str]:
    """The states of a kind of record in words."""
    return _states()[kind]


def brief_state_labels(kind: str) -> dict[str, str]:
    """The same in fewer words, for lists."""
    return _brief_states()[kind]


@once_per_language
def _states() -> dict[str, dict[str, str]]:
    return {
        kind.code: {name: gettext(state.label) for name, state in kind.lifecycle.states.items()}
        for kind in kinds()
    }


@once_per_language
def _brief_states() -> dict[str, dict[str, str]]:
    brief = {
        "incident": {
            "pending_requester": gettext("With requester"),
            "pending_provider": gettext("With provider"),
            "pending_change": gettext("For a change"),
        },
        "task": {"waiting": gettext("Waiting")},
    }
    return {kind: labels | brief.get(kind, {}) for kind, labels in _states().items()}


def progress_in_words(planned: int, done: int, failed: int) -> str:
    """How many of a request's tasks are done, and whether any failed."""
    words = ngettext("%(done)d of %(count)d task done", "%(done)d of %(count)d tasks done", planned)
    said = words % {"done": done, "count": planned}
    if not failed:
        return said
    return f"{said}, {ngettext('%(count)d failed', '%(count)d failed', failed) % {'count': failed}}"


def keys_to_name(facts: Iterable[Mapping[str, Any]]) -> tuple[set[Any], set[Any]]:
    """The keys in facts that need a name: of people and groups, and of services and categories."""
    people: set[Any] = set()
    catalogue: set[Any] = set()
    for entry in facts:
        for name, pair in entry.items():
            values = {value for value in pair if value}
            if name in PEOPLE_FACTS:
                people |= values
            elif name in CATALOGUE_FACTS:
                catalogue |= values
    return people, catalogue


def step_title(verb: str) -> str:
    """What a step did, in the past tense."""
    name = verb.partition(":")[2]
    return _steps().get(verb) or _steps().get(name, name.replace("_", " ").capitalize())


@once_per_language
def _steps() -> dict[str, str]:
    return {
        "raise": gettext("Raised"),
        "classify": gettext("Classified"),
        "assign": gettext("Assigned"),
        "take": gettext("Taken"),
        "start": gettext("Work started"),
        "pend_requester": gettext("Asked the requester"),
        "pend_provider": gettext("Waiting for a provider"),
        "pend_change": gettext("Waiting for a change"),
        "resume": gettext("Work resumed"),
        "resolve": gettext("Resolved"),
        "reopen": gettext("Reopened"),
        "incident:confirm": gettext("Confirmed as fixed"),
        "confirm": gettext("Confirmed"),
        "close": gettext("Closed"),
        "cancel": gettext("Cancelled"),
        "comment": gettext("Commented"),
        "note": gettext("Work note written"),
        "attach": gettext("File attached"),
        "watch": gettext("Watcher added"),
        "unwatch": gettext("Watcher removed"),
        "link": gettext("Linked"),
        "import": gettext("Imported"),
        "escalate": gettext("Escalated"),
        "make": gettext("Ordered"),
        "ask_approval": gettext("Approval asked for"),
        "begin": gettext("Fulfilment begun"),
        "reject": gettext("Not approved"),
        "fulfil": gettext("Fulfilled"),
        "plan": gettext("Planned"),
        "release": gettext("Ready to begin"),
        "complete": gettext("Completed"),
        "fail": gettext("Failed"),
        "retry": gettext("To be tried again"),
        "skip": gettext("Skipped"),
        "replace": gettext("Replaced by another task"),
        "approve": gettext("Approved"),
        "ask": gettext("Asked before deciding"),
        "hand_on": gettext("Approval handed on"),
        "assign_approver": gettext("Another approver asked"),
        "update": gettext("Changed"),
        "acknowledged": gettext("Acknowledged by the supplier's system"),
        "replace_approver": gettext("Approver replaced"),
        "escalate_approval": gettext("Approval escalated"),
    }


def door_in_words(door: str) -> str:
    """The door that a step came through."""
    return _doors().get(door, door)


@once_per_language
def _doors() -> dict[str, str]:
    return {
        "portal": gettext("portal"),
        "desk": gettext("desk"),
        "api": gettext("API"),
        "mail": gettext("email"),
        "rule": gettext("rule"),
        "system": gettext("system"),
        "import": gettext("import"),
    }


def facts_in_words(kind: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> list[FactInWords]:
    """Every fact but those that something else on the page says; `names` by key as text."""
    return [
        FactInWords(_label(name), _value(kind, name, pair[0], names), _value(kind, name, pair[1], names))
        for name, pair in facts.items()
        if name not in SILENT_FACTS
    ]


def _label(name: str) -> str:
    if name.startswith("link:"):
        return name.partition(":")[2].replace("_", " ").capitalize()
    return _facts().get(name, name.replace("_", " ").capitalize())


@once_per_language
def _facts() -> dict[str, str]:
    return {
        "state": gettext("State"),
        "priority": gettext("Priority"),
        "priority_set_by": gettext("Priority set by"),
        "impact": gettext("Impact"),
        "urgency": gettext("Urgency"),
        "service": gettext("Service"),
        "category": gettext("Category"),
        "support_group": gettext("Support group"),
        "assignee": gettext("Assignee"),
        "requester": gettext("Requester"),
        "affected_user": gettext("Affected user"),
        "organisation": gettext("Organisation"),
        "watcher": gettext("Watcher"),
        "title": gettext("Title"),
        "description": gettext("Description"),
        "reason": gettext("Reason"),
        "resolution_code": gettext("Resolution code"),
        "attachment": gettext("File"),
        "external_reference": gettext("External reference"),
        "on_wire": gettext("On the wire"),
        "their_reference": gettext("Their reference"),
        "pending_until": gettext("Promised by"),
        "target": gettext("Target"),
        "percent": gettext("Per cent of its time"),
        "approver": gettext("Held for approval by"),
        "approval": gettext("Level of approval"),
        "approval_asked": gettext("Asked for"),
        "approval_handed_to": gettext("Handed on to"),
        "approval_escalated": gettext("Escalated"),
        "approver_left": gettext("Left"),
        "decision": gettext("Decision"),
        "in_stead_of": gettext("In the place of"),
        "offering": gettext("Offering"),
        "version": gettext("Version"),
        "quantity": gettext("Quantity"),
        "cost": gettext("Cost"),
        "request": gettext("Request"),
    }


def _value(kind: str, name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "" or isinstance(value, bool):
        return (gettext("Yes") if value else gettext("No")) if isinstance(value, bool) else ""
    text = str(value)
    if name == "state":
        return state_labels(kind).get(text, text)
    if name == "pending_until":
        return short_moment(datetime.fromisoformat(text))
    if name == "resolution_code":
        return gettext(RESOLUTION_CODES[text]) if text in RESOLUTION_CODES else text
    if name in PEOPLE_FACTS or name in CATALOGUE_FACTS:
        # A key without a name is of something that the reader may not see, or that is gone.
        return names.get(text, gettext("not shown to you"))
    return text
