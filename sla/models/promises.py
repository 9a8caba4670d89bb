"""What a service promises besides targets, and which promises were made although its parts cannot keep them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalogue.models import Service
from people.models import Membership
from tenancy.models import TenantForeignKey, TenantModel


class AvailabilityPromise(TenantModel):
    """The availability that a service promises from an instant on, until the next figure. Never edited, only added.

    It stands with the targets, not in the catalogue: it is a level of service, promised like them. It is no target, for
    no record has a clock for it.
    """

    service = TenantForeignKey(Service)
    effective_from = models.DateTimeField()
    percent = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=(MinValueValidator(0), MaxValueValidator(100)),
        help_text="None: from this instant on nothing is promised",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "tenant", "service", "effective_from", name="availability_promise_instant"
            ),
            models.CheckConstraint(
                name="availability_promise_percent",
                condition=Q(percent__isnull=True) | Q(percent__gt=0, percent__lte=100),
            ),
        )


class PromiseAcceptance(TenantModel):
    """Somebody let a service promise what its parts cannot keep: who, when, why, and what was found. Append-only."""

    service = TenantForeignKey(Service)
    accepted_at = models.DateTimeField()
    accepted_by = TenantForeignKey(Membership, null=True, help_text="None: not a person")
    accepted_by_name = models.CharField(max_length=200)
    occasion = models.CharField(max_length=8, choices=[("publish", "publish"), ("save", "save")])
    reason = models.TextField()
    findings = models.JSONField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="acceptance_occasion", condition=Q(occasion__in=["publish", "save"])),
            models.CheckConstraint(name="acceptance_reason", condition=~Q(reason="")),
        )
        indexes = (models.Index("tenant", "service", "accepted_at", name="acceptance_of_service"),)
