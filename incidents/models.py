"""What an incident has beside the header every record has."""

from django.db import models
from django.db.models import Q

from catalogue.models import Category
from records.models import Record
from tenancy.engine.scope import current_tenant_id
from tenancy.models import Tenant, TenantForeignKey, TenantOneToOneField


class Incident(models.Model):
    """An unplanned interruption of a service, or loss of its quality."""

    record = TenantOneToOneField(Record, primary_key=True)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", default=current_tenant_id, db_index=False
    )
    impact = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField()
    is_priority_overridden = models.BooleanField(default=False)
    category = TenantForeignKey(Category, null=True)
    channel = models.CharField(max_length=8, help_text="the door it came through")
    contact = models.CharField(max_length=200, blank=True, help_text="how to reach the requester")
    resolution_code = models.CharField(max_length=20, blank=True)
    resolution = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="incident_levels", condition=Q(impact__range=(1, 4)) & Q(urgency__range=(1, 4))
            ),
        )
