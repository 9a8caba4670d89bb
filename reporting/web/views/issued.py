"""Reports as issued: the list, issuing one, their files, and opening one by its check code."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from doors.engine.keyset import Order
from doors.web.views import actor_of, cursor_links, page_at, page_for
from lifecycle.public import NotFoundError
from people.public import get_tenant
from reporting.engine.check_codes import CheckCodeError, grouped, parse_code
from reporting.engine.documents import Document
from reporting.engine.questions import Month
from reporting.queries.reports import (
    TamperedError,
    differences_now,
    document_of,
    get_report,
    issued_reports,
    name_of,
    pdf_of,
    report_by_code,
    xlsx_of,
)
from reporting.services.issue import ReportError, issue_report, require_issuer
from reporting.web.forms.reports import CheckForm, IssueForm
from reporting.web.views.access import may_issue
from reporting.web.views.files import PDF, XLSX, as_file

NEWEST_FIRST = Order("issued_at")


@page_for("report:read")
@require_safe
def issued_page(request: HttpRequest) -> HttpResponse:
    """The reports issued, the latest first."""
    actor = actor_of(request)
    page = page_at(request, issued_reports(actor), NEWEST_FIRST)
    rows = [{"report": report, "code": grouped(report.check_code)} for report in page.rows]
    context = {"rows": rows, "may_issue": may_issue(actor)} | cursor_links(request, page)
    return render(request, "reporting/issued.html", context)


@page_for("report:read")
@require_http_methods(["GET", "HEAD", "POST"])
def issue_page(request: HttpRequest) -> HttpResponse:
    """Issue a report."""
    actor, now = actor_of(request), timezone.now()
    require_issuer(actor)
    last_month = Month.of(timezone.localdate()).plus(-1)
    initial = {"month": str(last_month), "language": get_tenant(actor.tenant_id).language}
    form = IssueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            report = issue_report(
                kind=data["kind"],
                month=data["month"],
                provider_id=data["provider"],
                language=data["language"],
                actor=actor,
                at=now,
            )
        except ReportError as error:
            form.refuse(error.fields)
        else:
            messages.success(request, gettext("The report was issued."))
            return HttpResponseRedirect(reverse("reporting:checked", args=[grouped(report.check_code)]))
    return render(request, "reporting/issue.html", {"form": form}, status=422 if form.errors else 200)


@page_for("report:read")
@require_safe
def report_pdf(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report as PDF."""
    report = get_report(actor_of(request), report_id)
    return as_file(pdf_of(report), name=f"{name_of(report)}.pdf", content_type=PDF)


@page_for("report:read")
@require_safe
def report_xlsx(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report as a workbook."""
    report = get_report(actor_of(request), report_id)
    return as_file(xlsx_of(report), name=f"{name_of(report)}.xlsx", content_type=XLSX)


@page_for("report:read")
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Type a check code."""
    actor = actor_of(request)
    issued_reports(actor)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            report_by_code(actor, code)
        except NotFoundError:
            form.add_error("code", gettext("No report that you may see has this check code."))
        else:
            return HttpResponseRedirect(reverse("reporting:checked", args=[grouped(code)]))
    return render(request, "reporting/check.html", {"form": form}, status=422 if form.errors else 200)


@page_for("report:read")
@require_safe
def checked_page(request: HttpRequest, check_code: str) -> HttpResponse:
    """A report's figures exactly as they were issued, and what they would be today."""
    actor, now = actor_of(request), timezone.now()
    try:
        report = report_by_code(actor, parse_code(check_code))
    except CheckCodeError as error:
        raise NotFoundError(gettext("There is no such report.")) from error
    context: dict[str, Any] = {"report": report, "code": grouped(report.check_code)}
    try:
        document = document_of(report)
    except TamperedError:
        return render(request, "reporting/checked.html", context | {"is_tampered": True}, status=409)
    context |= {
        "document": document,
        "parts": _parts(document),
        "differences": differences_now(report, document, now=now),
        "now": now,
    }
    return render(request, "reporting/checked.html", context)


def _parts(document: Document) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, sheet in enumerate(document.sheets):
        if not found or found[-1]["title"] != sheet.part:
            found.append({"title": sheet.part, "sheets": []})
        found[-1]["sheets"].append({"sheet": sheet, "id": f"table-{number}"})
    return found
