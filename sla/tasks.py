"""What sla does when the outbox tells it something."""

from django.utils import timezone

from outbox.public import Delivered
from sla.services.escalate import escalate


def escalate_point(message: Delivered) -> None:
    """Outbox handler: do what the target says happens at the point that the sweep told of."""
    escalate(message=message, at=timezone.now())
