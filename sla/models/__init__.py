"""Targets as dated definitions, and the projections of clocks and custody for querying."""

from sla.models.forecasts import ForecastTally
from sla.models.projections import Clock, Hold
from sla.models.targets import Target, TargetVersion

__all__ = ["Clock", "ForecastTally", "Hold", "Target", "TargetVersion"]
