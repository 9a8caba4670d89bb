"""Schedules, for those who may write them, and what goes out by one."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from lifecycle.public import NotFoundError
from people.public import Actor
from reporting.engine.check_codes import grouped
from reporting.models import Report, Schedule
from reporting.queries.reports import Files, document_of, files_of
from reporting.services.issue import require_issuer


def schedules(actor: Actor) -> QuerySet[Schedule]:
    """Every schedule of the tenant. Raises ForbiddenError."""
    require_issuer(actor)
    return Schedule.objects.all()


def get_schedule(actor: Actor, schedule_id: UUID) -> Schedule:
    """One schedule. Raises ForbiddenError, NotFoundError."""
    found = schedules(actor).filter(pk=schedule_id).first()
    if found is None:
        raise NotFoundError(gettext("There is no such schedule."))
    return found


@dataclass(frozen=True, slots=True)
class Mailing:
    """A report to be mailed: to whom, in which language, and where those with a seat check it."""

    schedule_id: UUID
    title: str
    period: str
    language: str
    recipients: tuple[str, ...]
    check_code: str
    path: str
    report: Report

    def files(self) -> Files:
        """The report's files. Raises TamperedError."""
        return files_of(self.report)


def mailing_of(report_id: UUID, schedule_id: UUID) -> Mailing | None:
    """What goes out by a schedule of the tenant in scope; None once the schedule is deleted."""
    report = Report.objects.filter(pk=report_id).first()
    schedule = Schedule.objects.filter(pk=schedule_id).first()
    if report is None or schedule is None:
        return None
    document = document_of(report)
    return Mailing(
        schedule_id=schedule.pk,
        title=document.title,
        period=document.period,
        language=report.language,
        recipients=tuple(schedule.recipients),
        check_code=grouped(report.check_code),
        path=f"/reports/check/{grouped(report.check_code)}/",
        report=report,
    )
