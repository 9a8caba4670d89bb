"""What the platform does by itself with a request that was made."""

from datetime import datetime
from uuid import UUID

from people.public import Actor
from records.models import Record
from records.public import Step, take_step
from requests_app.lifecycle import REQUEST


def advance(*, record_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a submitted request on to its fulfilment at `at` (UTC). One that went on already is left alone."""
    record = Record.objects.filter(pk=record_id, kind=REQUEST.kind, state="submitted").first()
    if record is None:
        return
    step = REQUEST.check(record, actor, "begin", {})
    begun = Step(verb="request:begin", changes={"state": step.target}, message="begun")
    take_step(record=record, step=begun, actor=actor, at=at)
