"""Background work on service levels."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from outbox.public import Delivered
from sla.services.run_draft import run_draft

# Half a million records take ten minutes.
LONGEST_S = 3000


@shared_task(name="sla.run_what_if", time_limit=LONGEST_S + 60, soft_time_limit=LONGEST_S)
def run_what_if(run_id: str) -> str:
    """Try a draft of definitions on history, in the tenant of whoever sent the task. Harmless to run twice."""
    return run_draft(run_id=UUID(run_id), read_time=timezone.now)


def start_on_message(message: Delivered) -> None:
    """Subscriber of the outbox: hand the trial that was asked for to a worker.

    After the commit that asked for it, and tried again where the broker is away.
    """
    run_what_if.delay(message.payload["run"])
