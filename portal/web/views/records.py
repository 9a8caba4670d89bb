"""One's own reports and requests: lists, one record, its files."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from approvals.public import level_lines, levels_of
from catalogue.public import price_in_words, shown_answers
from design.languages import content_language
from doors.engine.keyset import CursorError
from doors.web.files import as_download
from people.public import Actor
from portal.engine.lines import promise_in_words, report_lines
from portal.lifecycle import TASK_STANDINGS, WORDING
from portal.queries.lines import TABS, lines_page, menu_counts
from portal.queries.record import RecordPage, open_file, record_page
from portal.web.forms import FilesForm, ReplyForm, WatcherForm
from portal.web.views.page import portal_page, today
from requests_app.public import progress_of, request_detail


@require_safe
@portal_page
def record_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`/records/?tab=`: open, waiting for me, closed; newest first, by keyset."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else TABS[0]
    address = reverse("portal:record_list")
    try:
        page = lines_page(actor, timezone.now(), tab=tab, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return redirect(f"{address}?tab={tab}")
    labels = {
        "open": gettext("Open"),
        "waiting": gettext("Waiting for me"),
        "closed": gettext("Closed"),
    }
    waiting = menu_counts(actor, today(request, actor))["waiting"]
    context = {
        "tab": tab,
        "tabs": [
            {
                "label": labels[name],
                "url": f"{address}?tab={name}",
                "current": name == tab,
                "count": waiting if name == "waiting" and waiting else None,
            }
            for name in TABS
        ],
        "page": page,
        "lines": report_lines(page.lines),
        "next_url": page.next_cursor and f"{address}?{urlencode({'tab': tab, 'cursor': page.next_cursor})}",
        "previous_url": page.previous_cursor
        and f"{address}?{urlencode({'tab': tab, 'cursor': page.previous_cursor})}",
    }
    return render(request, "portal/record_list.html", context)


@require_safe
@portal_page
def record_detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`/records/<number>/`: how the report stands, what was said, and what one can do."""
    return show_record(request, actor, number)


@require_safe
@portal_page
def record_file(request: HttpRequest, actor: Actor, number: str, file_id: UUID) -> HttpResponseBase:
    """A file as a download that no browser runs or shows in this origin."""
    file = open_file(actor, number, file_id)
    return as_download(file.content, name=file.name, content_type=file.content_type)


def show_record(
    request: HttpRequest, actor: Actor, number: str, *, status: int = 200, **changed: Any
) -> HttpResponse:
    """Render the record's page; `changed` replaces parts of its context, such as a form with errors."""
    page = record_page(actor, number, timezone.now())
    version = {"version": page.record.version}
    context: dict[str, Any] = {
        "page": page,
        "record": page.record,
        "words": WORDING[page.record.kind],
        "promise": promise_in_words(page.promise, page.record.kind),
        "reply_form": ReplyForm(initial=version),
        "files_form": FilesForm(),
        "watcher_form": WatcherForm(),
    }
    if page.record.kind == "request":
        context["asked"] = _asked(page)
    return render(request, "portal/record_detail.html", context | changed, status=status)


def _asked(page: RecordPage) -> dict[str, Any]:
    """What was requested, in the words of the version that was filled in."""
    detail = request_detail(page.record)
    names = {str(file.id): file.name for file in page.files}
    version = detail.offering_version
    period = version.design.get("period") or "once"
    return {
        "detail": detail,
        "price": price_in_words(detail.unit_price, period, detail.quantity),
        "answers": shown_answers(version, detail.answers, content_language(), files=names),
        "levels": level_lines(levels_of(page.record)),
        "progress": [
            (each.words, *TASK_STANDINGS[each.state]) for each in progress_of(page.record, content_language())
        ],
    }
