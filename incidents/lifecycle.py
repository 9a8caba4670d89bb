"""The life cycle of an incident: data only. Code, API, buttons, documents and tests read this table."""

from typing import Any

from django.utils.translation import gettext

from lifecycle.public import Lifecycle, State, Transition, is_own
from tenancy.engine.words import word

OPEN = ("new", "assigned", "in_progress")
PENDING = ("pending_requester", "pending_provider", "pending_change")
LIVE = (*OPEN, *PENDING)

STATES = (
    State("new", "open", word("New")),
    State("assigned", "open", word("Assigned")),
    State("in_progress", "open", word("In progress")),
    State("pending_requester", "pending", word("Waiting for the requester")),
    State("pending_provider", "pending", word("Waiting for a provider")),
    State("pending_change", "pending", word("Waiting for a change")),
    State("resolved", "resolved", word("Resolved")),
    State("closed", "closed", word("Closed")),
    State("cancelled", "closed", word("Cancelled")),
)

RESOLUTION_CODES = {
    "fixed": word("Fixed"),
    "workaround": word("Workaround given"),
    "user_education": word("Explained how it works"),
    "no_fault_found": word("No fault found"),
    "duplicate": word("Duplicate"),
    "caused_by_change": word("Caused by a change, put right"),
    "other": word("Other"),
}


def held_by_actor(record: Any, actor: Any) -> str:
    """A provider's people and systems act only on what their provider holds."""
    if actor.reach == "provider" and record.provider_id != actor.provider_id:
        return gettext("Your organisation does not hold this incident now.")
    return ""


def their_own(record: Any, actor: Any) -> str:
    """An end user who only watches a report reads and replies; those it is about decide."""
    if actor.reach == "own" and not is_own(actor, record):
        return gettext("Only the person who reported this, or who is affected by it, can do that.")
    return ""


def not_yet_worked(record: Any, actor: Any) -> str:
    """A requester cancels as long as nobody needs to be asked."""
    if actor.reach == "own" and record.state not in OPEN:
        return gettext("Somebody is waiting on this incident: reply instead.")
    return ""


TRANSITIONS = (
    Transition("classify", LIVE, "", word("Classify"), "incident:classify", (held_by_actor,)),
    Transition(
        "assign", LIVE, "assigned", word("Assign"), "incident:assign", (held_by_actor,), ("support_group",)
    ),
    Transition("take", LIVE, "in_progress", word("Take"), "incident:work", (held_by_actor,)),
    Transition(
        "start", ("new", "assigned"), "in_progress", word("Start work"), "incident:work", (held_by_actor,)
    ),
    Transition(
        "pend_requester",
        OPEN,
        "pending_requester",
        word("Ask the requester"),
        "incident:pend",
        (held_by_actor,),
        ("comment",),
    ),
    Transition(
        "pend_provider",
        OPEN,
        "pending_provider",
        word("Wait for a provider"),
        "incident:pend",
        (held_by_actor,),
        ("reason",),
    ),
    Transition(
        "pend_change",
        OPEN,
        "pending_change",
        word("Wait for a change"),
        "incident:pend",
        (held_by_actor,),
        ("reason",),
    ),
    Transition("resume", PENDING, "in_progress", word("Resume work"), "incident:work", (held_by_actor,)),
    Transition(
        "resolve",
        LIVE,
        "resolved",
        word("Resolve"),
        "incident:resolve",
        (held_by_actor,),
        ("resolution_code", "resolution"),
    ),
    Transition(
        "reopen", ("resolved",), "assigned", word("Reopen"), "incident:reopen", (their_own,), ("comment",)
    ),
    Transition("confirm", ("resolved",), "closed", word("It is fixed"), "incident:confirm"),
    Transition("close", ("resolved",), "closed", word("Close"), "incident:close"),
    Transition(
        "cancel",
        LIVE,
        "cancelled",
        word("Cancel"),
        "incident:cancel",
        (their_own, not_yet_worked),
        ("reason",),
    ),
)

INCIDENT = Lifecycle(word("incident"), STATES, TRANSITIONS)
