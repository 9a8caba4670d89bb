"""Suppliers: the list, and one with all that binds it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from people.public import today_in_tenant
from suppliers.policy import DEFINE, READ
from suppliers.queries.agreements import agreement_lines, get_provider
from suppliers.queries.providers import provider_lines, visible_providers

LIMIT = 25
BY_NAME = Order("name", is_descending=False)


@require_safe
@page_for(READ)
def provider_list(request: HttpRequest) -> HttpResponse:
    """The suppliers whose contracts the person may see, by name; with `q` those whose name begins with it."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()[:200]
    rows = visible_providers(actor)
    rows = rows.filter(name__istartswith=text) if text else rows
    page = page_at(request, rows, BY_NAME, limit=LIMIT)
    context = {
        "lines": provider_lines(actor, page.rows, today=today_in_tenant(actor, timezone.now())),
        "q": text,
        "crumbs": [(gettext("Suppliers"), "")],
    }
    return render(request, "suppliers/providers.html", context | cursor_links(request, page))


@require_safe
@page_for(READ)
def provider_page(request: HttpRequest, provider: str) -> HttpResponse:
    """One supplier: contracts, levels, what is owed and what ends."""
    actor = actor_of(request)
    row = get_provider(actor, provider)
    (line,) = provider_lines(actor, [row], today=today_in_tenant(actor, timezone.now()))
    context = {
        "provider": row,
        "line": line,
        "lines": agreement_lines(row),
        "may_define": actor.may(DEFINE),
        "crumbs": [(gettext("Suppliers"), reverse("agreements:providers")), (row.name, "")],
    }
    return render(request, "suppliers/provider.html", context)
