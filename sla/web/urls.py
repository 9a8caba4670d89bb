"""Addresses of the definitions, mounted at /admin/."""

from django.urls import path

from sla.web.views import calendars, index, targets

app_name = "sla"
urlpatterns = [
    path("", index.index, name="index"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/new/", calendars.calendar_new, name="calendar_new"),
    path("calendars/<slug:code>/", calendars.calendar_page, name="calendar"),
    path("calendars/<slug:code>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path("targets/", targets.target_list, name="targets"),
    path("targets/new/", targets.target_new, name="target_new"),
    path("targets/<slug:code>/", targets.target_page, name="target"),
    path("targets/<slug:code>/edit/", targets.target_edit, name="target_edit"),
    path("targets/<slug:code>/retire/", targets.target_retire, name="target_retire"),
]
