"""Addresses of the desk, mounted at /desk/."""

from django.urls import path

from desk.web.views import actions, bulk, files, home, incident, incident_list, raising, searching

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search_records, name="search"),
    path("incidents/", incident_list.incident_list, name="incident_list"),
    path("incidents/arrivals/", incident_list.arrivals, name="arrivals"),
    path("incidents/live/", incident_list.live, name="live"),
    path("incidents/bulk/", bulk.bulk, name="bulk"),
    path("incidents/new/", raising.raise_on_behalf, name="raise"),
    path("incidents/<str:number>/", incident.incident, name="incident"),
    path("incidents/<str:number>/files/<uuid:attachment_id>/", files.download, name="file"),
    path("incidents/<str:number>/<slug:action>/", actions.act, name="act"),
]
