"""What every page of the desk shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from design.shells import is_in_desk
from desk.engine.kinds import LISTINGS, words_of_kinds

# Keys that lead to the lists of records, after g.
_KINDS = (("i", "incident"), ("q", "request"), ("k", "task"))
# Definitions that have an entry of their own.
_SERVICES = (
    "/admin/services/",
    "/admin/components/",
    "/admin/promises/",
    "/admin/readiness/",
    "/admin/suppliers/",
)
_OFFERINGS, _HOOKS = "/admin/offerings/", "/admin/hooks/"
_OWN_ENTRIES = (*_SERVICES, _OFFERINGS, "/admin/contracts/", _HOOKS)


def desk_navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context on pages of the desk: `navigation`, what the actor may open."""
    actor = getattr(request, "actor", None)
    if not is_in_desk(request.path) or actor is None or not actor.may("desk:use"):
        return {}
    entries = [
        ("h", gettext("Home"), reverse("desk:home"), request.path == reverse("desk:home")),
        *(
            (
                key,
                words_of_kinds()[kind].plural,
                f"/desk/{LISTINGS[kind].feed}/",
                request.path.startswith(f"/desk/{LISTINGS[kind].feed}/"),
            )
            for key, kind in _KINDS
            if actor.may(f"{kind}:read")
        ),
        *(
            [("a", gettext("Approvals"), "/desk/approvals/", request.path.startswith("/desk/approvals/"))]
            if actor.may("approval:read") and actor.reach == "all"
            else []
        ),
        ("s", gettext("Search"), reverse("desk:search"), request.path.startswith("/desk/search/")),
    ]
    if actor.may("report:read"):
        entries.append(("r", gettext("Reports"), "/reports/", request.path.startswith("/reports/")))
    if actor.may("sla:contest") or actor.may("sla:rule"):
        entries.append(
            ("t", gettext("Disputes"), "/desk/disputes/", request.path.startswith("/desk/disputes/"))
        )
    if actor.may("sla:define"):
        is_here = request.path.startswith("/admin/") and not request.path.startswith(_OWN_ENTRIES)
        entries.append(("d", gettext("Definitions"), "/admin/", is_here))
    if actor.may("service:define"):
        entries.append(("v", gettext("Services"), _SERVICES[0], request.path.startswith(_SERVICES)))
    if actor.may("offering:define"):
        entries.append(("o", gettext("Offerings"), _OFFERINGS, request.path.startswith(_OFFERINGS)))
    if actor.may("contract:read"):
        contracts = "/admin/contracts/"
        entries.append(("c", gettext("Contracts"), contracts, request.path.startswith(contracts)))
    if actor.may("hook:define"):
        entries.append(("k", gettext("Hooks"), _HOOKS, request.path.startswith(_HOOKS)))
    if actor.may("mail:read"):
        entries.append(("m", gettext("Mail"), "/desk/mail/", request.path.startswith("/desk/mail/")))
    return {
        "navigation": [
            {"key": key, "label": label, "url": url, "current": current}
            for key, label, url, current in entries
        ]
    }
