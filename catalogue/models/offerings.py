"""What users can request: offerings, their published versions, and who may have them."""

from django.db import models
from django.db.models import Q

from catalogue.models.services import Category, Service
from people.models import Organisation, Role, SupportGroup
from tenancy.models import TenantForeignKey, TenantModel


class Offering(TenantModel):
    """Something a user can request from a service.

    `design` is the draft that its designers work on, and `draft_version` counts their changes to it. What users see is
    the version `number`; 0 as long as none was published.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    service = TenantForeignKey(Service)
    code = models.SlugField(max_length=60)
    category = TenantForeignKey(Category, null=True, blank=True)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.DRAFT)
    number = models.PositiveIntegerField(default=0)
    design = models.JSONField(default=dict)
    draft_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="offering_code"),
            models.CheckConstraint(
                name="offering_stage", condition=Q(stage__in=["draft", "published", "withdrawn"])
            ),
            models.CheckConstraint(
                name="offering_published_number", condition=Q(stage="draft") | Q(number__gt=0)
            ),
        )
        indexes = (models.Index("tenant", "service", name="offering_of_service"),)

    def __str__(self) -> str:
        return self.code


class OfferingVersion(TenantModel):
    """What was offered from an instant on: words, price, form, approval plan and fulfilment plan. Never edited.

    A request refers to the version that was filled in, and shows it for ever.
    """

    offering = TenantForeignKey(Offering)
    number = models.PositiveIntegerField()
    design = models.JSONField()
    note = models.TextField(blank=True, help_text="what changed, in its publisher's words")
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "offering", "number", name="offering_version_number"),
        )

    def __str__(self) -> str:
        return f"{self.number}"


class OfferingAudience(TenantModel):
    """One of those who may have an offering: an organisation with all below it, a role, or a support group.

    Of each sort that is named at all one must fit; an offering without any is everybody's.
    """

    offering = TenantForeignKey(Offering)
    organisation = TenantForeignKey(Organisation, null=True, blank=True)
    role = TenantForeignKey(Role, null=True, blank=True)
    support_group = TenantForeignKey(SupportGroup, null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="offering_audience_one",
                condition=Q(organisation__isnull=False, role__isnull=True, support_group__isnull=True)
                | Q(organisation__isnull=True, role__isnull=False, support_group__isnull=True)
                | Q(organisation__isnull=True, role__isnull=True, support_group__isnull=False),
            ),
        )
        indexes = (models.Index("tenant", "offering", name="offering_audience_of"),)
