"""Mailing about a message of the outbox: written once, sent once to each reader, tried again until it is sent."""

import logging
import smtplib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.db.models.functions import Now

from notifications.models import Mail
from notifications.queries import enclosures_of, mails_of
from notifications.services.write_mail import write_mails
from outbox.public import Delivered
from people.public import get_tenant

LOG = logging.getLogger(__name__)
# Longer than any conversation with a mail server lasts: who claimed a mail before that is gone.
CLAIM_LIFE = timedelta(minutes=2)
_DONE = (Mail.State.KEPT, Mail.State.SENT, Mail.State.REFUSED)


class MailNotSentError(RuntimeError):
    """Some mails about a message are not sent yet: the outbox delivers the message again later."""

    code = "mail_not_sent"


def mail_about(message: Delivered) -> None:
    """Outbox handler: mail everyone who hears of the message. See `mail_about_all`. Raises MailNotSentError."""
    for error in mail_about_all([message]).values():
        raise error


def mail_about_all(messages: Sequence[Delivered]) -> Mapping[int, Exception]:
    """Outbox handler of several messages of the tenant in scope: mail everyone who hears of them.

    A message delivered again mails only those who have not been mailed. Answers with a MailNotSentError for each
    message whose mails the mail server does not take; an address that it refuses for good is noted and never tried
    again.
    """
    begun = mails_of([each.message_id for each in messages if not each.is_first])
    fresh = write_mails([each for each in messages if each.message_id not in begun])
    if fresh:
        Mail.objects.bulk_create(fresh, ignore_conflicts=True)
    unsent = {mail.outbox_message for mail in fresh if mail.state not in _DONE}
    # Another process may have written some of them first: theirs are the rows.
    written = begun | mails_of(unsent)
    # Keys made within one millisecond are in no order.
    place = {(mail.outbox_message, mail.to_address): number for number, mail in enumerate(fresh)}
    errors: dict[int, Exception] = {}
    for message_id, mails in written.items():
        left = [mail for mail in mails if mail.state not in _DONE]
        left.sort(key=lambda mail: place.get((mail.outbox_message, mail.to_address), 0))
        if left:
            try:
                _send_all(left, sender=_sender(messages[0].tenant_id))
            except MailNotSentError as error:
                errors[message_id] = error
    return errors


def send_unsent(*, message_id: int, tenant_id: int) -> None:
    """Send what is not sent yet of the mails about one message. Raises MailNotSentError."""
    left = [mail for mail in mails_of([message_id]).get(message_id, []) if mail.state not in _DONE]
    if left:
        _send_all(left, sender=_sender(tenant_id))


def _send_all(mails: list[Mail], *, sender: str) -> None:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        for mail in mails:
            _note(mail, Mail.State.FAILED, error)
        raise MailNotSentError(f"the mail server cannot be reached: {type(error).__name__}") from error
    try:
        busy = [mail for mail in mails if not _send(mail, sender=sender, connection=connection)]
    finally:
        _hang_up(connection)
    if busy:
        raise MailNotSentError(f"{len(busy)} mails are being sent by another process")


def _send(mail: Mail, *, sender: str, connection: BaseEmailBackend) -> bool:
    """Send one mail, noted as being sent before and as sent after. False while another process has it in hand."""
    if not _claim(mail):
        return Mail.objects.filter(pk=mail.pk, state__in=_DONE).exists()
    try:
        _envelope(mail, sender=sender, connection=connection).send()
    except (OSError, smtplib.SMTPException) as error:
        if _is_final(error):
            _note(mail, Mail.State.REFUSED, error)
            LOG.warning("mail refused for good", extra={"mail": str(mail.pk)})
            return True
        _note(mail, Mail.State.FAILED, error)
        raise MailNotSentError(f"the mail server did not take it: {type(error).__name__}") from error
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=Now(), error="")
    return True


def _claim(mail: Mail) -> bool:
    free = Q(state__in=[Mail.State.WAITING, Mail.State.FAILED])
    lost = Q(state=Mail.State.SENDING, claimed_at__lt=Now() - CLAIM_LIFE)
    claimed = Mail.objects.filter(free | lost, pk=mail.pk)
    return bool(claimed.update(state=Mail.State.SENDING, claimed_at=Now()))


def _envelope(mail: Mail, *, sender: str, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    envelope = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        sender,
        [formataddr((mail.to_name, mail.to_address))],
        connection=connection,
        headers={
            "Message-ID": mail.message_id,
            "In-Reply-To": mail.thread_id,
            "References": mail.thread_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": mail.language,
        },
    )
    envelope.attach_alternative(mail.html, "text/html")
    if mail.record_id is None:
        for file in enclosures_of(mail.outbox_message):
            envelope.attach(file.name, bytes(file.content), file.content_type)
    return envelope


def _sender(tenant_id: int) -> str:
    return formataddr((get_tenant(tenant_id).name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _is_final(error: Exception) -> bool:
    """Whether trying again is pointless: the server says 5xx of this address or of this mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _note(mail: Mail, state: Mail.State, error: Exception) -> None:
    unsent = Mail.objects.filter(pk=mail.pk).exclude(state__in=_DONE)
    unsent.update(state=state, error=f"{type(error).__name__}: {error}"[:500])


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        # Every mail's fate is noted by now.
        LOG.info("the mail server hung up first")
