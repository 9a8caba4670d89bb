"""What people are about to order."""

from django.db import models
from django.db.models import Q

from catalogue.models import Offering
from people.models import Membership
from tenancy.models import TenantForeignKey, TenantModel


class Basket(TenantModel):
    """A person's basket. `version` counts its changes, so that a second tab cannot order what it never showed."""

    membership = TenantForeignKey(Membership)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "membership", name="basket_of"),)


class BasketLine(TenantModel):
    """An offering, how many, the answers to its form, and for whom.

    `number` is the offering's version whose form was filled in. A line is first `answering`, then in the `basket`, or
    `saved` for later. `pages` are the codes of the form's pages answered so far.
    """

    class Place(models.TextChoices):
        ANSWERING = "answering"
        BASKET = "basket"
        SAVED = "saved"

    basket = TenantForeignKey(Basket)
    offering = TenantForeignKey(Offering)
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=9, choices=Place.choices, default=Place.ANSWERING)
    quantity = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    pages = models.JSONField(default=list)
    requested_for = TenantForeignKey(Membership, null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="basket_line_place", condition=Q(place__in=["answering", "basket", "saved"])
            ),
            models.CheckConstraint(name="basket_line_quantity", condition=Q(quantity__range=(1, 999))),
        )
        indexes = (
            models.Index("tenant", "basket", "added_at", name="basket_line_of"),
            models.Index("tenant", "added_at", name="basket_line_age", condition=Q(place="answering")),
        )


class BasketFile(TenantModel):
    """A file given as an answer, checked already, kept until the basket is ordered."""

    line = TenantForeignKey(BasketLine)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(
        max_length=200, help_text="in the store; random, so that no name reaches a file system"
    )
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index("tenant", "line", "added_at", name="basket_file_of"),)

    def __str__(self) -> str:
        return self.name
