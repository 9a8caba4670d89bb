"""What became of like records, counted, for telling how likely a breach is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from people.models import Provider
from tenancy.models import TenantForeignKey, TenantModel


class ForecastTally(TenantModel):
    """How many records alike in `key` were open at each point of their promise, and how many of these breached.

    Counted from the audit up to `known_until`; rebuilt whole. `provider` is set where the key names a group: a
    supplier is told of its own groups only.
    """

    key = models.CharField(max_length=160)
    provider = TenantForeignKey(Provider, null=True)
    opened = ArrayField(models.PositiveIntegerField())
    breached = ArrayField(models.PositiveIntegerField())
    known_until = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "key", name="forecast_tally_key"),)
