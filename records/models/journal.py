"""What people write on a record, attach to it, and link it with."""

from django.db import models

from people.models import Membership
from records.models.header import Record
from tenancy.models import TenantForeignKey, TenantModel


class JournalEntry(TenantModel):
    """Shape shared by comments and work notes, which are different things by type: no query returns both."""

    record = TenantForeignKey(Record)
    author = TenantForeignKey(Membership, null=True)
    author_name = models.CharField(max_length=200)
    door = models.CharField(max_length=8)
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        abstract = True


class Comment(JournalEntry):
    """Seen by the requester."""

    class Meta:
        indexes = (models.Index("tenant", "record", "written_at", name="comment_of"),)


class WorkNote(JournalEntry):
    """Seen by those who work the record, and never by its requester as such."""

    class Meta:
        indexes = (models.Index("tenant", "record", "written_at", name="work_note_of"),)


class Attachment(TenantModel):
    """A file on a record. Nobody can fetch it before it was scanned and found clean."""

    class Status(models.TextChoices):
        QUARANTINED = "quarantined"
        CLEAN = "clean"
        INFECTED = "infected"

    record = TenantForeignKey(Record)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(
        max_length=200, help_text="in the store; random, so that no name reaches a file system"
    )
    is_internal = models.BooleanField(default=False, help_text="for those who work the record only")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUARANTINED)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="attachment_status", condition=models.Q(status__in=["quarantined", "clean", "infected"])
            ),
        )
        indexes = (models.Index("tenant", "record", "added_at", name="attachment_of"),)


class Link(TenantModel):
    """A typed link between two records, named from both ends."""

    class Type(models.TextChoices):
        CAUSED_BY = "caused_by"
        CHILD_OF = "child_of"
        DUPLICATE_OF = "duplicate_of"
        FIXED_BY = "fixed_by"
        RELATES_TO = "relates_to"

    source = TenantForeignKey(Record)
    target = TenantForeignKey(Record)
    type = models.CharField(max_length=12, choices=Type.choices)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "source", "target", "type", name="link_once"),
            models.CheckConstraint(
                name="link_type",
                condition=models.Q(
                    type__in=["caused_by", "child_of", "duplicate_of", "fixed_by", "relates_to"]
                ),
            ),
            models.CheckConstraint(name="link_to_another", condition=~models.Q(source=models.F("target"))),
        )
        indexes = (models.Index("tenant", "target", name="link_from_target"),)
