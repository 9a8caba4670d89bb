"""Who may see and change contracts."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor
from suppliers.models import Contract

READ, DEFINE = "contract:read", "contract:define"


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": permission},
            permission=permission,
        )


def visible_to(actor: Actor, contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Of `contracts`, those the actor may see: a supplier's people and clients see their own provider's."""
    if actor.reach in ("all", "system"):
        return contracts
    if actor.reach == "provider" and actor.provider_id is not None:
        return contracts.filter(provider=actor.provider_id)
    return contracts.none()
