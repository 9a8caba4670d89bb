"""The read model of figures: what each record contributes, and the totals kept of it."""

from django.db import models

from people.models import Provider
from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel


class Fact(TenantModel):
    """What one record contributes to one measure (`reporting.engine.measures`); derived from its audit.

    `amount` is what was measured, `ruled` what counts after rulings on disputes.
    """

    record = TenantForeignKey(Record)
    measure = models.CharField(max_length=32)
    period = models.DateField(help_text="first of the month, or day, in the tenant's time zone")
    at = models.DateTimeField(help_text="the instant that decided it")
    service = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    support_group = models.UUIDField(null=True)
    provider = TenantForeignKey(Provider, null=True)
    priority = models.PositiveSmallIntegerField(null=True)
    target = models.UUIDField(null=True, help_text="the version of the target that was measured")
    amount = models.BigIntegerField()
    ruled = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index("tenant", "record", name="fact_of_record"),
            models.Index(
                "tenant", "measure", models.F("at").desc(), models.F("id").desc(), name="fact_listing"
            ),
        )


class Grain(TenantModel):
    """The total of a measure in a period for one combination of values of all dimensions: the finest total kept."""

    measure = models.CharField(max_length=32)
    period = models.DateField()
    service = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    support_group = models.UUIDField(null=True)
    provider = TenantForeignKey(Provider, null=True)
    priority = models.PositiveSmallIntegerField(null=True)
    target = models.UUIDField(null=True)
    amount = models.BigIntegerField()
    ruled = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant",
                "measure",
                "period",
                "service",
                "organisation",
                "support_group",
                "provider",
                "priority",
                "target",
                name="grain_once",
                nulls_distinct=False,
            ),
        )


class Cell(TenantModel):
    """The total of a measure in a period, for one combination of values of up to two dimensions (`shape`).

    `first` and `second` are those values as text, in the order of the dimensions, "" for none. `provider` repeats the
    provider where that is one of the dimensions: a supplier's role reads by it.
    """

    measure = models.CharField(max_length=32)
    shape = models.PositiveSmallIntegerField()
    period = models.DateField()
    first = models.CharField(max_length=36)
    second = models.CharField(max_length=36)
    provider = TenantForeignKey(Provider, null=True)
    amount = models.BigIntegerField()
    ruled = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant", "measure", "shape", "period", "first", "second", name="cell_once"
            ),
        )
