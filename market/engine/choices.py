"""The market's words for states, levels and codes, and ours. Data only.

Several of our states may have one of theirs; the first of ours is what theirs is brought to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choices:
    """Ours → theirs, and what theirs is called."""

    theirs: Mapping[str, str]
    labels: Mapping[str, str]
    # What else they may call it, in small letters.
    also: Mapping[str, str] = field(default_factory=dict)

    def value(self, ours: object) -> str:
        """Theirs for ours; "" for nothing."""
        return "" if ours is None else self.theirs.get(str(ours), str(ours))

    def label(self, value: str) -> str:
        """What theirs is called."""
        return self.labels.get(value, value)

    def read(self, given: str) -> str | None:
        """Theirs from what somebody wrote: the value itself, or its name in any case; None for neither."""
        text = given.strip()
        if text in self.labels:
            return text
        small = text.lower()
        named = {label.lower(): value for value, label in self.labels.items()} | dict(self.also)
        return named.get(small)

    def ours(self, value: str) -> list[str]:
        """Ours that are theirs."""
        return [ours for ours, theirs in self.theirs.items() if theirs == value]


INCIDENT_STATES = Choices(
    {
        "new": "1",
        "assigned": "1",
        "in_progress": "2",
        "pending_requester": "3",
        "pending_provider": "3",
        "pending_change": "3",
        "resolved": "6",
        "closed": "7",
        "cancelled": "8",
    },
    {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"},
    {"cancelled": "8", "in_progress": "2", "on_hold": "3", "active": "2", "awaiting problem": "3"},
)
HOLD_REASONS = Choices(
    {"pending_requester": "1", "pending_change": "5", "pending_provider": "4"},
    {"1": "Awaiting Caller", "3": "Awaiting Problem", "4": "Awaiting Vendor", "5": "Awaiting Change"},
    {"awaiting_caller": "1", "awaiting_change": "5", "awaiting_problem": "3", "awaiting_vendor": "4"},
)
# By whom or what an incident on hold is waited for, as our service says it.
WAITS = {"1": "requester", "3": "change", "4": "provider", "5": "change", "": "provider"}
LEVELS = Choices(
    {"1": "1", "2": "2", "3": "3", "4": "3"},
    {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"},
    {"high": "1", "medium": "2", "low": "3"},
)
PRIORITIES = Choices(
    {str(level): str(level) for level in range(1, 6)},
    {"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low", "5": "5 - Planning"},
)
CLOSE_CODES = Choices(
    {
        "fixed": "Solution provided",
        "workaround": "Workaround provided",
        "user_education": "User error",
        "no_fault_found": "No resolution provided",
        "duplicate": "Duplicate",
        "caused_by_change": "Resolved by change",
        "other": "Other",
    },
    {
        name: name
        for name in (
            "Solution provided",
            "Workaround provided",
            "User error",
            "No resolution provided",
            "Duplicate",
            "Resolved by change",
            "Other",
        )
    },
    {
        "fixed": "Solution provided",
        "solved (permanently)": "Solution provided",
        "solved remotely (permanently)": "Solution provided",
        "resolved by caller": "Solution provided",
        "resolved by request": "Solution provided",
        "resolved by problem": "Solution provided",
        "closed/resolved by caller": "Solution provided",
        "solved (work around)": "Workaround provided",
        "solved remotely (work around)": "Workaround provided",
        "workaround": "Workaround provided",
        "user_education": "User error",
        "no_fault_found": "No resolution provided",
        "not solved (not reproducible)": "No resolution provided",
        "not solved (too costly)": "No resolution provided",
        "caused_by_change": "Resolved by change",
    },
)
REQUEST_STATES = Choices(
    {
        "submitted": "1",
        "awaiting_approval": "-5",
        "fulfilling": "2",
        "fulfilled": "3",
        "closed": "3",
        "rejected": "4",
        "cancelled": "7",
    },
    {
        "-5": "Pending",
        "1": "Open",
        "2": "Work in Progress",
        "3": "Closed Complete",
        "4": "Closed Incomplete",
        "7": "Closed Skipped",
    },
)
TASK_STATES = Choices(
    {
        "waiting": "-5",
        "ready": "1",
        "in_progress": "2",
        "failed": "4",
        "done": "3",
        "skipped": "7",
        "cancelled": "7",
    },
    REQUEST_STATES.labels,
    {"closed complete": "3", "in_progress": "2"},
)
# A state of any kind of record, for the table that holds them all: what is alike is called alike.
ANY_STATES = Choices(
    dict(INCIDENT_STATES.theirs) | dict(TASK_STATES.theirs) | dict(REQUEST_STATES.theirs),
    dict(REQUEST_STATES.labels) | dict(INCIDENT_STATES.labels),
)
CLASSES = Choices(
    {"incident": "incident", "request": "sc_req_item", "task": "sc_task"},
    {"incident": "Incident", "sc_req_item": "Requested Item", "sc_task": "Catalog Task"},
)
CHANNELS = Choices(
    {"portal": "self-service", "desk": "phone", "mail": "email", "api": "integration"},
    {"self-service": "Self-service", "phone": "Phone", "email": "Email", "integration": "Integration"},
)
