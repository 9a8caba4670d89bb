"""Background work on incidents."""

from celery import shared_task
from django.utils import timezone

from incidents.services.steps import close
from records.public import close_all_resolved


@shared_task(name="incidents.close_resolved")
def close_resolved_incidents() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    return close_all_resolved(kind="incident", close=close, at=timezone.now())
