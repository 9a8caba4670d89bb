"""The words of every letter, in the reader's language and time zone, both of which the caller has put in force."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from design.moments import long_moment
from notifications.services.matters import Letter, Matter, for_customer, public_facts
from notifications.services.request_letters import REQUEST_LETTERS

BREACH_PERCENT = 100
_METRICS = {
    "response": _("response"),
    "update": _("update"),
    "resolution": _("resolution"),
    "fulfilment": _("fulfilment"),
    "approval": _("approval"),
}


def write_letter(*, name: str, matter: Matter) -> Letter:
    """The letter of this name about this matter. Raises KeyError for an unknown name."""
    return LETTERS[name](matter)


def _desk_facts(matter: Matter) -> list[tuple[str, str]]:
    facts = public_facts(matter)
    if matter.priority:
        facts.append((gettext("Priority"), f"P{matter.priority}"))
    facts.append((gettext("Group"), matter.group))
    if matter.promised_at:
        facts.append((gettext("Promised by"), long_moment(matter.promised_at)))
    return facts


def _for_worker(matter: Matter, subject: str, lead: str) -> Letter:
    return Letter(
        subject=subject % {"title": matter.title},
        lead=lead,
        url=matter.desk_url,
        link=gettext("Open it on the desk"),
        facts=_desk_facts(matter),
        comment=matter.comment,
    )


def _promise(matter: Matter) -> list[str]:
    if matter.promised_at is None:
        return []
    return [gettext("We aim to have it fixed by %(moment)s.") % {"moment": long_moment(matter.promised_at)}]


def _received(matter: Matter) -> Letter:
    lead = gettext("We have received your report. Its reference is %(number)s.") % {"number": matter.number}
    more = [
        *_promise(matter),
        gettext("We write to you when something happens. You need not do anything now."),
    ]
    return for_customer(
        matter, gettext("We have received your report: %(title)s"), lead, more, gettext("See how it is going")
    )


def _comment(matter: Matter) -> Letter:
    lead = gettext("There is a new reply about %(number)s.") % {"number": matter.number}
    return for_customer(matter, gettext("New reply: %(title)s"), lead, [])


def _question(matter: Matter) -> Letter:
    lead = gettext("We need an answer from you before we can go on.")
    more = [gettext("The work waits until you answer.")]
    return for_customer(
        matter, gettext("We need an answer from you: %(title)s"), lead, more, gettext("Answer the question")
    )


def _resolved(matter: Matter) -> Letter:
    days = ngettext(
        "If we hear nothing from you, we close it after %(days)d working day.",
        "If we hear nothing from you, we close it after %(days)d working days.",
        matter.reopen_days,
    ) % {"days": matter.reopen_days}
    return for_customer(
        matter,
        gettext("We think this is fixed: %(title)s"),
        gettext("We think that your problem is fixed. Please tell us whether it is."),
        [days],
        gettext("Say “It's fixed” or “It isn't fixed”"),
    )


def _reopened(matter: Matter) -> Letter:
    lead = gettext("We have opened %(number)s again and are working on it.") % {"number": matter.number}
    return for_customer(
        matter, gettext("Reopened: %(title)s"), lead, _promise(matter), gettext("See how it is going")
    )


def _closed(matter: Matter) -> Letter:
    lead = gettext("%(number)s is closed.") % {"number": matter.number}
    more = [gettext("If the problem comes back, report it again and give this reference.")]
    return for_customer(matter, gettext("Closed: %(title)s"), lead, more, gettext("See what was done"))


def _cancelled(matter: Matter) -> Letter:
    lead = gettext("%(number)s is cancelled. Nobody works on it any more.") % {"number": matter.number}
    more = [gettext("If you still need help, report it again and give this reference.")]
    return for_customer(matter, gettext("Cancelled: %(title)s"), lead, more, gettext("See what was said"))


def _reply(matter: Matter) -> Letter:
    lead = gettext("%(name)s replied about %(number)s.") % {"name": matter.by, "number": matter.number}
    return _for_worker(matter, gettext("Reply from the user: %(title)s"), lead)


def _assigned(matter: Matter) -> Letter:
    lead = gettext("%(name)s assigned %(number)s to you.") % {"name": matter.by, "number": matter.number}
    return _for_worker(matter, gettext("Assigned to you: %(title)s"), lead)


def _new_in_group(matter: Matter) -> Letter:
    lead = gettext("%(number)s came to %(group)s and is not assigned to anyone.") % {
        "number": matter.number,
        "group": matter.group,
    }
    return _for_worker(matter, gettext("New in the group: %(title)s"), lead)


def _task_failed(matter: Matter) -> Letter:
    lead = gettext("%(number)s failed: it is to be tried again, skipped or replaced.") % {
        "number": matter.number
    }
    return _for_worker(matter, gettext("A task failed: %(title)s"), lead)


def _reopened_work(matter: Matter) -> Letter:
    lead = gettext("%(name)s says that %(number)s is not fixed.") % {
        "name": matter.by,
        "number": matter.number,
    }
    return _for_worker(matter, gettext("Not fixed: %(title)s"), lead)


def _target(matter: Matter) -> dict[str, object]:
    return {
        "number": matter.number,
        "kind": matter.clock.upper(),
        "metric": gettext(_METRICS.get(matter.metric, matter.metric)),
        "percent": matter.percent,
        "moment": long_moment(matter.due_at) if matter.due_at else "",
    }


def _clock_warned(matter: Matter) -> Letter:
    target = _target(matter)
    subject = gettext("%(percent)d%% of the %(metric)s time is used (%(kind)s)") % target
    lead = gettext("%(percent)d%% of the time for the %(metric)s of %(number)s is used.") % target
    if matter.due_at:
        lead += " " + gettext("It is due on %(moment)s.") % target
    return _for_worker(matter, _with_title(subject), lead)


def _clock_breached(matter: Matter) -> Letter:
    target = _target(matter)
    subject = gettext("The %(metric)s target is missed (%(kind)s)") % target
    lead = gettext("The %(metric)s target of %(number)s is missed.") % target
    if matter.due_at:
        lead += " " + gettext("It was due on %(moment)s.") % target
    return _for_worker(matter, _with_title(subject), lead)


def _clock_escalated(matter: Matter) -> Letter:
    told = _clock_breached(matter) if matter.percent >= BREACH_PERCENT else _clock_warned(matter)
    return replace(
        told,
        subject=gettext("Escalated: %(words)s") % {"words": told.subject},
        more=[gettext("You get this because you have the role that the target names.")],
    )


def _dispute_raised(matter: Matter) -> Letter:
    lead = gettext("%(name)s contests what is held against %(provider)s on %(number)s.") % {
        "name": matter.by,
        "provider": matter.provider,
        "number": matter.number,
    }
    return _about_dispute(matter, gettext("A dispute to rule on: %(title)s"), lead)


def _dispute_ruled(matter: Matter) -> Letter:
    number = {"number": matter.number}
    if matter.dispute_state == "upheld":
        subject = gettext("Dispute upheld: %(title)s")
        lead = gettext("Your dispute about %(number)s was upheld.") % number
    else:
        subject = gettext("Dispute rejected: %(title)s")
        lead = gettext("Your dispute about %(number)s was rejected.") % number
    return replace(_about_dispute(matter, subject, lead), more=[gettext("The reasons are on its page.")])


def _dispute_withdrawn(matter: Matter) -> Letter:
    lead = gettext("%(name)s withdrew the dispute about %(number)s.") % {
        "name": matter.by,
        "number": matter.number,
    }
    return _about_dispute(matter, gettext("Dispute withdrawn: %(title)s"), lead)


def _about_dispute(matter: Matter, subject: str, lead: str) -> Letter:
    """Neither grounds nor reasons: they are read on the page, which asks who reads."""
    letter = _for_worker(matter, subject, lead)
    return replace(letter, url=matter.dispute_url, link=gettext("Open the dispute"))


def _with_title(words: str) -> str:
    return words.replace("%", "%%") + ": %(title)s"


LETTERS: dict[str, Callable[[Matter], Letter]] = {
    "received": _received,
    "comment": _comment,
    "question": _question,
    "resolved": _resolved,
    "reopened": _reopened,
    "closed": _closed,
    "cancelled": _cancelled,
    "reply": _reply,
    "assigned": _assigned,
    "new_in_group": _new_in_group,
    "reopened_work": _reopened_work,
    "task_failed": _task_failed,
    "clock_warned": _clock_warned,
    "clock_breached": _clock_breached,
    "clock_escalated": _clock_escalated,
    "dispute_raised": _dispute_raised,
    "dispute_ruled": _dispute_ruled,
    "dispute_withdrawn": _dispute_withdrawn,
} | REQUEST_LETTERS
