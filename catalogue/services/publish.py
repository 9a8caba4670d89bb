"""Putting a service live."""

from datetime import datetime

from django.db import transaction

from catalogue.engine.gates import pass_gates
from catalogue.models import Service
from catalogue.policy import DEFINE, require
from lifecycle.public import IllegalStepError
from people.public import Actor

# The stages before live; from any of them a service may be published.
BEFORE_LIVE = (Service.Stage.PROPOSED, Service.Stage.DESIGNING, Service.Stage.ACCEPTING)


def publish_service(*, service: Service, actor: Actor, at: datetime, accepted_because: str = "") -> Service:
    """The service goes live, when every gate lets it. Raises IllegalStepError, and what the gates raise."""
    require(actor, DEFINE)
    with transaction.atomic():
        row = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        if row.stage not in BEFORE_LIVE:
            raise IllegalStepError(
                f"{row.name} is {row.get_stage_display().lower()} already.",
                state=row.stage,
                action="publish",
                allowed=(),
            )
        row.stage = Service.Stage.LIVE
        pass_gates(services=[row], occasion="publish", accepted_because=accepted_because, actor=actor, at=at)
        row.save(update_fields=["stage"])
    return row
