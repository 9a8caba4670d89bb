"""Who asks."""

from django.http import HttpRequest

from lifecycle.public import ForbiddenError
from people.public import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The member whose page this is. Raises ForbiddenError for who is no member here."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise ForbiddenError("You are not a member here.", permission="report:read")
    return actor


def may_issue(actor: Actor) -> bool:
    """Whether the actor is shown how to issue and schedule reports."""
    return actor.may("report:schedule") and actor.reach in ("all", "system")
