"""What one may do with approvals."""

from uuid import UUID

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor
from records.public import require

DECIDE = "approval:decide"
READ = "approval:read"
ASSIGN = "approval:assign"


def oversees(actor: Actor) -> bool:
    """Whether the actor reads every approval of the records they see, rather than those that concern them."""
    return actor.reach in ("all", "system") and actor.may(READ)


def require_own_hand(actor: Actor) -> UUID:
    """The member who decides: no system does, and nobody who acts for a supplier. Raises ForbiddenError."""
    require(actor, DECIDE)
    if actor.membership_id is None or actor.reach == "provider":
        words = gettext("Only a person who does not act for a supplier decides.")
        raise ForbiddenError(words, permission=DECIDE)
    return actor.membership_id
