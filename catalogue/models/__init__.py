"""Services and how urgently their failures are taken; the service register and what services are made of."""

from catalogue.models.register import Component, Dependency, DependencyGroup, FulfilmentPlan, PlannedTask
from catalogue.models.services import Category, PriorityMatrix, Service

__all__ = [
    "Category",
    "Component",
    "Dependency",
    "DependencyGroup",
    "FulfilmentPlan",
    "PlannedTask",
    "PriorityMatrix",
    "Service",
]
