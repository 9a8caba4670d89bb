"""Background work on requests."""

from celery import shared_task
from django.utils import timezone

from records.public import close_all_resolved
from requests_app.services.steps import close


@shared_task(name="requests_app.close_fulfilled")
def close_fulfilled_requests() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    return close_all_resolved(kind="request", close=close, at=timezone.now())
