"""Records of a kind as list and detail."""

from collections.abc import Mapping
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
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from desk.engine.table import table_lines
from desk.queries.choices import group_choices, service_choices
from desk.queries.lists import (
    COUNT_CAP,
    SOON,
    arrived_since,
    next_breach_in_words,
    records_in_view,
    rows_of,
    view_counts,
)
from desk.web.views.access import actor_of, desk_page
from desk.web.views.filtering import (
    LIMITS,
    ListAddress,
    choices_of,
    chosen_of,
    columns_of,
    without_tokens,
)
from desk.web.views.kinds import KINDS, KindPages
from desk.web.views.record import record_context
from doors.engine.keyset import CursorError, page_of
from lifecycle.public import NotFoundError
from notifications.public import live_token, live_topics
from people.public import Actor
from records.public import Record, get_record, lines_with


@require_GET
@desk_page
@vary_on_headers("HX-Request", "HX-Target")
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The list with the selected record beside it; for htmx in the detail pane, that record alone."""
    actor, now, pages = actor_of(request), timezone.now(), KINDS[kind]
    address = ListAddress(request, pages.listing)
    words, typed = without_tokens(address.value("q"))
    if typed:
        return HttpResponseRedirect(address.url(q=words, **typed))
    if _wants_detail_only(request):
        return render(request, "desk/records/detail.html", _selected(request, actor, pages, address, now))
    records, filters = _filtered(request, actor, pages, address, now)
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
    choices = choices_of(pages.listing, address, service_choices(), groups)
    context = {
        "listing": pages.listing,
        "address": address,
        "rows": rows,
        "lines": table_lines(rows, kind=kind, link=address.link, selected=address.selected, now=now),
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
        "is_bulk": bool(pages.bulk),
        "may_raise": bool(pages.raise_permission) and actor.may(pages.raise_permission),
        "view_groups": [
            {
                "heading": gettext("Views"),
                "label": pages.words.views_label,
                "views": links_to_views(kind, view_counts(actor, (kind,), now)[kind], current=address.view),
            }
        ],
        "view_label": pages.words.views[address.view],
        "next_breach": "" if page.rows else next_breach_in_words(now),
        "arrivals_url": _arrivals_url(address, now),
        "live_url": _live_url(actor, pages),
        "detail_open": bool(address.selected),
        "list_url": address.here(),
    }
    selected = _selected(request, actor, pages, address, now)
    return render(request, "desk/records/list.html", context | selected)


@require_GET
@desk_page
def arrivals(request: HttpRequest, kind: str) -> HttpResponse:
    """How many records came into this list since an instant, as a link that shows them; else nothing."""
    actor, now, pages = actor_of(request), timezone.now(), KINDS[kind]
    address = ListAddress(request, pages.listing)
    since = _instant(request.GET.get("since", ""))
    if since is None:
        return HttpResponseBadRequest(gettext("since is not an instant with an offset"))
    records, _ = _filtered(request, actor, pages, address, now)
    count = arrived_since(records, since)
    return render(
        request,
        "desk/records/arrivals.html",
        {"count": count, "refresh_url": address.url()},
    )


@require_GET
@never_cache
@desk_page
def live(request: HttpRequest, kind: str) -> HttpResponse:
    """Where a page that was refused may listen again: a page stays open for longer than its first address is good."""
    return JsonResponse({"url": _live_url(actor_of(request), KINDS[kind])})


def links_to_views(kind: str, counts: Mapping[str, int], *, current: str = "") -> list[dict[str, Any]]:
    """The standard views of a kind as links, with how many records stand in each."""
    pages = KINDS[kind]
    return [
        {
            "label": pages.words.views[name],
            "url": f"/desk/{pages.listing.feed}/?view={name}",
            "current": name == current,
            "count": count_in_words(counts[name]),
        }
        for name in pages.listing.views
    ]


def count_in_words(count: int) -> str:
    """A number that was counted to a limit: "12", "99+"."""
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)


def _wants_detail_only(request: HttpRequest) -> bool:
    asked = request.headers
    return asked.get("HX-Target") == "detail" and "HX-History-Restore-Request" not in asked


def _selected(
    request: HttpRequest, actor: Actor, pages: KindPages, address: ListAddress, now: datetime
) -> dict[str, Any]:
    words = {"words": pages.words}
    if not address.selected:
        return words | {"page": None}
    try:
        record = get_record(actor, address.selected, pages.listing.kind)
    except NotFoundError:
        return words | {"page": None, "is_unknown": True}
    page = pages.read(actor, record, now)
    return record_context(request, actor, page) | {"back": address.here(sel=record.number)}


def _filtered(
    request: HttpRequest, actor: Actor, pages: KindPages, address: ListAddress, now: datetime
) -> tuple[QuerySet[Record], Any]:
    """The records that the address asks for, and the form that read its filters; None where it has none."""
    records = records_in_view(
        actor, pages.listing.kind, address.view, due_by=now + SOON, is_any_phase=address.is_any_phase
    )
    if not address.is_filtered:
        return records, None
    chosen = pages.filters(request.GET, queryset=records, actor=actor)
    return chosen.qs if chosen.is_valid() else records.none(), chosen.form


def _live_url(actor: Actor, pages: KindPages) -> str:
    token = live_token(actor, live_topics(actor))
    return f"/live/desk/?{urlencode({'token': token, 'kinds': pages.arrivals})}"


def _arrivals_url(address: ListAddress, now: datetime) -> str:
    return f"{address.path}arrivals/?{urlsplit(address.url(since=now.isoformat())).query}"


def _instant(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
