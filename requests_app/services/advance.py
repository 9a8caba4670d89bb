"""What the platform does by itself with a request that was made: approval is asked for, or fulfilment begins."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from approvals.public import ask_approval
from catalogue.public import Level, facts_of, read_approval, read_form
from people.public import Actor
from records.models import Record
from records.public import Step, take_step
from requests_app.lifecycle import REQUEST
from requests_app.models import Request


def advance(*, record_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a submitted request on at `at` (UTC): to whom must approve it, else to its fulfilment.

    One that went on already is left alone.
    """
    with transaction.atomic():
        rows = Record.objects.select_for_update(no_key=True).filter(kind=REQUEST.kind, state="submitted")
        record = rows.filter(pk=record_id).first()
        if record is None or ask_approval(record=record, levels=levels_for(record), actor=actor, at=at):
            return
        step = REQUEST.check(record, actor, "begin", {})
        begun = Step(verb="request:begin", changes={"state": step.target}, message="begun")
        take_step(record=record, step=begun, actor=actor, at=at)


def levels_for(record: Record) -> tuple[Level, ...]:
    """The levels of approval that a request calls for, by the version that was ordered."""
    detail = Request.objects.select_related("offering_version").get(pk=record.pk)
    design = detail.offering_version.design
    if not design.get("approval"):
        return ()
    plan = read_approval(design["approval"], read_form(design.get("form")))
    return plan.chosen(facts_of(detail.answers, detail.unit_price, detail.quantity))
