"""What the portal's shell shows on every page."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from design.shells import is_in_desk
from lifecycle.public import ForbiddenError
from people.public import Actor
from portal.policy import requester_of
from portal.queries.lines import menu_counts
from portal.web.views.page import today
from tenancy.engine.scope import enter_scope


def portal_navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context outside the desk, for those who may use the portal: `navigation` and `account_url`."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or is_in_desk(request.path) or request.path.startswith("/api/"):
        return {}
    try:
        requester = requester_of(actor)
    except ForbiddenError:
        return {}
    # Counted only where a template shows it.
    return {
        "navigation": SimpleLazyObject(lambda: _entries(request.path, requester, today(request, requester))),
        "account_url": reverse("portal:preferences"),
    }


def _entries(path: str, actor: Actor, today: date) -> list[dict[str, Any]]:
    with enter_scope(actor.scope()):
        counts = menu_counts(actor, today)
    home, report, catalogue, basket, records, approvals = (
        reverse(f"portal:{name}")
        for name in ("home", "report_what", "catalogue", "basket", "record_list", "approvals")
    )
    entries = [
        {"label": gettext("Home"), "url": home, "current": path == home, "count": None},
        {
            "label": gettext("Report a problem"),
            "url": report,
            "current": path.startswith(report),
            "count": None,
        },
        {
            "label": gettext("Request something"),
            "url": catalogue,
            "current": path.startswith(catalogue),
            "count": None,
        },
        {
            "label": gettext("Basket"),
            "url": basket,
            "current": path.startswith(basket),
            "count": counts["basket"] or None,
        },
        {
            "label": gettext("Your reports and requests"),
            "url": records,
            "current": path.startswith(records),
            "count": counts["waiting"] or None,
        },
        {
            "label": gettext("Approvals"),
            "url": approvals,
            "current": path.startswith(approvals),
            "count": counts["approvals"] or None,
        },
    ]
    barred = {report} if not actor.may("incident:raise") else set()
    if not actor.may("request:make"):
        barred |= {catalogue, basket}
    if not actor.may("approval:decide"):
        barred.add(approvals)
    entries = [entry for entry in entries if entry["url"] not in barred]
    if actor.may("desk:use"):
        entries.append({"label": gettext("Desk"), "url": "/desk/", "current": False, "count": None})
    return entries
