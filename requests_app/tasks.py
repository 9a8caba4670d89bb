"""Background work on requests."""

from celery import shared_task
from django.utils import timezone

from outbox.public import Delivered
from people.public import system_actor
from records.public import close_all_resolved
from requests_app.services.advance import advance
from requests_app.services.steps import close
from tenancy.engine.words import word


@shared_task(name="requests_app.close_fulfilled")
def close_fulfilled_requests() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    return close_all_resolved(kind="request", close=close, at=timezone.now())


def advance_on_message(message: Delivered) -> None:
    """Outbox handler: a request was made."""
    if message.record_id is not None:
        actor = system_actor(message.tenant_id, name=word("Fulfilment"), door="rule")
        advance(record_id=message.record_id, actor=actor, at=timezone.now())
