"""What a number of a dashboard is made of."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from doors.engine.keyset import CursorError
from doors.web.views import actor_of, page_for
from reporting.engine.boards import COLUMNS
from reporting.engine.columns import Column
from reporting.engine.measures import MEASURES
from reporting.engine.wording import duration, in_words
from reporting.policy import narrowed
from reporting.queries.address import Address
from reporting.queries.boards import names_of_filters
from reporting.queries.figures import Figure, known_at
from reporting.queries.numbers import Contribution, Evidence, evidence


@page_for("report:read")
@require_safe
def number_page(request: HttpRequest, code: str) -> HttpResponse:
    """The exact records behind a figure, with its formula, what is left out of it, and what it was measured by."""
    if code not in COLUMNS:
        raise Http404
    section, column = COLUMNS[code]
    actor, now = actor_of(request), timezone.now()
    address = Address(request.GET, actor=actor, now=now)
    question = narrowed(actor, address.question)
    cursor = request.GET.get("cursor", "")
    try:
        found = evidence(actor, column=column, question=question, now=now, cursor=cursor)
    except CursorError:
        found = evidence(actor, column=column, question=question, now=now)
    context = {
        "title": f"{gettext(section.title)}: {gettext(column.label)}",
        "measures": [MEASURES[measure] for measure in column.measures],
        "address": address,
        "question": question,
        "filters": names_of_filters(address.question),
        "sums": _sums(column, found),
        "result": _result(column, found),
        "rows": [_line(row) for row in found.rows],
        "targets": found.targets,
        "known_at": known_at(now),
        "is_ratio": bool(column.under),
        "next_url": f"?{address.query(cursor=found.next_cursor)}" if found.next_cursor else "",
        "previous_url": f"?{address.query(cursor=found.previous_cursor)}" if found.previous_cursor else "",
    }
    return render(request, "reporting/number.html", context)


def _sums(column: Column, found: Evidence) -> list[dict[str, Any]]:
    """Each measure's sum, as measured and as ruled."""
    return [
        {
            "name": MEASURES[code].name,
            "text": _amount(code, figure.amount),
            "ruled": _amount(code, figure.ruled) if figure.ruled != figure.amount else "",
        }
        for code, figure in found.sums.items()
    ]


def _result(column: Column, found: Evidence) -> dict[str, str]:
    over = _total(column.over, found)
    if not column.under:
        unit = "count" if column.unit == "share" else column.unit
        if any(MEASURES[code].unit == "seconds" for code in column.over):
            unit = "duration"
        return {
            "text": in_words(over.amount, unit),
            "ruled": in_words(over.ruled, unit) if over.ruled != over.amount else "",
        }
    under = _total(column.under, found)
    scale = 100 if column.unit == "percent" else 1
    measured = over.amount * scale / under.amount if under.amount else None
    ruled = over.ruled * scale / under.ruled if under.ruled else None
    return {
        "text": in_words(measured, column.unit),
        "ruled": in_words(ruled, column.unit) if ruled != measured else "",
    }


def _total(codes: tuple[str, ...], found: Evidence) -> Figure:
    total = Figure(0, 0)
    for code in codes:
        total = total.plus(found.sums[code])
    return total


def _line(row: Contribution) -> dict[str, Any]:
    return {
        "row": row,
        "url": f"/desk/{row.feed}/{row.number}/" if row.number else "",
        "name": MEASURES[row.measure].name,
        "amount": _amount(row.measure, row.amount),
        "ruled": _amount(row.measure, row.ruled) if row.ruled != row.amount else "",
    }


def _amount(measure: str, amount: int) -> str:
    return duration(amount) if MEASURES[measure].unit == "seconds" else f"{amount:,}"
