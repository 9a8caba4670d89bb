"""Who may define services and offerings."""

from lifecycle.public import ForbiddenError
from people.public import Actor

DEFINE = "service:define"
DEFINE_OFFERINGS = "offering:define"


def require(actor: Actor, permission: str) -> None:
    """Raises ForbiddenError when none of the actor's roles carries the permission."""
    if not actor.may(permission):
        raise ForbiddenError(f"This needs the permission {permission}.", permission=permission)
