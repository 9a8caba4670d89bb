"""Issued reports over the API."""

import json
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from doors.api.paging import paged
from doors.api.strict import checked
from doors.api.views import ApiView
from doors.engine.keyset import Order
from reporting.api.serializers import ReportIn, ReportOut, ReportPage, ReportWhole
from reporting.engine.check_codes import grouped
from reporting.engine.documents import canonical
from reporting.engine.questions import Month, QuestionError
from reporting.queries.parts import code_of_key, key_of_code
from reporting.queries.reports import document_of, get_report, issued_reports, name_of, pdf_of, xlsx_of
from reporting.services.issue import issue_report

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportsView(ApiView):
    """Reports issued."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read", "POST": "report:schedule"}

    @extend_schema(
        operation_id="reports_list",
        summary="List the reports issued",
        description="The latest first. A supplier gets those about its own provider.",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=ReportPage,
    )
    def get(self, request: Request) -> Response:
        """A page of reports."""
        page, envelope = paged(request, issued_reports(self.actor), order=Order("issued_at"))
        return Response(envelope | {"results": [_row(report) for report in page.rows]})

    @extend_schema(
        operation_id="reports_issue", summary="Issue a report", request=ReportIn, responses={201: ReportOut}
    )
    def post(self, request: Request) -> Response:
        """A report with its figures frozen as they are known now."""
        given = checked(ReportIn, request.data)
        try:
            month = Month.parse(given["month"], field_name="month")
        except QuestionError as error:
            raise ValidationError({error.field: f"{error.reason}."}) from error
        key = key_of_code("provider", given["provider"]) if given["provider"] else ""
        if key is None:
            raise ValidationError({"provider": f"No supplier has the code {given['provider']}."})
        report = issue_report(
            kind=given["kind"],
            month=month,
            provider_id=UUID(key) if key else None,
            language=given["language"],
            actor=self.actor,
            at=timezone.now(),
        )
        return Response(_row(report), status=201, headers={"Location": f"/api/v1/reports/{report.pk}/"})


class ReportView(ApiView):
    """One report."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(operation_id="reports_read", summary="Read a report", responses=ReportWhole)
    def get(self, request: Request, report_id: UUID) -> Response:
        """The figures exactly as issued."""
        report = get_report(self.actor, report_id)
        return Response(_row(report) | {"figures": json.loads(canonical(document_of(report)))})


class ReportPdfView(ApiView):
    """A report as PDF."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(
        operation_id="reports_pdf",
        summary="Download a report as PDF",
        responses={(200, PDF): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """Tagged PDF (PDF/UA-1), the same bytes each time."""
        report = get_report(self.actor, report_id)
        return _file(pdf_of(report), f"{name_of(report)}.pdf", PDF)


class ReportXlsxView(ApiView):
    """A report as a workbook."""

    permission_for: ClassVar[dict[str, str]] = {"GET": "report:read"}

    @extend_schema(
        operation_id="reports_xlsx",
        summary="Download a report as a workbook",
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """A sheet for each table, and one of notes."""
        report = get_report(self.actor, report_id)
        return _file(xlsx_of(report), f"{name_of(report)}.xlsx", XLSX)


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _row(report: Any) -> dict[str, Any]:
    return {
        "id": report.pk,
        "kind": report.kind,
        "title": report.title,
        "month": str(Month.of(report.month)),
        "provider": code_of_key("provider", str(report.provider_id)) if report.provider_id else None,
        "language": report.language,
        "check_code": grouped(report.check_code),
        "sha256": report.sha256,
        "issued_at": report.issued_at,
        "known_at": report.known_at,
        "issued_by": report.issued_by,
    }
