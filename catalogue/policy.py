"""Who may define services and offerings."""

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor

DEFINE = "service:define"
DEFINE_OFFERINGS = "offering:define"


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": permission},
            permission=permission,
        )
