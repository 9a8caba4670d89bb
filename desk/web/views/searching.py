"""Searching every record."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from desk.queries.lists import found_lines, found_records
from desk.web.views.access import actor_of, desk_page
from doors.engine.keyset import CursorError, Order, page_of

LIMIT = 25


@require_GET
@desk_page
def search_records(request: HttpRequest) -> HttpResponse:
    """Records with all the words, newest first; a number leads straight to its record."""
    text = request.GET.get("q", "").strip()
    records = found_records(actor_of(request), text)
    here = reverse("desk:search")
    try:
        page = page_of(records, order=Order("opened_at"), limit=LIMIT, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return HttpResponseRedirect(f"{here}?{urlencode({'q': text})}")
    lines = found_lines(page.rows)
    exact = next((line for line in lines if line.number == text.upper()), None)
    if exact is not None:
        return HttpResponseRedirect(exact.url)
    context = {
        "search_text": text,
        "lines": lines,
        "next_url": f"{here}?{urlencode({'q': text, 'cursor': page.next_cursor})}"
        if page.next_cursor
        else "",
        "previous_url": f"{here}?{urlencode({'q': text, 'cursor': page.previous_cursor})}"
        if page.previous_cursor
        else "",
    }
    return render(request, "desk/search.html", context)
