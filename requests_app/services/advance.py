"""What the platform does by itself with a request that was made."""

from outbox.public import Delivered
from people.public import system_actor
from records.models import Record
from records.public import Step, take_step
from requests_app.lifecycle import REQUEST


def advance(message: Delivered) -> None:
    """Outbox handler of `request.opened`: on to its fulfilment. A message delivered again finds that done."""
    record = Record.objects.filter(pk=message.record_id, kind=REQUEST.kind, state="submitted").first()
    if record is None:
        return
    actor = system_actor(message.tenant_id, name="Fulfilment", door="rule")
    step = REQUEST.check(record, actor, "begin", {})
    begun = Step(verb="request:begin", changes={"state": step.target}, message="begun")
    take_step(record=record, step=begun, actor=actor, at=message.at)
