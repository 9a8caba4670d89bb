"""The dashboards."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from doors.web.views import actor_of, page_for
from reporting.engine.boards import BOARDS
from reporting.engine.columns import BREAKDOWNS, By
from reporting.engine.questions import Month
from reporting.engine.wording import in_words
from reporting.policy import narrowed
from reporting.queries.address import Address
from reporting.queries.boards import FilledBoard, Row, Table, Value, fill, names_of_filters
from reporting.queries.documents import board_as_csv, board_as_xlsx
from reporting.queries.figures import known_at
from reporting.queries.headlines import Headline, headlines
from reporting.web.views.access import may_issue
from reporting.web.views.files import XLSX, as_file

# A bar is drawn for so many rows; the table has them all.
MOST_BARS = 24
# Of a picture of 1000 across: labels end where bars begin, and what a bar says stands behind it.
_BAR_LEFT, _BAR_WIDTH, _BAR_STEP = 300, 580, 28


@page_for("report:read")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every dashboard, with the figures that tell most of it: this month's beside the last."""
    actor, now = actor_of(request), timezone.now()
    address = Address({}, actor=actor, now=now)
    told = headlines(narrowed(actor, address.question), now=now)
    month = address.question.end
    boards = [
        {
            "title": gettext(board.title),
            "lede": gettext(board.lede),
            "url": reverse("reporting:board", args=[board.code]),
            "headlines": [_headline(each, month, address) for each in told[board.code]],
        }
        for board in BOARDS.values()
    ]
    context = {
        "boards": boards,
        "may_issue": may_issue(actor),
        "month": month.first,
        "known_at": known_at(now),
    }
    return render(request, "reporting/index.html", context)


def _headline(line: Headline, month: Month, address: Address) -> dict[str, Any]:
    before = line.before
    return _value(line.now, address.query(**address.of_row("month", str(month)))) | {
        "label": gettext(line.label),
        "last": in_words(before.ruled, before.column.unit) if before else "",
        "last_month": month.plus(-1).first,
    }


@page_for("report:read")
@require_safe
def board_page(request: HttpRequest, code: str) -> HttpResponse:
    """One dashboard, of the months and the part of the tenant that the address names."""
    board = BOARDS.get(code)
    if board is None:
        raise Http404
    actor, now = actor_of(request), timezone.now()
    address = Address(request.GET, actor=actor, now=now)
    question = narrowed(actor, address.question)
    by = address.by(board)
    filled = fill(board, question, by=by, now=now)
    context = {
        "board": board,
        "address": address,
        "question": question,
        "by": by,
        "breakdowns": [(each, gettext(BREAKDOWNS[each])) for each in board.by],
        "choices": address.choices(),
        "filters": names_of_filters(address.question),
        "tables": [_table(table, address, filled) for table in filled.tables],
        "known_at": filled.known_at,
        "boards": [
            {
                "title": gettext(each.title),
                "url": _board_url(each.code, address),
                "current": each.code == code,
            }
            for each in BOARDS.values()
        ],
        "bare_url": reverse("reporting:board", args=[code]),
        "downloads": [
            (label, f"{reverse(f'reporting:board_{ending}', args=[code])}?{address.query(by=by)}")
            for label, ending in (("XLSX", "xlsx"), ("CSV", "csv"))
        ],
    }
    return render(request, "reporting/board.html", context)


@page_for("report:read")
@require_safe
def board_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The same figures as a workbook."""
    filled = _filled(request, code)
    return as_file(board_as_xlsx(filled), name=f"{code}.xlsx", content_type=XLSX)


@page_for("report:read")
@require_safe
def board_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same figures as comma-separated values, marked as UTF-8 so that spreadsheets read them right."""
    text = board_as_csv(_filled(request, code))
    return as_file(text.encode("utf-8-sig"), name=f"{code}.csv", content_type="text/csv; charset=utf-8")


def _filled(request: HttpRequest, code: str) -> FilledBoard:
    board = BOARDS.get(code)
    if board is None:
        raise Http404
    actor, now = actor_of(request), timezone.now()
    address = Address(request.GET, actor=actor, now=now)
    return fill(board, narrowed(actor, address.question), by=address.by(board), now=now)


def _board_url(code: str, address: Address) -> str:
    return f"{reverse('reporting:board', args=[code])}?{address.query()}"


def _table(table: Table, address: Address, filled: FilledBoard) -> dict[str, Any]:
    columns = table.section.columns
    chart = next((index for index, column in enumerate(columns) if column.code == table.section.chart), None)
    return {
        "title": gettext(table.section.title),
        "code": table.section.code,
        "heading": table.heading,
        "columns": [gettext(column.label) for column in columns],
        "is_empty": table.is_empty,
        "rows": [_row(row, table.by, address) for row in (*table.rows, table.total)],
        "chart": None if chart is None else _chart(table, chart),
        "known_at": filled.known_at,
    }


def _row(row: Row, by: By, address: Address) -> dict[str, Any]:
    of_row = {} if row.is_total else address.of_row(by, row.key)
    return {
        "label": row.label,
        "depth": row.depth,
        "is_total": row.is_total,
        "values": [_value(value, address.query(**of_row)) for value in row.values],
    }


def _value(value: Value, query: str) -> dict[str, Any]:
    unit = value.column.unit
    is_ruled = value.ruled != value.measured
    return {
        "label": gettext(value.column.label),
        "text": in_words(value.ruled if is_ruled else value.measured, unit),
        "before": in_words(value.measured, unit) if is_ruled else "",
        "url": f"{reverse('reporting:number', args=[value.column.code])}?{query}",
        "is_none": value.measured is None and value.ruled is None,
    }


def _chart(table: Table, index: int) -> dict[str, Any] | None:
    """Bars of one column as ruled, in a picture of 1000 across; none where there is nothing to draw."""
    column = table.section.columns[index]
    drawn = [row for row in table.rows if row.values[index].ruled is not None]
    rows = drawn[:MOST_BARS]
    figures = [row.values[index].ruled or 0 for row in rows]
    if not any(figures):
        return None
    longest = 100.0 if column.unit == "percent" else max(figures)
    bars = [
        {
            "label": row.label,
            "text": in_words(figure, column.unit),
            "width": (width := round(figure * _BAR_WIDTH / longest)),
            "text_x": _BAR_LEFT + width + 8,
            "y": position * _BAR_STEP,
            "text_y": position * _BAR_STEP + 17,
        }
        for position, (row, figure) in enumerate(zip(rows, figures, strict=True))
    ]
    return {
        "title": gettext(column.label),
        "bars": bars,
        "height": len(bars) * _BAR_STEP,
        "left": _BAR_LEFT,
        "is_cut": len(rows) < len(drawn),
    }
