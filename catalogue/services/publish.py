"""Putting a service live: the step of its life that every gate is asked about."""

from datetime import datetime

from catalogue.models import Service
from catalogue.services.stages import take_stage
from people.public import Actor


def publish_service(*, service: Service, actor: Actor, at: datetime, accepted_because: str = "") -> Service:
    """The service goes live, when every gate lets it. Raises what `take_stage` raises."""
    return take_stage(service=service, step="publish", actor=actor, at=at, accepted_because=accepted_because)
