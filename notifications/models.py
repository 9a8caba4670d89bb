"""The mailbox: every mail the platform wrote, and what became of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from people.models import Membership
from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel


class Mail(TenantModel):
    """One mail to one reader about one message of the outbox; about a record, unless it encloses a report.

    Unique per message and address, so that a message delivered again mails nobody twice.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        KEPT = "kept", _("Kept here: no mail server is configured")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed: it is tried again")
        REFUSED = "refused", _("Refused by the mail server for good")

    record = TenantForeignKey(Record, null=True)
    recipient = TenantForeignKey(Membership, null=True)
    outbox_message = models.BigIntegerField(help_text="key of the message that it tells of")
    to_address = models.EmailField(max_length=254)
    to_name = models.CharField(max_length=200, blank=True)
    letter = models.CharField(max_length=24, help_text="which letter it is, as the policy names it")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=320)
    thread_id = models.CharField(max_length=320, help_text="In-Reply-To and References: the record's thread")
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True, help_text="when it was last handed to the mail server")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "outbox_message", "to_address", name="mail_once"),
            models.CheckConstraint(
                name="mail_state",
                condition=models.Q(state__in=["waiting", "sending", "kept", "sent", "failed", "refused"]),
            ),
        )
        indexes = (
            models.Index("tenant", models.F("created_at").desc(), models.F("id").desc(), name="mail_newest"),
            models.Index("tenant", "record", "created_at", name="mail_about"),
        )

    def __str__(self) -> str:
        return self.subject


class Enclosure(TenantModel):
    """A file that goes with every mail about one message of the outbox."""

    outbox_message = models.BigIntegerField(help_text="key of the message that the mails tell of")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "outbox_message", "name", name="enclosure_once"),)

    def __str__(self) -> str:
        return self.name
