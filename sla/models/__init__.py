"""Targets as dated definitions, and the projections of clocks and custody for querying."""

from sla.models.drafts import Draft, DraftChange, DraftRun
from sla.models.projections import Clock, Hold
from sla.models.targets import Target, TargetVersion

__all__ = ["Clock", "Draft", "DraftChange", "DraftRun", "Hold", "Target", "TargetVersion"]
