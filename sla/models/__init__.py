"""Targets as dated definitions, and the projections of clocks and custody for querying."""

from sla.models.projections import Clock, Hold
from sla.models.promises import AvailabilityPromise, PromiseAcceptance
from sla.models.targets import Target, TargetVersion

__all__ = ["AvailabilityPromise", "Clock", "Hold", "PromiseAcceptance", "Target", "TargetVersion"]
