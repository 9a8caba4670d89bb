"""Orders and the requests they consist of."""

from django.db import models
from django.db.models import Q

from catalogue.models import Offering, OfferingVersion
from people.models import Membership
from records.models import Record
from tenancy.engine.scope import current_tenant_id
from tenancy.models import Tenant, TenantForeignKey, TenantModel, TenantOneToOneField


class Order(TenantModel):
    """What somebody submitted at once: one basket, one request per line."""

    number = models.CharField(max_length=12)
    ordered_by = TenantForeignKey(Membership, null=True)
    ordered_at = models.DateTimeField()
    door = models.CharField(max_length=8)
    basket_version = models.PositiveIntegerField(
        null=True, help_text="of the basket it was, which is ordered once however often that is sent"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "number", name="order_number"),
            models.UniqueConstraint("tenant", "ordered_by", "basket_version", name="order_of_basket"),
        )
        indexes = (models.Index("tenant", "ordered_by", "ordered_at", name="order_of"),)

    def __str__(self) -> str:
        return self.number


class Request(models.Model):
    """What a request has beside the header every record has: what was asked for, and the version it was offered in.

    The record's requester ordered it; its affected user is who gets it. `unit_price` is in pounds, as offered then.
    """

    record = TenantOneToOneField(Record, primary_key=True)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", default=current_tenant_id, db_index=False
    )
    order = TenantForeignKey(Order)
    line = models.PositiveSmallIntegerField(help_text="its place in the order, from 1")
    offering = TenantForeignKey(Offering)
    offering_version = TenantForeignKey(OfferingVersion)
    # Beside the references, because suppliers read requests and no offerings.
    offering_code = models.CharField(max_length=60)
    offering_number = models.PositiveIntegerField(help_text="the version's number")
    quantity = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    promised_at = models.DateTimeField(
        null=True, help_text="when it was promised for, as said before ordering"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "order", "line", name="request_line"),
            models.CheckConstraint(name="request_quantity", condition=Q(quantity__range=(1, 999))),
            models.CheckConstraint(
                name="request_price", condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0)
            ),
        )
        indexes = (models.Index("tenant", "offering", name="request_of_offering"),)
