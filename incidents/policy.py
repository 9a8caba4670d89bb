"""What one may do with incidents."""

from django.utils.translation import gettext

from incidents.lifecycle import INCIDENT
from lifecycle.public import ForbiddenError, Offer
from people.public import Actor
from records.models import Record


def offers(actor: Actor, record: Record) -> tuple[Offer, ...]:
    """The steps that lead on from the incident's state for this actor, allowed or refused with a reason.

    A requester confirms; those who work it close.
    """
    steps = INCIDENT.available(record, actor)
    return tuple(
        step for step in steps if not (step.name == "confirm" and actor.membership_id != record.requester_id)
    )


def may_raise_for(actor: Actor, email: str) -> None:
    """Raising on behalf of someone else: agents, and providers' systems. Raises ForbiddenError for others."""
    if (
        actor.email.lower() != email.strip().lower()
        and actor.kind == "member"
        and not actor.may("incident:raise-for")
    ):
        raise ForbiddenError(
            gettext("You can report problems for yourself only."), permission="incident:raise-for"
        )
