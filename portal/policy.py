"""Who may use the portal, and as whom."""

from dataclasses import replace

from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, is_own
from people.public import Actor
from records.models import Record

PERMISSION = "portal:use"


def requester_of(actor: Actor) -> Actor:
    """The member as somebody who uses services: with the reach of an end user, whatever their roles reach elsewhere.

    So an agent sees in the portal what they raised, are affected by or watch, and never the working side of a record.
    Raises ForbiddenError for machines and for members without `portal:use`.
    """
    if not actor.is_human or not actor.may(PERMISSION):
        raise ForbiddenError(gettext("You do not have access to this portal."), permission=PERMISSION)
    return replace(actor, reach="own", door="portal")


def require_own(actor: Actor, record: Record) -> None:
    """Raises ForbiddenError for a watcher, who may read and reply but not decide."""
    if not is_own(actor, record):
        raise ForbiddenError(gettext("Only the person who asked for this, or whom it is about, can do that."))
