"""The words of letters about requests and their approval."""

from collections.abc import Callable

from django.utils.translation import gettext, ngettext

from design.moments import long_moment
from notifications.services.matters import Letter, Matter, for_customer, public_facts
from requests_app.public import Ordered


def _received(matter: Matter) -> Letter:
    lead = gettext("We have received your request. Its reference is %(number)s.") % {"number": matter.number}
    more = [gettext("We write to you when something happens. You need not do anything now.")]
    if matter.promised_at is not None:
        promised = {"moment": long_moment(matter.promised_at)}
        more.insert(0, gettext("We aim to have it done by %(moment)s.") % promised)
    return for_customer(
        matter,
        gettext("We have received your request: %(title)s"),
        lead,
        more,
        gettext("See how it is going"),
    )


def _order_received(matter: Matter) -> Letter:
    """One letter for all that was ordered together; of a single thing, the letter about that thing."""
    if len(matter.ordered) < 2:
        return _received(matter)
    first = matter.ordered[0]
    lead = ngettext(
        "We have received your order %(order)s of %(count)d thing. Each is worked on by itself.",
        "We have received your order %(order)s of %(count)d things. Each is worked on by itself.",
        len(matter.ordered),
    ) % {"order": first.order_number, "count": len(matter.ordered)}
    return Letter(
        subject=gettext("We have received your order: %(title)s and more") % {"title": matter.title},
        lead=lead,
        more=[gettext("We write to you when something happens. You need not do anything now.")],
        url=matter.portal_url,
        link=gettext("See how it is going"),
        facts=[(each.number, _promise_in_words(each)) for each in matter.ordered],
    )


def _promise_in_words(line: Ordered) -> str:
    if line.promised_at is None:
        return line.title
    return gettext("%(title)s, by %(moment)s") % {
        "title": line.title,
        "moment": long_moment(line.promised_at),
    }


def _approved(matter: Matter) -> Letter:
    lead = gettext("%(name)s approved %(number)s. We are working on it now.") % {
        "name": matter.by,
        "number": matter.number,
    }
    return for_customer(matter, gettext("Approved: %(title)s"), lead, [], gettext("See how it is going"))


def _rejected(matter: Matter) -> Letter:
    lead = gettext("%(name)s did not approve %(number)s.") % {"name": matter.by, "number": matter.number}
    more = [
        gettext("The reason given: %(reason)s") % {"reason": matter.reason},
        gettext("Speak to them if you think it should be decided otherwise, and then request it again."),
    ]
    return for_customer(matter, gettext("Not approved: %(title)s"), lead, more, gettext("See your request"))


def _questioned(matter: Matter) -> Letter:
    lead = gettext("%(name)s has a question before deciding about %(number)s.") % {
        "name": matter.by,
        "number": matter.number,
    }
    more = [gettext("The decision waits until you answer.")]
    return for_customer(
        matter,
        gettext("A question about your request: %(title)s"),
        lead,
        more,
        gettext("Answer the question"),
    )


def _fulfilled(matter: Matter) -> Letter:
    return for_customer(
        matter,
        gettext("Your request is done: %(title)s"),
        gettext("All that you asked for with %(number)s is done.") % {"number": matter.number},
        [gettext("Tell us if something is missing or wrong.")],
        gettext("See your request"),
    )


def _reopened(matter: Matter) -> Letter:
    lead = gettext("We have opened %(number)s again and are working on it.") % {"number": matter.number}
    return for_customer(matter, gettext("Reopened: %(title)s"), lead, [], gettext("See how it is going"))


def _closed(matter: Matter) -> Letter:
    lead = gettext("%(number)s is closed.") % {"number": matter.number}
    return for_customer(matter, gettext("Closed: %(title)s"), lead, [], gettext("See your request"))


def _cancelled(matter: Matter) -> Letter:
    lead = gettext("%(number)s is cancelled. Nobody works on it any more.") % {"number": matter.number}
    return for_customer(matter, gettext("Cancelled: %(title)s"), lead, [], gettext("See your request"))


def _asked(matter: Matter) -> Letter:
    return _for_approver(
        matter,
        gettext("Please decide: %(title)s"),
        gettext("%(number)s waits for your decision.") % {"number": matter.number},
        [gettext("Opening the page decides nothing: you approve or reject it there.")],
    )


def _reminded(matter: Matter) -> Letter:
    return _for_approver(
        matter,
        gettext("Still waiting for you: %(title)s"),
        gettext("%(number)s still waits for your decision.") % {"number": matter.number},
        [gettext("If you cannot decide now, you can ask somebody else to, on the same page.")],
    )


def _answered(matter: Matter) -> Letter:
    return _for_approver(
        matter,
        gettext("Your question is answered: %(title)s"),
        gettext("There is an answer about %(number)s, which waits for your decision.")
        % {"number": matter.number},
        [],
    )


def _for_approver(matter: Matter, subject: str, lead: str, more: list[str]) -> Letter:
    return Letter(
        subject=subject % {"title": matter.title},
        lead=lead,
        more=more,
        url=matter.approval_url,
        link=gettext("See it and decide"),
        facts=public_facts(matter),
    )


REQUEST_LETTERS: dict[str, Callable[[Matter], Letter]] = {
    "order_received": _order_received,
    "request_received": _received,
    "request_approved": _approved,
    "request_rejected": _rejected,
    "request_questioned": _questioned,
    "request_fulfilled": _fulfilled,
    "request_reopened": _reopened,
    "request_closed": _closed,
    "request_cancelled": _cancelled,
    "approval_asked": _asked,
    "approval_reminded": _reminded,
    "approval_answered": _answered,
}
