"""How the promises of services stand, and the availability that they promise."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.public import all_services, service_in_any_stage
from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from sla.queries.composition import composition_of, lines_of
from sla.queries.register import plan_views
from sla.services.promises import promise_availability
from sla.web.forms.promises import AvailabilityForm
from sla.web.views.holding import Holding, hold, typed

DEFINE = "service:define"
LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_GET
@page_for(DEFINE)
def services(request: HttpRequest) -> HttpResponse:
    """Every service, with how its promises stand."""
    page = page_at(request, all_services(), BY_NAME, limit=LIMIT)
    context = {
        "rows": lines_of(page.rows, timezone.now()),
        "crumbs": [(gettext("Services"), reverse("catalogue:services")), (gettext("Promises"), "")],
    }
    return render(request, "sla/services.html", context | cursor_links(request, page))


@require_GET
@page_for(DEFINE)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: parts, the picture, the fulfilment plan, promises, and what was accepted."""
    row, now = service_in_any_stage(code), timezone.now()
    found = composition_of(row, now)
    context = {
        "service": found,
        "plans": [plan for plan in plan_views(row, now) if plan.is_in_force or plan.is_to_come],
        "crumbs": [*_service_crumbs(row), (gettext("Promises"), "")],
    }
    return render(request, "sla/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_for(DEFINE)
def availability(request: HttpRequest, code: str) -> HttpResponse:
    """Promise an availability from now on."""
    row, now = service_in_any_stage(code), timezone.now()
    promised = composition_of(row, now).availability
    initial = {"percent": None if promised is None else f"{promised.normalize():f}"}
    form = AvailabilityForm(typed(request), initial=initial)

    def act(reason: str) -> None:
        promise_availability(
            service=row,
            percent=form.cleaned_data["percent"],
            effective_from=now,
            actor=actor_of(request),
            at=now,
            accepted_because=reason,
        )

    holding = Holding(
        title=gettext("Availability of %(name)s") % {"name": row.name},
        button_text=gettext("Promise it from now on"),
        done=gettext("The promise was saved."),
        form=form,
        act=act,
        **way_to(row, gettext("Availability")),
    )
    return hold(request, holding)


def way_to(row: Any, here: str) -> dict[str, Any]:
    """The way to a page of a service, and back."""
    back = reverse("sla:service", args=[row.code])
    return {
        "back_url": back,
        "back_text": gettext("Back to its promises"),
        "crumbs": [*_service_crumbs(row), (gettext("Promises"), back), (here, "")],
    }


def _service_crumbs(row: Any) -> list[tuple[str, str]]:
    return [
        (gettext("Services"), reverse("catalogue:services")),
        (row.name, reverse("catalogue:service", args=[row.code])),
    ]
