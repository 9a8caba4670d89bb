"""Mails that enclose files and are about no record, for readers who need no account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from design.languages import speaking
from notifications.models import Enclosure, Mail
from notifications.queries import mails_of
from notifications.services.matters import Letter
from notifications.services.send_mail import send_unsent
from outbox.public import Delivered
from people.models import Tenant
from people.public import get_tenant, site_of


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """A file to enclose."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """What to send and to whom; `path` is where those with an account find it, `thread` what its mails belong to."""

    letter: str
    language: str
    recipients: Sequence[str]
    subject: str
    lead: str
    more: Sequence[str]
    link: str
    path: str
    thread: UUID
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)


def mail_files(
    *, message: Delivered, consignment: Consignment, files: Callable[[], Sequence[EnclosedFile]]
) -> None:
    """Mail the files to each recipient once, however often the message is delivered.

    They are made and kept when the mails are first written, so that all readers get the same bytes. Without a mail
    server the mails stay in the mailbox. Raises MailNotSentError for the outbox to try again.
    """
    if not mails_of([message.message_id]):
        _write(message, consignment, files())
    send_unsent(message_id=message.message_id, tenant_id=message.tenant_id)


@transaction.atomic
def _write(message: Delivered, consignment: Consignment, files: Sequence[EnclosedFile]) -> None:
    tenant = get_tenant(message.tenant_id)
    Enclosure.objects.bulk_create(
        [
            Enclosure(
                outbox_message=message.message_id,
                name=file.name,
                content_type=file.content_type,
                content=file.content,
            )
            for file in files
        ],
        ignore_conflicts=True,
    )
    mails = [_mail(message, consignment, address, tenant) for address in consignment.recipients]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)


def _mail(message: Delivered, consignment: Consignment, address: str, tenant: Tenant) -> Mail:
    letter = Letter(
        subject=consignment.subject,
        lead=consignment.lead,
        url=f"{site_of(tenant)}{consignment.path}",
        link=consignment.link,
        more=list(consignment.more),
        facts=list(consignment.facts),
    )
    context = {"letter": letter, "to_name": "", "tenant": tenant, "language": consignment.language}
    with speaking(consignment.language), timezone.override(tenant.time_zone):
        text = render_to_string("notifications/mail/letter.txt", context)
        html = render_to_string("notifications/mail/letter.html", context)
    mail = Mail(
        outbox_message=message.message_id,
        to_address=address,
        letter=consignment.letter,
        subject=" ".join(consignment.subject.split())[:300],
        text=text,
        html=html,
        thread_id=f"<{consignment.thread}@{tenant.host}>",
        language=consignment.language,
        state=Mail.State.WAITING if settings.MAIL_IS_SENT else Mail.State.KEPT,
    )
    mail.message_id = f"<{consignment.thread}.{mail.pk}@{tenant.host}>"
    return mail
