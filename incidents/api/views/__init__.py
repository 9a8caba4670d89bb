"""The incident API."""

from incidents.api.views.bulk import IncidentsBulkView
from incidents.api.views.incidents import IncidentsView, IncidentView
from incidents.api.views.steps import STEP_VIEWS

__all__ = ["STEP_VIEWS", "IncidentView", "IncidentsBulkView", "IncidentsView"]
