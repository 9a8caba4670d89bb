"""What each state of an incident or request means to the person whose it is: data only."""

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


# The kinds of record that end users follow.
KINDS = ("incident", "request")
MILESTONES = {
    "incident": (_("Received"), _("Assigned"), _("In progress"), _("Fixed"), _("Closed")),
    "request": (_("Ordered"), _("Being prepared"), _("Ready"), _("Closed")),
}
ENDED_EARLY = ("cancelled", "rejected")
# The requester, or the affected user, is asked for something.
WAITING_FOR_REQUESTER = ("pending_requester", "resolved", "fulfilled")

_INCIDENT = {
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
    "cancelled": Standing(
        _("Cancelled"), "grey", _("This report was cancelled."), _("There is nothing more to do."), 5
    ),
}

_REQUEST = {
    "submitted": Standing(
        _("Ordered"),
        "blue",
        _("We have received your request."),
        _("Next, we will see who has to approve it."),
        0,
    ),
    "awaiting_approval": Standing(
        _("Waiting for approval"),
        "yellow",
        _("Somebody has to approve your request before we can go on."),
        _("You do not need to do anything. We will tell you what they decide."),
        0,
    ),
    "fulfilling": Standing(
        _("Being prepared"),
        "blue",
        _("We are preparing what you asked for."),
        _("We will tell you when it is ready."),
        1,
    ),
    "fulfilled": Standing(
        _("Ready"),
        "green",
        _("We think that you have what you asked for."),
        _("Next, tell us whether you have it."),
        2,
    ),
    "closed": Standing(
        _("Closed"), "grey", _("You have what you asked for."), _("There is nothing more to do."), 4
    ),
    "rejected": Standing(
        _("Not approved"),
        "red",
        _("Your request was not approved."),
        _("The reason is below. You can change what you ask for and request it again."),
        4,
    ),
    "cancelled": Standing(
        _("Cancelled"), "grey", _("This request was cancelled."), _("There is nothing more to do."), 4
    ),
}
# What the state of a fulfilment task means to the requester, and its colour.
TASK_STANDINGS = {
    "waiting": (_("Later"), "grey"),
    "ready": (_("Next"), "blue"),
    "in_progress": (_("In progress"), "blue"),
    "failed": (_("Delayed"), "yellow"),
    "done": (_("Done"), "green"),
    "skipped": (_("Not needed"), "grey"),
    "cancelled": (_("Cancelled"), "grey"),
}
STANDINGS = {"incident": _INCIDENT, "request": _REQUEST}


@dataclass(frozen=True, slots=True)
class Wording:
    """What the pages about a record say, by its kind."""

    made: Promise
    made_at: Promise
    whose: Promise
    ask: Promise
    confirm: Promise
    confirmed: Promise
    reopen: Promise
    reopen_text: Promise
    reopen_send: Promise
    reopened: Promise
    cancel: Promise
    cancelled: Promise
    keep: Promise
    progress: Promise


WORDING = {
    "incident": Wording(
        made=_("What was reported"),
        made_at=_("Reported"),
        whose=_("Who has the problem"),
        ask=_("Is it fixed?"),
        confirm=_("It is fixed"),
        confirmed=_("Thank you. Your report is closed"),
        reopen=_("It is not fixed"),
        reopen_text=_("We will open your report again and the team that worked on it will go on."),
        reopen_send=_("Open the report again"),
        reopened=_("We have opened your report again"),
        cancel=_("Cancel this report"),
        cancelled=_("Your report has been cancelled"),
        keep=_("Keep it open"),
        progress=_("How far your report has come"),
    ),
    "request": Wording(
        made=_("What was requested"),
        made_at=_("Requested"),
        whose=_("Who it is for"),
        ask=_("Do you have it?"),
        confirm=_("I have it"),
        confirmed=_("Thank you. Your request is closed"),
        reopen=_("I do not have it"),
        reopen_text=_("We will open your request again and the team that worked on it will go on."),
        reopen_send=_("Open the request again"),
        reopened=_("We have opened your request again"),
        cancel=_("Cancel this request"),
        cancelled=_("Your request has been cancelled"),
        keep=_("Keep it"),
        progress=_("How far your request has come"),
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
    "request:comment": _("%(name)s replied"),
    "request:approve": _("%(name)s approved it"),
    "request:ask": _("%(name)s asked you a question"),
    "request:reject": _("%(name)s did not approve it"),
    "request:fulfil": _("%(name)s marked it as ready"),
    "request:reopen": _("%(name)s said that it is not as asked for"),
    "request:confirm": _("%(name)s said that they have it"),
    "request:close": _("%(name)s closed it"),
    "request:cancel": _("%(name)s cancelled it"),
}
