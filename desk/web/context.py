"""What every page of the desk shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from design.shells import is_in_desk
from desk.engine.kinds import LISTINGS, words_of_kinds
from people.public import Actor

# Keys that lead to the lists of records, after g.
_KINDS = (("i", "incident"), ("q", "request"), ("k", "task"))
# Definitions that have an entry of their own.
_SERVICES = (
    "/admin/services/",
    "/admin/components/",
    "/admin/promises/",
    "/admin/readiness/",
)
_OFFERINGS, _HOOKS, _CLIENTS = "/admin/offerings/", "/admin/hooks/", "/admin/clients/"
_SUPPLIERS, _CONTRACTS, _MAIL = "/admin/suppliers/", "/admin/contracts/", "/desk/mail/"
_OWN_ENTRIES = (*_SERVICES, _OFFERINGS, _SUPPLIERS, _CONTRACTS, _HOOKS, _CLIENTS)


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
    entries += _definitions(request.path, actor)
    return {
        "navigation": [
            {"key": key, "label": label, "url": url, "current": current}
            for key, label, url, current in entries
        ]
    }


def _definitions(path: str, actor: Actor) -> list[tuple[str, str, str, bool]]:
    """What the platform is told once, by those who may."""
    is_elsewhere = path.startswith("/admin/") and not path.startswith(_OWN_ENTRIES)
    entries = (
        ("d", gettext("Definitions"), "/admin/", "sla:define", is_elsewhere),
        ("v", gettext("Services"), _SERVICES[0], "service:define", path.startswith(_SERVICES)),
        ("o", gettext("Offerings"), _OFFERINGS, "offering:define", path.startswith(_OFFERINGS)),
        ("p", gettext("Suppliers"), _SUPPLIERS, "contract:read", path.startswith(_SUPPLIERS)),
        ("c", gettext("Contracts"), _CONTRACTS, "contract:read", path.startswith(_CONTRACTS)),
        ("k", gettext("Hooks"), _HOOKS, "hook:define", path.startswith(_HOOKS)),
        ("l", gettext("API clients"), _CLIENTS, "admin:use", path.startswith(_CLIENTS)),
        ("m", gettext("Mail"), _MAIL, "mail:read", path.startswith(_MAIL)),
    )
    return [(key, label, url, here) for key, label, url, needed, here in entries if actor.may(needed)]
