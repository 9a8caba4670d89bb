"""Background work on requests."""

from celery import shared_task
from django.utils import timezone

from outbox.public import Delivered
from records.public import close_all_resolved
from requests_app.queries.tasks import words_of_entry
from requests_app.services.fulfil import begin_tasks, cancel_tasks, put_right
from requests_app.services.steps import close


@shared_task(name="requests_app.close_fulfilled")
def close_fulfilled_requests() -> int:
    """Close what nobody reopened, in each tenant that has any. Harmless to run twice."""
    return close_all_resolved(kind="request", close=close, at=timezone.now())


def begin_on_message(message: Delivered) -> None:
    """Outbox handler: a request begins to be fulfilled. Harmless to run twice."""
    if message.record_id:
        begin_tasks(request_id=message.record_id, at=timezone.now())


def cancel_on_message(message: Delivered) -> None:
    """Outbox handler: a request was cancelled, and so are its open tasks."""
    if message.record_id:
        cancel_tasks(request_id=message.record_id, at=timezone.now())


def put_right_on_message(message: Delivered) -> None:
    """Outbox handler: a request was reopened, and somebody must put it right."""
    if message.record_id:
        entry = str(message.payload["entry"])
        put_right(request_id=message.record_id, entry=entry, words=words_of_entry(entry), at=timezone.now())
