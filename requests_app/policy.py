"""What one may do with requests and tasks."""

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, Offer, is_own
from people.public import Actor
from records.models import Record
from requests_app.lifecycle import REQUEST, TASK

DEFINE_HOOKS = "hook:define"


def offers(actor: Actor, record: Record) -> tuple[Offer, ...]:
    """The steps that lead on from a request's state for this actor, allowed or refused with a reason.

    Whose request it is confirms; those who work it close. What the platform does by itself is nobody's to offer.
    """
    steps = REQUEST.available(record, actor)
    if actor.reach == "system":
        return steps
    return tuple(step for step in steps if not (step.name == "confirm" and not is_own(actor, record)))


def task_offers(actor: Actor, record: Record) -> tuple[Offer, ...]:
    """The steps that lead on from a task's state for this actor, allowed or refused with a reason."""
    return TASK.available(record, actor)


def may_request_for(actor: Actor, email: str) -> None:
    """Requesting in somebody else's name: agents, and systems of providers. Raises ForbiddenError for others."""
    if (
        actor.email.lower() != email.strip().lower()
        and actor.kind == "member"
        and not actor.may("request:make-for")
    ):
        raise ForbiddenError(
            gettext("You can request things in your own name only."), permission="request:make-for"
        )
