"""Messages and their deliveries. Written by the database function `outbox_publish`, claimed by the dispatcher."""

from django.db import models

from tenancy.models import Tenant


class Message(models.Model):
    """A fact that other parts of the platform, or other systems, want to hear of. Ids only, never content."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    kind = models.TextField()
    record_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(help_text="instant of the change")


class Delivery(models.Model):
    """One message for one subscriber. A lane is (subscriber, record): strictly in order."""

    class Status(models.TextChoices):
        PENDING = "pending"
        LEASED = "leased"
        DONE = "done"
        DEAD = "dead"

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    message = models.ForeignKey(
        Message, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    subscriber = models.TextField()
    lane = models.UUIDField()
    status = models.CharField(max_length=8, default=Status.PENDING, choices=Status.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="delivery_status", condition=models.Q(status__in=["pending", "leased", "done", "dead"])
            ),
        )
        indexes = (
            models.Index("next_at", "id", name="delivery_due", condition=models.Q(status="pending")),
            models.Index(
                "subscriber",
                "lane",
                "id",
                name="delivery_lane",
                condition=models.Q(status__in=["pending", "leased", "dead"]),
            ),
            models.Index("leased_until", name="delivery_leased", condition=models.Q(status="leased")),
            models.Index("tenant", "message", name="delivery_message"),
        )
