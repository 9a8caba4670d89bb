"""Services and how urgently their failures are taken."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from calendars.models import Calendar
from people.models import Membership, Organisation, SupportGroup
from tenancy.models import TenantForeignKey, TenantModel


class Service(TenantModel):
    """Something the tenant's users rely on; a row of the service catalogue.

    `default_impact` is offered when a record is raised; `matrix` overrides the tenant's priority matrix.
    """

    class Kind(models.TextChoices):
        FUNCTIONAL = "functional"
        TECHNICAL = "technical"
        OPERATIONAL = "operational"

    class Stage(models.TextChoices):
        PROPOSED = "proposed"
        DESIGNING = "designing"
        ACCEPTING = "accepting"
        LIVE = "live"
        RETIRING = "retiring"
        RETIRED = "retired"

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.LIVE)
    default_impact = models.PositiveSmallIntegerField(default=3)
    support_group = TenantForeignKey(
        SupportGroup, null=True, blank=True, help_text="who resolves its incidents"
    )
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.FUNCTIONAL)
    owner_organisation = TenantForeignKey(Organisation, null=True, blank=True)
    owner = TenantForeignKey(Membership, null=True, blank=True, help_text="who answers for it")
    audience = models.TextField(blank=True, help_text="for whom it is, in words")
    availability_band = TenantForeignKey("AvailabilityBand", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="of what its own page says of it")
    matrix = TenantForeignKey("PriorityMatrix", null=True, blank=True)
    hours = TenantForeignKey(
        Calendar, null=True, blank=True, help_text="hours of service: what the user's clock counts"
    )
    parts_version = models.PositiveIntegerField(
        default=0, help_text="how often it was said what it is made of"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="service_code"),
            models.CheckConstraint(
                name="service_stage",
                condition=models.Q(
                    stage__in=["proposed", "designing", "accepting", "live", "retiring", "retired"]
                ),
            ),
            models.CheckConstraint(
                name="service_kind", condition=models.Q(kind__in=["functional", "technical", "operational"])
            ),
            models.CheckConstraint(name="service_impact", condition=models.Q(default_impact__range=(1, 4))),
        )

    def __str__(self) -> str:
        return self.name


class AvailabilityBand(TenantModel):
    """How available services of a sort are meant to be: `percent` of their hours of service."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    percent = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="availability_band_code"),
            models.CheckConstraint(
                name="availability_band_percent", condition=models.Q(percent__gt=0, percent__lte=100)
            ),
        )

    def __str__(self) -> str:
        return self.name


class ServiceStep(TenantModel):
    """A step in the life of a service. Never edited."""

    service = TenantForeignKey(Service)
    at = models.DateTimeField()
    name = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    accepted = models.TextField(
        blank=True, default="", db_default="", help_text="what spoke against it, in words, and was accepted"
    )
    accepted_because = models.TextField(blank=True, default="", db_default="")
    by_name = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index("tenant", "service", "at", name="service_step_of"),)


class DefinitionTemplate(TenantModel):
    """The sections that service definitions have, from a version on. Never edited; the newest counts."""

    number = models.PositiveIntegerField()
    sections = models.JSONField()
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "number", name="definition_template_number"),)


class DefinitionDraft(TenantModel):
    """What is being written about a service before it is published: text by section."""

    service = TenantForeignKey(Service)
    texts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "service", name="definition_draft_once"),)


class ServiceDefinition(TenantModel):
    """A published version of a service's definition: text by section, under the sections of then. Never edited."""

    service = TenantForeignKey(Service)
    number = models.PositiveIntegerField()
    sections = models.JSONField()
    texts = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "service", "number", name="service_definition_number"),
        )


class PriorityMatrix(TenantModel):
    """Priority 1-5 for each impact (row, 1-4) and urgency (column, 1-4), row by row: 16 numbers."""

    name = models.CharField(max_length=100)
    cells = ArrayField(models.PositiveSmallIntegerField(), size=16)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "name", name="matrix_name"),
            models.UniqueConstraint(
                fields=["tenant"], name="one_default_matrix", condition=models.Q(is_default=True)
            ),
            models.CheckConstraint(name="matrix_size", condition=models.Q(cells__len=16)),
        )

    def __str__(self) -> str:
        return self.name


class Category(TenantModel):
    """What kind of fault or want; a tree, chosen from while classifying."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    parent = TenantForeignKey("self", null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="category_code"),)

    def __str__(self) -> str:
        return self.name
