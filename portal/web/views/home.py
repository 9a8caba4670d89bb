"""Where a visit starts: home and search."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from design.languages import content_language
from doors.engine.keyset import CursorError
from people.public import Actor
from portal.engine.lines import report_lines
from portal.queries.lines import latest_lines, menu_counts, search_page
from portal.queries.offers import first_offers, first_services
from portal.web.views.page import portal_page, today
from portal.web.views.request import offer_rows

QUERY_MAX = 200
OFFERS_MAX, SERVICES_MAX = 5, 3


@require_safe
@portal_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/`: what one can do, and how one's latest reports stand."""
    context = {
        "lines": report_lines(latest_lines(actor, timezone.now())),
        "approvals": menu_counts(actor, today(request, actor))["approvals"],
    }
    return render(request, "portal/home.html", context)


@require_safe
@portal_page
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/search/?q=`: what one can request, services, and one's own records, by words or number."""
    text = request.GET.get("q", "").strip()[:QUERY_MAX]
    if not text:
        return render(request, "portal/search.html", {"text": ""})
    address = reverse("portal:search")
    try:
        page = search_page(actor, timezone.now(), text=text, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return redirect(f"{address}?{urlencode({'q': text})}")
    is_first = not request.GET.get("cursor")
    offers = first_offers(actor, content_language(), text=text, most=OFFERS_MAX) if is_first else []
    context = {
        "text": text,
        "page": page,
        "offers": offer_rows(offers),
        "more_url": f"{reverse('portal:catalogue')}?{urlencode({'q': text})}"
        if len(offers) == OFFERS_MAX
        else "",
        "services": first_services(text, most=SERVICES_MAX) if is_first else [],
        "lines": report_lines(page.lines),
        "next_url": page.next_cursor and f"{address}?{urlencode({'q': text, 'cursor': page.next_cursor})}",
        "previous_url": page.previous_cursor
        and f"{address}?{urlencode({'q': text, 'cursor': page.previous_cursor})}",
    }
    return render(request, "portal/search.html", context)


@require_safe
@portal_page
def suggestions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/search/suggestions/?q=`: what the words typed so far find, as a part of a page."""
    text = request.GET.get("q", "").strip()[:QUERY_MAX]
    offers = first_offers(actor, content_language(), text=text, most=OFFERS_MAX) if text else []
    services = first_services(text, most=SERVICES_MAX) if text and request.GET.get("only") != "offers" else []
    context = {"offers": offer_rows(offers), "services": services, "count": len(offers) + len(services)}
    return render(request, "portal/suggestions.html", context)
