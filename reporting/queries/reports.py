"""Issued reports that an actor may see, as issued and as they would be today."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from people.public import Actor
from records.public import require
from reporting.engine.check_codes import grouped
from reporting.engine.documents import Difference, Document, differences, digest_of, thawed
from reporting.engine.pdf import as_pdf
from reporting.engine.questions import Month
from reporting.models import Report
from reporting.policy import NOBODY
from reporting.queries.documents import report_as_xlsx, report_document


class TamperedError(NotFoundError):
    """What is stored is not what was issued: its digest does not match."""

    code = "report_tampered"


def issued_reports(actor: Actor) -> QuerySet[Report]:
    """The reports that the actor may see; a provider's people and clients see those about their own provider.

    Raises ForbiddenError without report:read.
    """
    require(actor, "report:read")
    reports = Report.objects.all()
    if actor.reach == "provider":
        return reports.filter(kind=Report.Kind.SUPPLIER, provider_id=actor.provider_id or NOBODY)
    return reports


def get_report(actor: Actor, report_id: UUID) -> Report:
    """One of them. Raises NotFoundError."""
    return _one(issued_reports(actor).filter(pk=report_id))


def report_by_code(actor: Actor, check_code: str) -> Report:
    """The one with a check code (`reporting.engine.check_codes.parse_code`). Raises NotFoundError."""
    return _one(issued_reports(actor).filter(check_code=check_code))


def _one(reports: QuerySet[Report]) -> Report:
    report = reports.first()
    if report is None:
        raise NotFoundError(gettext("There is no such report."))
    return report


def document_of(report: Report) -> Document:
    """What was issued. Raises TamperedError where it is not what the digest is of."""
    if digest_of(report.figures) != report.sha256:
        raise TamperedError(
            gettext("The stored figures are not those that were issued: the digest does not match.")
        )
    return thawed(report.figures)


@dataclass(frozen=True, slots=True)
class Files:
    """A report's files, named alike."""

    name: str
    pdf: bytes
    xlsx: bytes


def name_of(report: Report) -> str:
    """What its files are called, without the ending."""
    return f"{report.kind}-report-{Month.of(report.month)}"


def pdf_of(report: Report) -> bytes:
    """The report as PDF. Raises TamperedError."""
    return as_pdf(document_of(report), check_code=grouped(report.check_code), at=report.issued_at)


def xlsx_of(report: Report) -> bytes:
    """The report as a workbook. Raises TamperedError."""
    return report_as_xlsx(document_of(report), check_code=grouped(report.check_code))


def files_of(report: Report) -> Files:
    """Both. Raises TamperedError."""
    return Files(name_of(report), pdf_of(report), xlsx_of(report))


def differences_now(report: Report, document: Document, *, now: datetime) -> list[Difference]:
    """What the figures for the same question say otherwise today."""
    today, _ = report_document(
        kind=report.kind,
        month=Month.of(report.month),
        provider_id=report.provider_id,
        language=report.language,
        issued_by=report.issued_by,
        now=now,
    )
    return differences(document, today)
