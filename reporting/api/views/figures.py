"""The dashboards' figures over the API, and the records behind each."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import address_of, limit_of
from doors.api.views import ApiView
from lifecycle.public import NotFoundError
from reporting.api.serializers import BoardList, EvidenceOut, FiguresOut
from reporting.engine.boards import BOARDS, COLUMNS
from reporting.engine.columns import By, Column
from reporting.engine.measures import MEASURES
from reporting.policy import narrowed
from reporting.queries.address import Address
from reporting.queries.boards import Row, Table, fill
from reporting.queries.numbers import evidence
from reporting.queries.parts import code_of_key

_PARAMETERS = [
    OpenApiParameter("from", str, description="first month, YYYY-MM; five months before `to` unless said"),
    OpenApiParameter("to", str, description="last month, YYYY-MM; this month unless said"),
    *(
        OpenApiParameter(name, str, description="only this one, by code; `none` for those without")
        for name in ("service", "organisation", "support_group", "provider")
    ),
    OpenApiParameter("priority", str, description="1 to 5"),
    OpenApiParameter("target", str, description="only this version of a target, by key"),
]


class BoardsView(ApiView):
    """The dashboards."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(operation_id="figures_list", summary="List the dashboards", responses=BoardList)
    def get(self, request: Request) -> Response:
        """Every dashboard, with the breakdowns that it has."""
        rows = [
            {
                "code": board.code,
                "title": gettext(board.title),
                "lede": gettext(board.lede),
                "by": list(board.by),
            }
            for board in BOARDS.values()
        ]
        return Response({"results": rows})


class FiguresView(ApiView):
    """A dashboard's figures."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(
        operation_id="figures_read",
        summary="Read a dashboard",
        parameters=[*_PARAMETERS, OpenApiParameter("by", str, description="what to break down by")],
        responses=FiguresOut,
    )
    def get(self, request: Request, board: str) -> Response:
        """The same figures as its page shows; a provider's client sees its own provider's."""
        if board not in BOARDS:
            raise NotFoundError(f"No dashboard has the code {board}.")
        now = timezone.now()
        address = Address(request.query_params, actor=self.actor, now=now)
        by = address.by(BOARDS[board])
        if address.errors:
            raise ValidationError(address.errors)
        filled = fill(BOARDS[board], narrowed(self.actor, address.question), by=by, now=now)
        return Response(
            {
                "board": board,
                "start": str(filled.question.start),
                "end": str(filled.question.end),
                "by": by,
                "known_at": filled.known_at,
                "tables": [_table(table) for table in filled.tables],
            }
        )


class EvidenceView(ApiView):
    """The records behind a figure."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(
        operation_id="figures_evidence",
        summary="Read the records behind a figure",
        parameters=[*_PARAMETERS, OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=EvidenceOut,
    )
    def get(self, request: Request, column: str) -> Response:
        """A page of the records that the figure counts, the latest decided first."""
        if column not in COLUMNS:
            raise NotFoundError(f"No figure has the code {column}.")
        now = timezone.now()
        address = Address(request.query_params, actor=self.actor, now=now)
        if address.errors:
            raise ValidationError(address.errors)
        found = evidence(
            self.actor,
            column=COLUMNS[column][1],
            question=narrowed(self.actor, address.question),
            now=now,
            cursor=request.query_params.get("cursor", ""),
            limit=limit_of(request),
        )
        return Response(
            {
                "next": address_of(request, found.next_cursor),
                "previous": address_of(request, found.previous_cursor),
                "column": column,
                "sums": {code: list(figure) for code, figure in found.sums.items()},
                "targets": found.targets,
                "results": [
                    {
                        "record": row.number,
                        "measure": row.measure,
                        "decided_at": row.at,
                        "support_group": row.group,
                        "provider": row.provider,
                        "target": row.target,
                        "amount": row.amount,
                        "ruled": row.ruled,
                    }
                    for row in found.rows
                ],
            }
        )


def _table(table: Table) -> dict[str, Any]:
    return {
        "code": table.section.code,
        "title": gettext(table.section.title),
        "columns": [_column(column) for column in table.section.columns],
        "rows": [_row(row, table.by) for row in table.rows],
        "total": _row(table.total, table.by),
    }


def _column(column: Column) -> dict[str, Any]:
    measures = [MEASURES[code] for code in column.measures]
    return {
        "code": column.code,
        "name": gettext(column.label),
        "unit": column.unit,
        "over": list(column.over),
        "under": list(column.under),
        "formulas": [measure.formula for measure in measures],
        "exclusions": sorted({measure.exclusions for measure in measures if measure.exclusions}),
    }


def _row(row: Row, by: By) -> dict[str, Any]:
    code = None if row.is_total else row.key if by == "month" else code_of_key(by, row.key)
    values = [
        {"column": value.column.code, "measured": value.measured, "ruled": value.ruled}
        for value in row.values
    ]
    return {"code": code, "name": row.label, "depth": row.depth, "values": values}
