"""Services and how urgently their failures are taken."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from calendars.models import Calendar
from people.models import Organisation, SupportGroup
from tenancy.models import TenantForeignKey, TenantModel


class Service(TenantModel):
    """Something the tenant's users rely on; a row of the service catalogue.

    `default_impact` is offered when a record is raised; `matrix` overrides the tenant's priority matrix.
    """

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
    owner_organisation = TenantForeignKey(Organisation, null=True, blank=True)
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
            models.CheckConstraint(name="service_impact", condition=models.Q(default_impact__range=(1, 4))),
        )

    def __str__(self) -> str:
        return self.name


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
