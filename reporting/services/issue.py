"""Issuing a report: its figures frozen, with a digest and a check code that opens them again."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from lifecycle.public import ForbiddenError, RuleError
from people.public import Actor, directory, get_tenant
from records.public import require
from reporting.engine.check_codes import new_code
from reporting.engine.documents import canonical, digest_of
from reporting.engine.questions import Month
from reporting.models import Report, Schedule
from reporting.queries.documents import report_document

SCHEDULE = "report:schedule"


class ReportError(RuleError):
    """A report or schedule that cannot be as asked; `fields` names what to mend."""

    code = "report_invalid"

    def __init__(self, **fields: str) -> None:
        super().__init__(" ".join(fields.values()), fields=fields)


def require_issuer(actor: Actor) -> None:
    """Raises ForbiddenError for who may not issue: a supplier's people read the reports about it, and write none."""
    require(actor, SCHEDULE)
    if actor.reach not in ("all", "system"):
        raise ForbiddenError(gettext("Reports are issued by the tenant's own people."), permission=SCHEDULE)


def check_asked(*, kind: str, provider_id: UUID | None, language: str) -> None:
    """Raises ReportError for a kind, supplier or language that there is not."""
    if kind not in Report.Kind.values:
        raise ReportError(kind=gettext("Choose one of %(kinds)s.") % {"kinds": ", ".join(Report.Kind.values)})
    if kind == Report.Kind.SUPPLIER and provider_id not in directory().providers:
        raise ReportError(provider=gettext("Choose the supplier that the report is about."))
    if kind != Report.Kind.SUPPLIER and provider_id is not None:
        raise ReportError(provider=gettext("Only a supplier report is about one supplier."))
    if language not in dict(settings.LANGUAGES):
        raise ReportError(language=gettext("Choose one of the languages offered."))


@transaction.atomic
def issue_report(
    *,
    kind: str,
    month: Month,
    provider_id: UUID | None = None,
    language: str = "",
    actor: Actor,
    at: datetime,
    schedule: Schedule | None = None,
) -> Report:
    """Freeze a report of the figures as they are known now. Raises ForbiddenError, ReportError."""
    require_issuer(actor)
    tenant = get_tenant(actor.tenant_id)
    language = language or tenant.language
    check_asked(kind=kind, provider_id=provider_id, language=language)
    if month > Month.of(at.astimezone(ZoneInfo(tenant.time_zone)).date()):
        raise ReportError(month=gettext("Choose a month that has begun."))
    document, known_at = report_document(
        kind=kind, month=month, provider_id=provider_id, language=language, issued_by=actor.name, now=at
    )
    text = canonical(document)
    return Report.objects.create(
        kind=kind,
        provider_id=provider_id,
        month=month.first,
        question={
            "kind": kind,
            "month": str(month),
            "provider": str(provider_id) if provider_id else None,
            "language": language,
        },
        title=document.title[:400],
        language=language,
        figures=text,
        sha256=digest_of(text),
        check_code=new_code(),
        issued_at=at,
        known_at=known_at,
        issued_by=actor.name,
        schedule=schedule.pk if schedule else None,
    )
