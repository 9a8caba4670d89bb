"""The tenant's checklist, the evidence for what it asks, and how long a new service is watched closely."""

from django.db import models
from django.db.models import Q

from catalogue.models import Service
from people.models import Membership, Provider
from tenancy.models import TenantForeignKey, TenantModel


class Checklist(TenantModel):
    """What is asked before services go live and suppliers begin, from a version on. Never edited; the newest counts."""

    number = models.PositiveIntegerField()
    notation = models.JSONField()
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "number", name="checklist_number"),)


class Evidence(TenantModel):
    """What shows that one check of a service, or of a supplier, is met; or why it need not be."""

    service = TenantForeignKey(Service, null=True)
    provider = TenantForeignKey(Provider, null=True)
    code = models.SlugField(max_length=60)
    words = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    given_by = TenantForeignKey(Membership, null=True)
    given_by_name = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    is_waived = models.BooleanField(default=False)
    signed_by = TenantForeignKey(Membership, null=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "service", "code", name="evidence_of_service"),
            models.UniqueConstraint("tenant", "provider", "code", name="evidence_of_supplier"),
            models.CheckConstraint(
                name="evidence_about_one",
                condition=Q(service__isnull=False, provider__isnull=True)
                | Q(service__isnull=True, provider__isnull=False),
            ),
        )


class EvidenceFile(TenantModel):
    """A file that shows that a check is met. Nobody can fetch it before it was scanned and found clean."""

    class Status(models.TextChoices):
        QUARANTINED = "quarantined"
        CLEAN = "clean"
        INFECTED = "infected"

    evidence = TenantForeignKey(Evidence, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(
        max_length=200, help_text="in the store; random, so that no name reaches a file system"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUARANTINED)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="evidence_file_status", condition=Q(status__in=["quarantined", "clean", "infected"])
            ),
        )
        indexes = (models.Index("tenant", "evidence", "added_at", name="evidence_file_of"),)


class EarlyLife(TenantModel):
    """Until which day a service that went live has early-life support."""

    service = TenantForeignKey(Service)
    last_day = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "service", name="early_life_once"),)
