"""The audit: the source from which clocks, custody, counters and reports are derived."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func

from records.models.header import Record
from tenancy.models import TenantForeignKey, TenantModel


class CurrentTransaction(Func):
    """PostgreSQL's identifier of the running transaction, as a bigint."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class TransactionField(models.BigIntegerField):  # type: ignore[type-arg]  # the plugin infers them
    """Filled by the database with the writing transaction; never returned on insert, which suppliers may not read."""

    db_returning = False


class AuditEntry(TenantModel):
    """One step on one record: when, who, through which door, verb, and facts as `{name: [old, new]}`. Append-only."""

    record = TenantForeignKey(Record)
    version = models.PositiveIntegerField(help_text="the record's version after the step")
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    door = models.CharField(max_length=8)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    provider_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    xid = TransactionField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "record", "version", name="audit_entry_version"),
            models.CheckConstraint(
                name="audit_entry_door",
                condition=models.Q(door__in=["portal", "desk", "api", "mail", "rule", "system", "import"]),
            ),
        )
        indexes = (
            models.Index("tenant", "xid", "id", name="audit_entry_watermark"),
            # Written in the order of time, or nearly: a month of it is found by a few pages' bounds.
            BrinIndex(fields=["at"], autosummarize=True, name="audit_entry_at"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb}"
