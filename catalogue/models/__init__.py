"""Services and how urgently their failures are taken; what they are made of; what users can request from them."""

from catalogue.models.offerings import Offering, OfferingAudience, OfferingVersion
from catalogue.models.register import Component, Dependency, DependencyGroup, FulfilmentPlan, PlannedTask
from catalogue.models.services import (
    AvailabilityBand,
    Category,
    DefinitionDraft,
    DefinitionTemplate,
    PriorityMatrix,
    Service,
    ServiceDefinition,
    ServiceStep,
)

__all__ = [
    "AvailabilityBand",
    "Category",
    "Component",
    "DefinitionDraft",
    "DefinitionTemplate",
    "Dependency",
    "DependencyGroup",
    "FulfilmentPlan",
    "Offering",
    "OfferingAudience",
    "OfferingVersion",
    "PlannedTask",
    "PriorityMatrix",
    "Service",
    "ServiceDefinition",
    "ServiceStep",
]
