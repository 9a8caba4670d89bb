"""What the market-compatible API keeps of its own."""

from django.db import models

from people.models import Provider
from records.models import Attachment, Record
from tenancy.models import TenantForeignKey, TenantModel


class Withdrawn(TenantModel):
    """A record, or one of its files, that a client deleted: no client is shown it any more, and all of it is kept."""

    record = TenantForeignKey(Record)
    attachment = TenantForeignKey(Attachment, null=True)
    withdrawn_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "record", "attachment"], name="withdrawn_once", nulls_distinct=False
            ),
        )


class TinyAddress(TenantModel):
    """What a long address asks for, under a short key, for a day."""

    provider = TenantForeignKey(Provider, help_text="whose client asks")
    key = models.CharField(max_length=32)
    query = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "key", name="tiny_address_key"),)
        indexes = (models.Index("tenant", "kept_at", name="tiny_address_age"),)
