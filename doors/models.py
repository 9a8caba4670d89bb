"""Responses kept for retries."""

from django.db import models

from tenancy.models import TenantModel


class IdempotentRequest(TenantModel):
    """An `Idempotency-Key` a client used: its request's hash, and the response once there is one."""

    client = models.UUIDField(help_text="API client or membership")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "client", "key", name="idempotency_key"),)
        indexes = (models.Index("created_at", name="idempotency_age"),)
