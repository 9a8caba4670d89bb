"""Composition, pure: what a service's parts can keep of what it promises."""

from sla.engine.composition.availability import Factor, availability_of
from sla.engine.composition.check import Check, check_service
from sla.engine.composition.coverage import Gap, hours_gap
from sla.engine.composition.errors import CircularCompositionError, CompositionTooLargeError
from sla.engine.composition.landscape import Component, Group, Landscape, Member, Service, Task, Terms
from sla.engine.composition.network import Link, Network, Stage, Worst
from sla.engine.composition.verdicts import Band, Promise, Verdict

__all__ = [
    "Band",
    "Check",
    "CircularCompositionError",
    "Component",
    "CompositionTooLargeError",
    "Factor",
    "Gap",
    "Group",
    "Landscape",
    "Link",
    "Member",
    "Network",
    "Promise",
    "Service",
    "Stage",
    "Task",
    "Terms",
    "Verdict",
    "Worst",
    "availability_of",
    "check_service",
    "hours_gap",
]
