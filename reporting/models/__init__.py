"""The read model of figures, the reports issued of it, and their schedules."""

from reporting.models.figures import Cell, Fact, Grain
from reporting.models.reports import Report, Schedule

__all__ = ["Cell", "Fact", "Grain", "Report", "Schedule"]
