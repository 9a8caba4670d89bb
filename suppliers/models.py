"""Contracts with their terms as dated versions, and how providers work with the platform, process by process."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from calendars.models import Calendar
from people.models import Provider
from tenancy.models import TenantForeignKey, TenantModel


class Contract(TenantModel):
    """What binds a provider to components of services, from its first day to its last (None: until further notice).

    With an internal provider it is an agreement; it binds alike.
    """

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    provider = TenantForeignKey(Provider)
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True, help_text="the last day")

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="contract_code"),
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


class Level(models.TextChoices):
    """How deep a provider plugs in: in the desk, by its own system, through an exchange run for it, or not at all."""

    USE = "use"
    INTEGRATE = "integrate"
    INTERFACE = "interface"
    EXCLUDE = "exclude"


class Agreement(TenantModel):
    """How a provider works in one process; `draft` is the mapping being written. Without an agreement: at level use."""

    provider = TenantForeignKey(Provider)
    process = models.SlugField(max_length=20, help_text="the kind of record")
    level = models.CharField(max_length=9, choices=Level.choices, default=Level.USE)
    draft = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "provider", "process", name="agreement_once"),
            models.CheckConstraint(
                name="agreement_level", condition=Q(level__in=["use", "integrate", "interface", "exclude"])
            ),
        )


class AgreementMapping(TenantModel):
    """A mapping as it was published. Never edited; the newest is in force."""

    agreement = TenantForeignKey(Agreement, related_name="mappings")
    provider = TenantForeignKey(Provider, help_text="the agreement's")
    number = models.PositiveIntegerField()
    notation = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "agreement", "number", name="agreement_mapping_number"),
        )


class AgreementStep(TenantModel):
    """A change of level: when, by whom, why, and with which mapping."""

    agreement = TenantForeignKey(Agreement, related_name="steps")
    provider = TenantForeignKey(Provider, help_text="the agreement's")
    at = models.DateTimeField()
    source = models.CharField(max_length=9, choices=Level.choices)
    target = models.CharField(max_length=9, choices=Level.choices)
    mapping_number = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agreement_step_levels",
                condition=Q(source__in=["use", "integrate", "interface", "exclude"])
                & Q(target__in=["use", "integrate", "interface", "exclude"]),
            ),
        )
        indexes = (models.Index("tenant", "agreement", "at", name="agreement_step_of"),)
