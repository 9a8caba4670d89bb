"""Who hears what by mail: data that the composer reads. Nobody hears of a record they may not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor
from records.public import require

WARN_FROM_PERCENT = 75


class Reader(StrEnum):
    """A reader's part in a record."""

    REQUESTER = "requester"
    AFFECTED = "affected"
    WATCHER = "watcher"
    ASSIGNEE = "assignee"
    GROUP = "group"
    ROLE = "role"  # whoever has the role that the message names
    RULER = "ruler"  # whoever rules on disputes
    PROVIDER = "provider"  # who may contest for the provider that the message names
    APPROVER = "approver"  # whom the message asks to decide
    WORKER = "worker"  # the assignee or, while there is none, the support group's mailbox


# Readers whom a message names, rather than their part in the record.
NAMED = (Reader.ROLE, Reader.RULER, Reader.PROVIDER, Reader.APPROVER)
CUSTOMERS = (Reader.REQUESTER, Reader.AFFECTED, Reader.WATCHER)


class When(StrEnum):
    """What else must hold for a rule to apply."""

    ALWAYS = "always"
    SAID = "said"  # the step carries a comment
    ASKED = "asked"  # the step waits for the requester
    BY_CUSTOMER = "by_customer"  # the requester, whoever is affected, or a watcher took the step
    NEW_ASSIGNEE = "new_assignee"  # the step gave the record to who has it now
    NEW_IN_GROUP = (
        "new_in_group"  # the step brought the record to the group that has it now, and nobody owns it yet
    )
    DECIDED = "decided"  # somebody approved or rejected it with this step
    FIRST_LINE = "first_line"  # it is the first of what was ordered together
    EARLY = "early"  # three quarters of a clock's time are gone


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of message, one letter, its readers. The one who took the step hears of it only by receipt."""

    kind: str
    letter: str
    readers: tuple[Reader, ...]
    when: When = When.ALWAYS
    is_receipt: bool = False


# In order of precedence: a reader whom two rules name gets the first one's letter only.
RULES = (
    Rule("incident.opened", "received", CUSTOMERS, is_receipt=True),
    Rule("incident.opened", "new_in_group", (Reader.GROUP,), When.NEW_IN_GROUP),
    Rule("incident.commented", "comment", CUSTOMERS, When.SAID),
    Rule("incident.commented", "reply", (Reader.WORKER,), When.BY_CUSTOMER),
    Rule("incident.resumed", "comment", CUSTOMERS, When.SAID),
    Rule("incident.pended", "question", CUSTOMERS, When.ASKED),
    Rule("incident.pended", "comment", CUSTOMERS, When.SAID),
    Rule("incident.resolved", "resolved", CUSTOMERS),
    Rule("incident.reopened", "reopened", CUSTOMERS, is_receipt=True),
    Rule("incident.reopened", "reopened_work", (Reader.WORKER,)),
    Rule("incident.closed", "closed", CUSTOMERS),
    Rule("incident.cancelled", "cancelled", CUSTOMERS),
    Rule("incident.assigned", "assigned", (Reader.ASSIGNEE,), When.NEW_ASSIGNEE),
    Rule("incident.assigned", "new_in_group", (Reader.GROUP,), When.NEW_IN_GROUP),
    # Who ordered hears of an order once; whom a line of it is for hears of that line.
    Rule("request.opened", "order_received", (Reader.REQUESTER,), When.FIRST_LINE, is_receipt=True),
    Rule("request.opened", "request_received", (Reader.AFFECTED, Reader.WATCHER), is_receipt=True),
    Rule("request.asked", "approval_asked", (Reader.APPROVER,)),
    Rule("approval.reminded", "approval_reminded", (Reader.APPROVER,)),
    Rule("approval.answered", "approval_answered", (Reader.APPROVER,)),
    Rule("request.questioned", "request_questioned", CUSTOMERS),
    Rule("request.begun", "request_approved", CUSTOMERS, When.DECIDED),
    Rule("request.rejected", "request_rejected", CUSTOMERS),
    Rule("request.commented", "comment", CUSTOMERS, When.SAID),
    Rule("request.commented", "reply", (Reader.WORKER,), When.BY_CUSTOMER),
    Rule("request.fulfilled", "request_fulfilled", CUSTOMERS),
    Rule("request.reopened", "request_reopened", CUSTOMERS, is_receipt=True),
    Rule("request.reopened", "reopened_work", (Reader.WORKER,)),
    Rule("request.closed", "request_closed", CUSTOMERS),
    Rule("request.cancelled", "request_cancelled", CUSTOMERS),
    Rule("task.released", "new_in_group", (Reader.WORKER,)),
    Rule("task.failed", "task_failed", (Reader.WORKER,)),
    Rule("task.assigned", "assigned", (Reader.ASSIGNEE,), When.NEW_ASSIGNEE),
    Rule("task.assigned", "new_in_group", (Reader.GROUP,), When.NEW_IN_GROUP),
    Rule("clock.warned", "clock_warned", (Reader.WORKER,), When.EARLY),
    Rule("clock.breached", "clock_breached", (Reader.WORKER,)),
    Rule("clock.escalated", "clock_escalated", (Reader.ROLE,)),
    Rule("dispute.raised", "dispute_raised", (Reader.RULER,)),
    Rule("dispute.ruled", "dispute_ruled", (Reader.PROVIDER,)),
    Rule("dispute.withdrawn", "dispute_withdrawn", (Reader.PROVIDER, Reader.RULER)),
)

MAIL_KINDS = frozenset(rule.kind for rule in RULES)
# Open pages hear of every step.
_STEPS = (
    "opened",
    "changed",
    "commented",
    "noted",
    "assigned",
    "pended",
    "resumed",
    "classified",
    "resolved",
    "reopened",
    "closed",
    "cancelled",
    "begun",
    "fulfilled",
    "done",
    "failed",
    "skipped",
    "released",
    "replaced",
    "asked",
    "questioned",
    "rejected",
)
LIVE_KINDS = frozenset(
    {
        *(f"{kind}.{step}" for kind in ("incident", "request", "task") for step in _STEPS),
        "clock.warned",
        "clock.breached",
    }
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a message says of its step, and how the record stands by now, as far as rules ask.

    Keys are text, as the audit keeps them; "" for none. News that later steps have overtaken is no news.
    """

    facts: Mapping[str, Any]
    by_customer: bool
    assignee: str
    support_group: str
    percent: int = 0

    def meet(self, when: When) -> bool:
        """Whether a rule's condition holds."""
        return {
            When.ALWAYS: True,
            When.SAID: "comment" in self.facts,
            When.ASKED: self._became("state") == "pending_requester",
            When.BY_CUSTOMER: self.by_customer,
            When.NEW_ASSIGNEE: self._became("assignee") == self.assignee != "",
            When.NEW_IN_GROUP: self._became("support_group") == self.support_group != ""
            and not self.assignee,
            When.DECIDED: "decision" in self.facts,
            When.FIRST_LINE: self._became("line") == "1",
            When.EARLY: self.percent >= WARN_FROM_PERCENT,
        }[when]

    def _became(self, name: str) -> str:
        return str(self.facts.get(name, ("", ""))[1] or "")


def may_call_for_mail(kind: str, payload: Mapping[str, Any]) -> bool:
    """Whether a message may call for any letter, as far as it tells by itself: an early warning calls for none."""
    percent = int(payload.get("percent", 0))
    return any(
        rule.kind == kind and (rule.when != When.EARLY or percent >= WARN_FROM_PERCENT) for rule in RULES
    )


def rules_for(kind: str, circumstances: Circumstances) -> list[Rule]:
    """The rules that a message calls for."""
    return [rule for rule in RULES if rule.kind == kind and circumstances.meet(rule.when)]


def may_read_mailbox(actor: Actor) -> None:
    """Raises ForbiddenError unless the actor reads the tenant's mailbox: administrators, never a supplier."""
    require(actor, "mail:read")
    if actor.reach not in ("all", "system"):
        raise ForbiddenError(
            gettext("The mailbox is for the tenant's own administrators."), permission="mail:read"
        )
