"""Contracts, with their terms as dated versions."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from calendars.models import Calendar
from people.models import Provider
from tenancy.models import TenantForeignKey, TenantModel


class Renewal(models.TextChoices):
    """What happens on a contract's last day, unless somebody says otherwise: it ends, goes on, or may be taken up."""

    NONE = "none"
    AUTOMATIC = "automatic"
    OPTION = "option"


class Contract(TenantModel):
    """What binds a provider to components of services, from its first day to its last (None: until further notice).

    With an internal provider it is an agreement; it binds alike.
    """

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    provider = TenantForeignKey(Provider)
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True, help_text="the last day")
    renewal = models.CharField(max_length=9, choices=Renewal.choices, default=Renewal.NONE)
    notice_days = models.PositiveSmallIntegerField(
        default=0, help_text="before the last day, by when notice is given"
    )
    warning_days = models.PositiveSmallIntegerField(
        default=90, help_text="before notice is due, from when is warned"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="contract_code"),
            models.CheckConstraint(
                name="contract_renewal", condition=Q(renewal__in=["none", "automatic", "option"])
            ),
            models.CheckConstraint(
                name="contract_dates",
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("starts_date")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ContractTerms(TenantModel):
    """A contract's terms from an instant on, until the next. Never edited, only added.

    Times are open seconds of the calendar, the hours in which the provider works; None where the contract is silent.
    """

    contract = TenantForeignKey(Contract, related_name="terms")
    provider = TenantForeignKey(
        Provider, help_text="the contract's: by it the database hides other suppliers'"
    )
    effective_from = models.DateTimeField()
    calendar = TenantForeignKey(Calendar)
    response_seconds = models.PositiveIntegerField(null=True, blank=True)
    resolution_seconds = models.PositiveIntegerField(null=True, blank=True)
    fulfilment_seconds = models.PositiveIntegerField(null=True, blank=True)
    availability = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=(MinValueValidator(0), MaxValueValidator(100)),
        help_text="percent",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "contract", "effective_from", name="contract_terms_instant"),
            models.CheckConstraint(
                name="contract_terms_availability",
                condition=Q(availability__isnull=True) | Q(availability__gt=0, availability__lte=100),
            ),
        )
