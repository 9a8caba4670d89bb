"""For whom something may be requested."""

from django.utils.translation import gettext

from catalogue.public import Card, is_entitled
from people.models import Membership
from people.public import Actor, find_member, standing_of_member


def find_recipient(email: str, card: Card, actor: Actor) -> tuple[Membership | None, str]:
    """The member with this e-mail address for whom the actor may request it, or why not."""
    if not card.for_others and not actor.may("request:make-for"):
        return None, gettext("This can be requested for yourself only.")
    found = find_member(email)
    if found is None:
        return None, gettext("Nobody here has the e-mail address %(email)s.") % {"email": repr(email)}
    if not is_entitled(standing_of_member(found.pk), card.code):
        return None, gettext("%(name)s may not have this.") % {"name": found.name}
    return found, ""
