"""Who may use the desk."""

from lifecycle.public import ForbiddenError
from people.public import Actor

USE = "desk:use"


def require_desk(actor: Actor) -> None:
    """Raises ForbiddenError for those who report and ask, but do not work records."""
    if not actor.may(USE):
        raise ForbiddenError("The desk is for those who work records.", permission=USE)
