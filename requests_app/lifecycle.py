"""The life cycles of a request and of a fulfilment task: data only. Code, API, buttons and tests read these tables."""

from typing import Any

from django.utils.translation import gettext

from lifecycle.public import Lifecycle, State, Transition, is_own
from tenancy.engine.words import word

LIVE = ("submitted", "awaiting_approval", "fulfilling")

STATES = (
    State("submitted", "open", word("Submitted")),
    State("awaiting_approval", "open", word("Awaiting approval")),
    State("fulfilling", "open", word("Being fulfilled")),
    State("fulfilled", "resolved", word("Fulfilled")),
    State("closed", "closed", word("Closed")),
    State("rejected", "closed", word("Rejected")),
    State("cancelled", "closed", word("Cancelled")),
)


def held_by_actor(record: Any, actor: Any) -> str:
    """A provider's people and systems act only on what their provider holds."""
    if actor.reach == "provider" and record.provider_id != actor.provider_id:
        return gettext("Your organisation does not hold this now.")
    return ""


def their_own(record: Any, actor: Any) -> str:
    """An end user who only watches or approves a request does not decide for whom it is about."""
    if actor.reach == "own" and not is_own(actor, record):
        return gettext("Only the person who asked for this, or for whom it is, can do that.")
    return ""


# What the platform itself does when approvals or tasks end carries a permission that no role has.
_BY_ITSELF = "request:advance"

REQUEST = Lifecycle(
    "request",
    STATES,
    (
        Transition("ask_approval", ("submitted",), "awaiting_approval", word("Ask for approval"), _BY_ITSELF),
        Transition(
            "begin", ("submitted", "awaiting_approval"), "fulfilling", word("Begin fulfilment"), _BY_ITSELF
        ),
        Transition("reject", ("awaiting_approval",), "rejected", word("Reject"), _BY_ITSELF),
        Transition("fulfil", ("fulfilling",), "fulfilled", word("Fulfil"), _BY_ITSELF),
        Transition(
            "reopen",
            ("fulfilled",),
            "fulfilling",
            word("Reopen"),
            "request:reopen",
            (their_own,),
            ("comment",),
        ),
        Transition("confirm", ("fulfilled",), "closed", word("I have it"), "request:confirm", (their_own,)),
        Transition("close", ("fulfilled",), "closed", word("Close"), "request:close"),
        Transition("cancel", LIVE, "cancelled", word("Cancel"), "request:cancel", (their_own,), ("reason",)),
    ),
)

TASK_STATES = (
    State("waiting", "pending", word("Waiting for other tasks")),
    State("ready", "open", word("Ready")),
    State("in_progress", "open", word("In progress")),
    # Somebody must retry, skip or replace it: it stays on its group's list until then.
    State("failed", "open", word("Failed")),
    State("done", "closed", word("Done")),
    State("skipped", "closed", word("Skipped")),
    State("cancelled", "closed", word("Cancelled")),
)
TASK_ENDS = ("done", "skipped")

TASK = Lifecycle(
    "task",
    TASK_STATES,
    (
        Transition("release", ("waiting",), "ready", word("Release"), "task:advance"),
        Transition(
            "assign",
            ("ready", "in_progress", "failed"),
            "ready",
            word("Assign"),
            "task:assign",
            (held_by_actor,),
            ("support_group",),
        ),
        Transition(
            "take", ("ready", "in_progress"), "in_progress", word("Take"), "task:work", (held_by_actor,)
        ),
        Transition("start", ("ready",), "in_progress", word("Start work"), "task:work", (held_by_actor,)),
        Transition(
            "complete", ("ready", "in_progress"), "done", word("Complete"), "task:work", (held_by_actor,)
        ),
        Transition(
            "fail",
            ("ready", "in_progress"),
            "failed",
            word("It failed"),
            "task:work",
            (held_by_actor,),
            ("reason",),
        ),
        Transition("retry", ("failed",), "ready", word("Try again"), "task:work", (held_by_actor,)),
        Transition(
            "skip",
            ("waiting", "ready", "in_progress", "failed"),
            "skipped",
            word("Skip"),
            "task:skip",
            (),
            ("reason",),
        ),
        # Another task takes its place: those who waited for this one wait for that.
        Transition(
            "replace",
            ("waiting", "ready", "in_progress", "failed"),
            "cancelled",
            word("Replace"),
            "task:skip",
            (),
            ("reason", "title", "support_group"),
        ),
        Transition(
            "cancel",
            ("waiting", "ready", "in_progress", "failed"),
            "cancelled",
            word("Cancel"),
            "task:advance",
        ),
    ),
)
