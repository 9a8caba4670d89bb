"""Where a visit starts: home and search."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from doors.engine.keyset import CursorError
from people.public import Actor
from portal.engine.lines import report_lines
from portal.queries.lines import latest_lines, menu_counts, search_page
from portal.web.views.page import portal_page, today

QUERY_MAX = 200


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
    """`/search/?q=`: one's own records by words or number."""
    text = request.GET.get("q", "").strip()[:QUERY_MAX]
    if not text:
        return render(request, "portal/search.html", {"text": ""})
    address = reverse("portal:search")
    try:
        page = search_page(actor, timezone.now(), text=text, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return redirect(f"{address}?{urlencode({'q': text})}")
    context = {
        "text": text,
        "page": page,
        "lines": report_lines(page.lines),
        "next_url": page.next_cursor and f"{address}?{urlencode({'q': text, 'cursor': page.next_cursor})}",
        "previous_url": page.previous_cursor
        and f"{address}?{urlencode({'q': text, 'cursor': page.previous_cursor})}",
    }
    return render(request, "portal/search.html", context)
