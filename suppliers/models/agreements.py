"""How providers work with the platform, process by process."""

from django.db import models
from django.db.models import Q

from people.models import Provider
from tenancy.models import TenantForeignKey, TenantModel


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
