"""What somebody has typed but not sent yet."""

from django.db import models

from people.models import Membership
from tenancy.models import TenantForeignKey, TenantModel


class Draft(TenantModel):
    """A report on its way through the pages of one journey; each tab that starts a report has its own.

    `answers` holds one entry per answered page. Sending sets `number`, once, and empties the answers.
    """

    membership = TenantForeignKey(Membership)
    answers = models.JSONField(default=dict)
    number = models.CharField(max_length=12, blank=True, help_text="of the incident it became")
    started_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index("tenant", "membership", name="draft_of"),
            models.Index("tenant", "started_at", name="draft_age"),
        )

    def __str__(self) -> str:
        return self.number or str(self.pk)


class DraftFile(TenantModel):
    """A file chosen for a draft, checked already, kept until the report is sent."""

    draft = TenantForeignKey(Draft)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="bytes")
    path = models.CharField(
        max_length=200, help_text="in the store; random, so that no name reaches a file system"
    )
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index("tenant", "draft", "added_at", name="draft_file_of"),)

    def __str__(self) -> str:
        return self.name
