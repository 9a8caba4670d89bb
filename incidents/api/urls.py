from django.urls import path

from incidents.api.views import STEP_VIEWS, IncidentsBulkView, IncidentsView, IncidentView
from incidents.services.reply import comment, note
from records.api.urls import journal_paths
from sla.api.urls import clock_paths

urlpatterns = [
    path("incidents/", IncidentsView.as_view(), name="api_incidents"),
    path("incidents/bulk/", IncidentsBulkView.as_view(), name="api_incidents_bulk"),
    path("incidents/<str:number>/", IncidentView.as_view(), name="api_incident"),
    *(
        path(f"incidents/<str:number>/{name}/", view.as_view(), name=f"api_incident_{name}")
        for name, view in STEP_VIEWS.items()
    ),
    *clock_paths("incident", "incidents"),
    *journal_paths("incident", "incidents", comment=comment, note=note),
]
