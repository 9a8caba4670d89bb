"""Scheduled reports on their way to people without a seat: what reporting issued, notifications mails."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext

from design.languages import speaking
from notifications.public import Consignment, EnclosedFile, mail_files
from outbox.public import Delivered
from reporting.public import Mailing, mailing_of

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def mail_report(message: Delivered) -> None:
    """Outbox handler: mail a report to the readers of its schedule, as PDF and XLSX.

    Nobody is mailed once the schedule is deleted. Raises MailNotSentError for the outbox to try again.
    """
    mailing = mailing_of(UUID(message.payload["report"]), UUID(message.payload["schedule"]))
    if mailing is not None:
        mail_files(message=message, consignment=_consignment(mailing), files=lambda: _files(mailing))


def _consignment(mailing: Mailing) -> Consignment:
    with speaking(mailing.language):
        return Consignment(
            letter="report",
            language=mailing.language,
            recipients=mailing.recipients,
            subject=mailing.title,
            lead=gettext("Enclosed is the report for %(period)s, as PDF and as a workbook.")
            % {"period": mailing.period},
            more=[
                gettext(
                    "Its check code opens the same figures for anyone who has an account and may read the report."
                )
            ],
            link=gettext("Check the figures"),
            path=mailing.path,
            thread=mailing.schedule_id,
            facts=[(gettext("Check code"), mailing.check_code)],
        )


def _files(mailing: Mailing) -> Sequence[EnclosedFile]:
    files = mailing.files()
    return [
        EnclosedFile(f"{files.name}.pdf", _TYPES["pdf"], files.pdf),
        EnclosedFile(f"{files.name}.xlsx", _TYPES["xlsx"], files.xlsx),
    ]
