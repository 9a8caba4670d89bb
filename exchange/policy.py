"""Who may see and change the exchange with a supplier's system: whoever may see and change its agreements."""

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError
from people.public import Actor

READ, DEFINE = "contract:read", "contract:define"
WORK = "incident:work"


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(
            gettext("This needs the permission %(permission)s.") % {"permission": permission},
            permission=permission,
        )
