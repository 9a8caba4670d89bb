"""What a contract costs, and what is owed under it when."""

from django.db import models
from django.db.models import F, Q

from people.models import Provider
from suppliers.models.contracts import Contract
from tenancy.models import TenantForeignKey, TenantModel


class Charge(TenantModel):
    """What a contract costs, in pounds: each month from its first day to its last, or once on its first day."""

    class Every(models.TextChoices):
        MONTH = "month"
        ONCE = "once"

    contract = TenantForeignKey(Contract, related_name="charges")
    provider = TenantForeignKey(Provider, help_text="the contract's")
    name = models.CharField(max_length=200)
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.MONTH)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, help_text="the last day")

    class Meta:
        constraints = (
            models.CheckConstraint(name="charge_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="charge_every", condition=Q(every__in=["month", "once"])),
            models.CheckConstraint(
                name="charge_dates",
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("starts_date")),
            ),
        )
        indexes = (models.Index("tenant", "contract", "starts_date", name="charge_of"),)

    def __str__(self) -> str:
        return self.name


class Obligation(TenantModel):
    """Something owed under a contract, by the provider or by us, once or again and again."""

    class OwedBy(models.TextChoices):
        PROVIDER = "provider"
        US = "us"

    class Every(models.TextChoices):
        ONCE = "once"
        MONTH = "month"
        QUARTER = "quarter"
        YEAR = "year"

    contract = TenantForeignKey(Contract, related_name="obligations")
    provider = TenantForeignKey(Provider, help_text="the contract's")
    name = models.CharField(max_length=200)
    owed_by = models.CharField(max_length=8, choices=OwedBy.choices, default=OwedBy.PROVIDER)
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.ONCE)
    first_date = models.DateField(help_text="the first day by which it is owed")
    ends_date = models.DateField(null=True, help_text="nothing is owed after it")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="obligation_kind",
                condition=Q(owed_by__in=["provider", "us"])
                & Q(every__in=["once", "month", "quarter", "year"]),
            ),
            models.CheckConstraint(
                name="obligation_dates",
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("first_date")),
            ),
        )
        indexes = (models.Index("tenant", "provider", "first_date", name="obligation_of"),)

    def __str__(self) -> str:
        return self.name


class ObligationMet(TenantModel):
    """What was owed by a day was done: who says so, when, and by what it shows. Never edited."""

    obligation = TenantForeignKey(Obligation, related_name="met")
    provider = TenantForeignKey(Provider, help_text="the contract's")
    due_date = models.DateField()
    met_at = models.DateTimeField()
    evidence = models.CharField(max_length=1000)
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "obligation", "due_date", name="obligation_met_once"),
        )
