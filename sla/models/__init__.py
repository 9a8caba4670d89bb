"""Targets as dated definitions, what people make of them, and the projections of clocks and custody."""

from sla.models.disputes import Dispute
from sla.models.drafts import Draft, DraftChange, DraftRun
from sla.models.escalations import Escalated, Escalation
from sla.models.forecasts import ForecastTally
from sla.models.projections import Clock, Hold
from sla.models.promises import AvailabilityPromise, PromiseAcceptance
from sla.models.targets import Target, TargetVersion

__all__ = [
    "AvailabilityPromise",
    "Clock",
    "Dispute",
    "Draft",
    "DraftChange",
    "DraftRun",
    "Escalated",
    "Escalation",
    "ForecastTally",
    "Hold",
    "PromiseAcceptance",
    "Target",
    "TargetVersion",
]
