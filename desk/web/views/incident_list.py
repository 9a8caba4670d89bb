"""Incidents as list and detail."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from design.languages import once_per_language
from desk.engine.table import table_lines
from desk.queries.choices import group_choices, service_choices
from desk.queries.incident import incident_page
from desk.queries.lists import (
    COUNT_CAP,
    SOON,
    arrived_since,
    incidents_in_view,
    next_breach_in_words,
    rows_of,
    view_counts,
)
from desk.web.views.access import actor_of, desk_page
from desk.web.views.filtering import (
    LIMITS,
    DeskFilter,
    ListAddress,
    choices_of,
    chosen_of,
    columns_of,
    without_tokens,
)
from desk.web.views.incident import incident_context
from doors.engine.keyset import CursorError, page_of
from incidents.public import get_incident
from lifecycle.public import NotFoundError
from notifications.public import live_token, live_topics
from people.public import Actor
from records.public import Record, lines_with

# What can bring a record into a list. The page counts through Django, so a needless ping does no harm.
ARRIVALS = "incident.opened,incident.assigned,incident.reopened"


@require_GET
@desk_page
@vary_on_headers("HX-Request", "HX-Target")
def incident_list(request: HttpRequest) -> HttpResponse:
    """The list with the selected incident beside it; for htmx in the detail pane, that incident alone."""
    actor, now, address = actor_of(request), timezone.now(), ListAddress(request)
    words, typed = without_tokens(address.value("q"))
    if typed:
        return HttpResponseRedirect(address.url(q=words, **typed))
    if _wants_detail_only(request):
        return render(request, "desk/incidents/detail.html", _selected(request, actor, address, now))
    records, filters = _filtered(request, actor, address, now)
    try:
        page = page_of(
            address.sorted(records),
            order=address.order,
            limit=address.limit,
            cursor=address.cursor,
            read=lines_with,
        )
    except CursorError:
        return HttpResponseRedirect(address.url())
    groups, rows = group_choices(), rows_of(actor, page.rows, now)
    choices = choices_of(address, service_choices(), groups)
    context = {
        "address": address,
        "rows": rows,
        "lines": table_lines(rows, link=address.link, selected=address.selected, now=now),
        "filters": filters,
        "columns": columns_of(address),
        "next_url": address.url(cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address.url(cursor=page.previous_cursor) if page.previous_cursor else "",
        "limits": [
            {"label": limit, "url": address.url(limit=str(limit)), "current": limit == address.limit}
            for limit in LIMITS
        ],
        "filter_choices": choices,
        "chosen_filters": chosen_of(address, choices),
        "all_url": address.url(view="all"),
        "groups": groups,
        "views": links_to_views(view_counts(actor, now), current=address.view),
        "view_label": view_labels()[address.view],
        "next_breach": "" if page.rows else next_breach_in_words(now),
        "arrivals_url": _arrivals_url(address, now),
        "live_url": _live_url(actor),
        "detail_open": bool(address.selected),
        "list_url": address.here(),
    }
    return render(request, "desk/incidents/list.html", context | _selected(request, actor, address, now))


@require_GET
@desk_page
def arrivals(request: HttpRequest) -> HttpResponse:
    """How many incidents came into this list since an instant, as a link that shows them; else nothing."""
    actor, now, address = actor_of(request), timezone.now(), ListAddress(request)
    since = _instant(request.GET.get("since", ""))
    if since is None:
        return HttpResponseBadRequest(gettext("since is not an instant with an offset"))
    records, _ = _filtered(request, actor, address, now)
    count = arrived_since(records, since)
    return render(
        request,
        "desk/incidents/arrivals.html",
        {"count": count, "refresh_url": address.url()},
    )


@require_GET
@never_cache
@desk_page
def live(request: HttpRequest) -> HttpResponse:
    """Where a page that was refused may listen again: a page stays open for longer than its first address is good."""
    return JsonResponse({"url": _live_url(actor_of(request))})


@once_per_language
def view_labels() -> dict[str, str]:
    """The standard views in words."""
    return {
        "mine": gettext("Assigned to me"),
        "groups": gettext("My groups"),
        "unassigned": gettext("Nobody has taken"),
        "breaching": gettext("Due in 4 hours, or late"),
        "all": gettext("All open"),
        "resolved": gettext("Resolved"),
    }


def links_to_views(counts: dict[str, int], *, current: str = "") -> list[dict[str, Any]]:
    """The standard views as links, with how many incidents stand in each."""
    address = reverse("desk:incident_list")
    return [
        {
            "label": label,
            "url": f"{address}?view={name}",
            "current": name == current,
            "count": f"{COUNT_CAP - 1}+" if counts[name] >= COUNT_CAP else counts[name],
        }
        for name, label in view_labels().items()
    ]


def _wants_detail_only(request: HttpRequest) -> bool:
    asked = request.headers
    return asked.get("HX-Target") == "detail" and "HX-History-Restore-Request" not in asked


def _selected(request: HttpRequest, actor: Actor, address: ListAddress, now: datetime) -> dict[str, Any]:
    if not address.selected:
        return {"page": None}
    try:
        record = get_incident(actor, address.selected)
    except NotFoundError:
        return {"page": None, "is_unknown": True}
    page = incident_page(actor, record, now)
    return incident_context(request, actor, page) | {"back": address.here(sel=record.number)}


def _filtered(
    request: HttpRequest, actor: Actor, address: ListAddress, now: datetime
) -> tuple[QuerySet[Record], Any]:
    """The incidents that the address asks for, and the form that read its filters; None where it has none."""
    records = incidents_in_view(actor, address.view, due_by=now + SOON, is_any_phase=address.is_any_phase)
    if not address.is_filtered:
        return records, None
    chosen = DeskFilter(request.GET, queryset=records, actor=actor)
    return chosen.qs if chosen.is_valid() else records.none(), chosen.form


def _live_url(actor: Actor) -> str:
    token = live_token(actor, live_topics(actor))
    return f"/live/desk/?{urlencode({'token': token, 'kinds': ARRIVALS})}"


def _arrivals_url(address: ListAddress, now: datetime) -> str:
    return f"{reverse('desk:arrivals')}?{urlsplit(address.url(since=now.isoformat())).query}"


def _instant(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
