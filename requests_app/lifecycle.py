"""The life cycles of a request and of a fulfilment task: data only. Code, API, buttons and tests read these tables."""

from typing import Any

from lifecycle.public import Lifecycle, State, Transition

LIVE = ("submitted", "awaiting_approval", "fulfilling")

STATES = (
    State("submitted", "open", "Submitted"),
    State("awaiting_approval", "open", "Awaiting approval"),
    State("fulfilling", "open", "Being fulfilled"),
    State("fulfilled", "resolved", "Fulfilled"),
    State("closed", "closed", "Closed"),
    State("rejected", "closed", "Rejected"),
    State("cancelled", "closed", "Cancelled"),
)


def is_own(actor: Any, record: Any) -> bool:
    """Whether the request was made by or for the actor; an approver or watcher only follows it."""
    return actor.membership_id in (record.requester_id, record.affected_user_id)


def their_own(record: Any, actor: Any) -> str:
    """An end user who only watches or approves a request does not decide for whom it is about."""
    if actor.reach == "own" and not is_own(actor, record):
        return "Only the person who asked for this, or for whom it is, can do that."
    return ""


def held_by_actor(record: Any, actor: Any) -> str:
    """A provider's people and systems act only on what their provider holds."""
    if actor.reach == "provider" and record.provider_id != actor.provider_id:
        return "Your organisation does not hold this now."
    return ""


# What the platform itself does when approvals or tasks end carries a permission that no role has.
_BY_ITSELF = "request:advance"

REQUEST = Lifecycle(
    "request",
    STATES,
    (
        Transition("ask_approval", ("submitted",), "awaiting_approval", "Ask for approval", _BY_ITSELF),
        Transition("begin", ("submitted", "awaiting_approval"), "fulfilling", "Begin fulfilment", _BY_ITSELF),
        Transition("reject", ("awaiting_approval",), "rejected", "Reject", _BY_ITSELF),
        Transition("fulfil", ("fulfilling",), "fulfilled", "Fulfil", _BY_ITSELF),
        Transition(
            "reopen", ("fulfilled",), "fulfilling", "Reopen", "request:reopen", (their_own,), ("comment",)
        ),
        Transition("confirm", ("fulfilled",), "closed", "I have it", "request:confirm", (their_own,)),
        Transition("close", ("fulfilled",), "closed", "Close", "request:close"),
        Transition("cancel", LIVE, "cancelled", "Cancel", "request:cancel", (their_own,), ("reason",)),
    ),
)

TASK_STATES = (
    State("waiting", "pending", "Waiting for other tasks"),
    State("ready", "open", "Ready"),
    State("in_progress", "open", "In progress"),
    # Somebody must retry, skip or replace it: it stays on its group's list until then.
    State("failed", "open", "Failed"),
    State("done", "closed", "Done"),
    State("skipped", "closed", "Skipped"),
    State("cancelled", "closed", "Cancelled"),
)
TASK_ENDS = ("done", "skipped")

TASK = Lifecycle(
    "task",
    TASK_STATES,
    (
        Transition("release", ("waiting",), "ready", "Release", "task:advance"),
        Transition(
            "assign",
            ("ready", "in_progress", "failed"),
            "ready",
            "Assign",
            "task:assign",
            (held_by_actor,),
            ("support_group",),
        ),
        Transition("take", ("ready", "in_progress"), "in_progress", "Take", "task:work", (held_by_actor,)),
        Transition("start", ("ready",), "in_progress", "Start work", "task:work", (held_by_actor,)),
        Transition("complete", ("ready", "in_progress"), "done", "Complete", "task:work", (held_by_actor,)),
        Transition(
            "fail",
            ("ready", "in_progress"),
            "failed",
            "It failed",
            "task:work",
            (held_by_actor,),
            ("reason",),
        ),
        Transition("retry", ("failed",), "ready", "Try again", "task:work", (held_by_actor,)),
        Transition(
            "skip",
            ("waiting", "ready", "in_progress", "failed"),
            "skipped",
            "Skip",
            "task:skip",
            (),
            ("reason",),
        ),
        # Another task takes its place: those who waited for this one wait for that.
        Transition(
            "replace",
            ("waiting", "ready", "in_progress", "failed"),
            "cancelled",
            "Replace",
            "task:skip",
            (),
            ("reason", "title", "support_group"),
        ),
        Transition(
            "cancel", ("waiting", "ready", "in_progress", "failed"), "cancelled", "Cancel", "task:advance"
        ),
    ),
)
