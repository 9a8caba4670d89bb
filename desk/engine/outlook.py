"""What is ahead of a record, in words: the time there is for it, and how likely its promise is to be missed."""

from django.utils.translation import gettext, ngettext

from design.languages import once_per_language
from design.moments import duration_words
from sla.engine import Allowance, Budget
from sla.public import ForecastView


def budget_in_words(budget: Budget | None, *, group: str, is_own: bool) -> str:
    """What time there is for a record and which promise says so; "" where the group has no target of its own.

    `group` holds the record, or would; `is_own` tells that the reader works for its provider.
    """
    if budget is None or budget.own is None:
        return ""
    whose = (
        gettext("your own target") if is_own else gettext("the own target of %(group)s") % {"group": group}
    )
    words = {"left": duration_words(abs(budget.seconds)), "own_left": _left(budget.own), "whose": whose}
    if budget.customer is None:
        sentence = gettext("%(own_left)s left of %(whose)s; nothing was promised to the customer.")
        return sentence % words
    words |= {
        "customer": duration_words(budget.customer.duration),
        "customer_left": _left(budget.customer),
    }
    return _sentence(is_customers=budget.limited_by == "customer", is_over=budget.seconds < 0) % words


def _sentence(*, is_customers: bool, is_over: bool) -> str:
    if is_customers and is_over:
        return gettext("The customer's %(customer)s are used up, by %(left)s.")
    if is_customers:
        return gettext("%(left)s left of the customer's %(customer)s; %(whose)s would leave %(own_left)s.")
    if is_over:
        return gettext("%(left)s over %(whose)s; %(customer_left)s left of the customer's %(customer)s.")
    return gettext("%(left)s left of %(whose)s; %(customer_left)s left of the customer's %(customer)s.")


def hand_over_in_words(budget: Budget | None, *, group: str, is_own: bool) -> str:
    """The same before handing a record over, where the customer's promise alone is worth telling too."""
    if budget is None or budget.own is not None or budget.customer is None:
        return budget_in_words(budget, group=group, is_own=is_own)
    words = {
        "left": _left(budget.customer),
        "customer": duration_words(budget.customer.duration),
        "group": group,
    }
    return (
        gettext("%(left)s left of the customer's %(customer)s; %(group)s has no target of its own.") % words
    )


def forecast_in_words(forecast: ForecastView | None) -> str:
    """What became of like records; "" where history is thin."""
    if forecast is None:
        return ""
    alike, last = [_shared()[name] for name in forecast.alike], ""
    if len(alike) > 1:
        last = alike.pop()
    named = ", ".join(alike)
    return ngettext(
        "%(breached)d of %(of)d like record breached from here (%(alike)s).",
        "%(breached)d of %(of)d like records breached from here (%(alike)s).",
        forecast.of,
    ) % {
        "breached": forecast.breached,
        "of": forecast.of,
        "alike": gettext("same %(named)s and %(last)s") % {"named": named, "last": last}
        if last
        else gettext("same %(named)s") % {"named": named},
    }


def _left(allowance: Allowance) -> str:
    return duration_words(max(allowance.remaining, 0))


@once_per_language
def _shared() -> dict[str, str]:
    return {
        "phase": gettext("phase"),
        "priority": gettext("priority"),
        "service": gettext("service"),
        "support_group": gettext("support group"),
    }
