"""Imports of other systems' histories: which rows of which file became which record."""

from django.db import models

from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel


class Import(TenantModel):
    """One history, by name: a file read by a mapping, perhaps several times, each time going on where it ended.

    `targets` gives, for the code of each target that the import brought along, the code it has in the mapping.
    Row counts are those of the latest run; read = used + rejected when it is done.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    mapping_sha256 = models.CharField(max_length=64)
    contract_sha256 = models.CharField(max_length=64, help_text="of calendars, targets and providers")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    targets = models.JSONField(default=dict)
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_used = models.PositiveBigIntegerField(default=0)
    rows_rejected = models.PositiveBigIntegerField(default=0)
    records = models.PositiveIntegerField(default=0, help_text="written by all runs together")
    last_ordinal = models.PositiveIntegerField(
        default=0, help_text="place in the file of the last record committed"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "name", name="import_name"),
            models.CheckConstraint(
                name="import_state", condition=models.Q(state__in=["running", "done", "stopped"])
            ),
        )

    def __str__(self) -> str:
        return self.name


class ImportedRecord(TenantModel):
    """A record that an import wrote. `claimed` is what the other system said of it: compared, never believed."""

    source = TenantForeignKey(Import)
    record = TenantForeignKey(Record)
    external_reference = models.CharField(max_length=120)
    ordinal = models.PositiveIntegerField(help_text="place in the file it came from, from 1")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of all that the file told of it")
    claimed = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "source", "external_reference", name="imported_once"),
        )
        indexes = (models.Index("tenant", "source", "ordinal", "id", name="imported_in_order"),)

    def __str__(self) -> str:
        return self.external_reference
