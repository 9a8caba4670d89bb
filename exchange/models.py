"""What goes to suppliers' systems and comes from them, and what each side knows of the other's record."""

from django.db import models
from django.db.models import Q

from people.models import Provider
from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel


class Endpoint(TenantModel):
    """Where a provider's system is told of changes, with the secret (sealed) that messages are signed with.

    After a change of secret the old one signs too, until `former_until`. `paused_because` is why nothing is sent.
    """

    provider = TenantForeignKey(Provider)
    url = models.CharField(max_length=500)
    secret = models.TextField(help_text="sealed")
    former_secret = models.TextField(blank=True, help_text="sealed")
    former_until = models.DateTimeField(null=True)
    timeout_seconds = models.PositiveSmallIntegerField(default=10)
    paused_because = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "provider", name="endpoint_once"),
            models.CheckConstraint(name="endpoint_timeout", condition=Q(timeout_seconds__range=(1, 30))),
        )


class EndpointHealth(TenantModel):
    """How an endpoint does: failures in a row, and until when nothing is tried."""

    endpoint = TenantForeignKey(Endpoint)
    provider = TenantForeignKey(Provider, help_text="the endpoint's")
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "endpoint", name="endpoint_health_once"),)


class Counterpart(TenantModel):
    """A record as a provider's system has it.

    It is on the wire while it was handed over and not acknowledged. `known` is what their system was told, or said,
    last, in its own words. `last_sequence` is the highest that came from it.
    """

    record = TenantForeignKey(Record)
    provider = TenantForeignKey(Provider)
    their_reference = models.CharField(max_length=120, blank=True)
    handed_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    known = models.JSONField(default=dict)
    last_sequence = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "provider", "record", name="counterpart_once"),
            models.UniqueConstraint(
                "tenant",
                "provider",
                "their_reference",
                name="counterpart_reference",
                condition=~Q(their_reference=""),
            ),
        )
        indexes = (
            models.Index(
                "tenant", "provider", name="counterpart_on_wire", condition=Q(acknowledged_at__isnull=True)
            ),
        )


class Outgoing(TenantModel):
    """One message to an endpoint, word for word. A lane is (endpoint, record): strictly by `message_id`.

    What is dead keeps its lane closed until it is replayed or let go.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        LEASED = "leased"
        DONE = "done"
        DEAD = "dead"
        DROPPED = "dropped"

    endpoint = TenantForeignKey(Endpoint)
    provider = TenantForeignKey(Provider, help_text="the endpoint's")
    record = TenantForeignKey(Record)
    message_id = models.BigIntegerField(help_text="of the outbox")
    kind = models.CharField(max_length=40)
    body = models.TextField()
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered = models.PositiveSmallIntegerField(null=True, help_text="the last answer's HTTP status")
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "endpoint", "message_id", name="outgoing_once"),
            models.CheckConstraint(
                name="outgoing_status",
                condition=Q(status__in=["pending", "leased", "done", "dead", "dropped"]),
            ),
        )
        indexes = (
            models.Index("next_at", "message_id", name="outgoing_due", condition=Q(status="pending")),
            models.Index(
                "tenant",
                "endpoint",
                "record",
                "message_id",
                name="outgoing_lane",
                condition=Q(status__in=["pending", "leased", "dead"]),
            ),
            models.Index("leased_until", name="outgoing_leased", condition=Q(status="leased")),
            models.Index("tenant", "provider", "made_at", "id", name="outgoing_newest"),
        )


class Incoming(TenantModel):
    """One message from a provider's system, under its own key: done once, and its outcome told again."""

    provider = TenantForeignKey(Provider)
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    record = TenantForeignKey(Record)
    received_at = models.DateTimeField()
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "provider", "key", name="incoming_once"),)
