"""Tenants, the base of every tenant table, and the machine audit."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from tenancy.engine.identity import uuid7
from tenancy.engine.scope import current_tenant_id


class Tenant(models.Model):
    """One customer of the platform. A platform table: it has no tenant and no row level security."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    host = models.CharField(max_length=200, unique=True, help_text="host name without port")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    language = models.CharField(max_length=8, default="en-gb")
    brand_colour = models.CharField(max_length=7, default="#1d70b8")
    reopen_working_days = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # Kept by trigger (tenancy/engine/definitions.py).
    definitions_version = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.name


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # the plugin infers them per field
    """A reference between tenant tables.

    The database constraint is composite, `(tenant_id, x_id) → (tenant_id, id)`, and is made by the migration
    operation `IsolateTable`; Django's single-column constraint would accept another tenant's row.
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """As migrations keep it: without the constraint that is never made."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class TenantOneToOneField(TenantForeignKey, models.OneToOneField):  # type: ignore[type-arg]  # as above
    """A one-to-one reference between tenant tables; as a primary key it makes one table extend another."""


class TenantModel(models.Model):
    """Base of every table that belongs to exactly one tenant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", default=current_tenant_id, db_index=False
    )

    class Meta:
        abstract = True


class MachineEntry(models.Model):
    """One row change in a tenant table, written by a trigger. Append-only for every role."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    at = models.DateTimeField()
    xid = models.BigIntegerField(help_text="transaction, for reading by watermark")
    table_name = models.TextField()
    row_id = models.UUIDField()
    operation = models.CharField(max_length=1)
    actor = models.TextField()
    changes = models.JSONField()

    class Meta:
        indexes = (
            models.Index("tenant", "xid", "id", name="machine_entry_watermark"),
            models.Index("tenant", "row_id", "id", name="machine_entry_row"),
        )


class Seal(models.Model):
    """A hash over a run of audit rows of one tenant and stream, chained to the seal before it."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    stream = models.CharField(max_length=16)
    sequence = models.BigIntegerField()
    upto_xid = models.BigIntegerField(help_text="every row of a transaction before this one is sealed")
    row_ids = ArrayField(models.TextField(), help_text="keys of the sealed rows, in order")
    digests = models.BinaryField(help_text="SHA-256 of each, 32 bytes apiece, in the same order")
    root = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "stream", "sequence", name="seal_once"),)
