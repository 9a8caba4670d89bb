"""What each state of an incident means to the person who reported it: data only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Standing:
    """A state in plain words. `place` is how many of `MILESTONES` lie behind."""

    label: Promise
    colour: str
    sentence: Promise
    next_step: Promise
    place: int


MILESTONES = (_("Received"), _("Assigned"), _("In progress"), _("Fixed"), _("Closed"))
CANCELLED = "cancelled"
# The requester, or the affected user, is asked for something.
WAITING_FOR_REQUESTER = ("pending_requester", "resolved")

STANDINGS = {
    "new": Standing(
        _("Received"),
        "blue",
        _("We have received your report."),
        _("Next, we will give it to the team that can fix it."),
        0,
    ),
    "assigned": Standing(
        _("Assigned"),
        "blue",
        _("A team has your report."),
        _("Next, someone in the team will start work on it."),
        1,
    ),
    "in_progress": Standing(
        _("In progress"), "blue", _("Someone is working on it."), _("We will tell you when it is fixed."), 2
    ),
    "pending_requester": Standing(
        _("Waiting for a reply"),
        "yellow",
        _("We have asked a question and cannot go on without the answer."),
        _("Next, reply to our question."),
        2,
    ),
    "pending_provider": Standing(
        _("Waiting for a supplier"),
        "purple",
        _("A supplier has to do something before we can go on."),
        _("You do not need to do anything. We will tell you when it is fixed."),
        2,
    ),
    "pending_change": Standing(
        _("Waiting for a change"),
        "purple",
        _("It will be fixed by a change that is planned."),
        _("You do not need to do anything. We will tell you when it is fixed."),
        2,
    ),
    "resolved": Standing(
        _("Fixed"), "green", _("We think that it is fixed."), _("Next, tell us whether it is fixed."), 3
    ),
    "closed": Standing(
        _("Closed"), "grey", _("It is fixed and closed."), _("There is nothing more to do."), 5
    ),
    CANCELLED: Standing(
        _("Cancelled"), "grey", _("This report was cancelled."), _("There is nothing more to do."), 5
    ),
}

# Steps of others that a requester must know of before deciding anything, by verb. All other steps are none of theirs.
NEWS = {
    "incident:comment": _("%(name)s replied"),
    "incident:pend_requester": _("%(name)s asked you a question"),
    "incident:resolve": _("%(name)s marked it as fixed"),
    "incident:reopen": _("%(name)s said that it is not fixed"),
    "incident:confirm": _("%(name)s said that it is fixed"),
    "incident:close": _("%(name)s closed it"),
    "incident:cancel": _("%(name)s cancelled it"),
}
