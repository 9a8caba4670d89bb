"""Addresses of the definitions, mounted at /admin/."""

from django.urls import URLPattern, path

from sla.web.views import promises

app_name = "sla"
urlpatterns: list[URLPattern] = [
    path("services/", promises.services, name="services"),
    path("services/<slug:code>/", promises.service, name="service"),
    path("services/<slug:code>/publish/", promises.publish, name="publish"),
    path("services/<slug:code>/availability/", promises.availability, name="availability"),
    path("services/<slug:code>/parts/add/", promises.add_part, name="add_part"),
    path(
        "services/<slug:code>/parts/<slug:kind>/<slug:part>/remove/", promises.remove_part, name="remove_part"
    ),
]
