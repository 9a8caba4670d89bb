"""Active seats by provider and month, with what shows each."""

from collections.abc import Iterator
from itertools import chain

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from doors.web.files import as_table
from doors.web.views import actor_of, page_for
from people.public import today_in_tenant
from reporting.engine.questions import Month, QuestionError
from reporting.queries.seats import ProviderSeats, seats_of


@page_for("report:read")
@require_safe
def seats_page(request: HttpRequest) -> HttpResponse:
    """Every provider's seats of a month; this month unless the address names another."""
    actor = actor_of(request)
    this = Month.of(today_in_tenant(actor, timezone.now()))
    month, fault = this, ""
    if text := request.GET.get("month", "").strip():
        try:
            month = Month.parse(text[:20], field_name="month")
        except QuestionError as error:
            fault = error.reason
    lines = seats_of(actor, month)
    context = {
        "month": str(month),
        "fault": fault,
        "typed": text or str(month),
        "first": month.first,
        "is_open": month >= this,
        "lines": lines,
        "total": sum(len(line.seats) for line in lines),
        "previous": str(month.plus(-1)),
        "next": str(month.plus(1)) if month < this else "",
    }
    return render(request, "reporting/seats.html", context, status=422 if fault else 200)


@page_for("report:read")
@require_safe
def seats_csv(request: HttpRequest, month: str) -> HttpResponseBase:
    """The same as a file: a row for each seat."""
    try:
        asked = Month.parse(month[:20], field_name="month")
    except QuestionError as error:
        raise Http404 from error
    # Before the rows are sent, when nobody's language is spoken any more.
    heading = [
        gettext("Provider"),
        gettext("Person"),
        gettext("First step"),
        gettext("Last step"),
        gettext("Steps"),
    ]
    return as_table(chain([heading], _rows(seats_of(actor_of(request), asked))), name=f"seats-{asked}.csv")


def _rows(lines: list[ProviderSeats]) -> Iterator[list[str]]:
    for line in lines:
        for seat in line.seats:
            yield [
                line.provider.name,
                seat.name,
                seat.first_at.isoformat(timespec="seconds"),
                seat.last_at.isoformat(timespec="seconds"),
                str(seat.steps),
            ]
